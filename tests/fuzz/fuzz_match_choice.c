/* What a member writes as a choice: what is read is a ref that the database
 * takes. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "api-server/handlers/match_choice.h"
#include "common/base/attr.h"
#include "common/base/mem.h"
#include "common/base/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_number(const char *text, size_t min, size_t max)
{
	const size_t n = strspn(text, "0123456789");

	return n >= min && n <= max && text[n] == '\0';
}

static bool is_episode(const char *text)
{
	static const struct {
		size_t digits;
		const char *behind;
	} parts[] = { { 10, "/season/" }, { 5, "/episode/" }, { 5, "" } };

	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		const size_t n = strspn(text, "0123456789");
		const size_t more = strlen(parts[i].behind);

		if (n == 0 || n > parts[i].digits ||
		    strncmp(text + n, parts[i].behind, more) != 0)
			return false;
		text += n + more;
	}
	return *text == '\0';
}

/* The rule of the table film. */
static bool is_ref(const char *ref)
{
	if (strncmp(ref, "tmdb:movie:", 11) == 0)
		return is_number(ref + 11, 1, 10);
	if (strncmp(ref, "tmdb:tv:", 8) == 0)
		return is_number(ref + 8, 1, 10) || is_episode(ref + 8);
	return strncmp(ref, "imdb:tt", 7) == 0 && is_number(ref + 7, 7, 10);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct match_choice choice;
	struct error err = { "" };

	if (match_choice_read((struct str){ (const char *)data, size }, &choice,
	                      &err))
		ensure(choice.ref[0] == '\0' || is_ref(choice.ref));
	else
		ensure(err.message[0] != '\0');
	return 0;
}
