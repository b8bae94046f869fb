/* Header fields of whoever answers in TMDB's place. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "enrich-daemon/client/fetch_fields.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The whole as a line, and up to the first newline as Retry-After, what is
 * behind it as Date. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct str line = { (const char *)data, size };
	struct str value;

	if (fetch_fields_etag(line, &value)) {
		for (size_t i = 0; i < value.n; i++)
			ensure(value.p[i] > ' ' && value.p[i] <= '~');
	}

	char *text = xmalloc(size + 1);
	memcpy(text, data, size);
	text[size] = '\0';
	char *date = strchr(text, '\n');
	if (date != NULL)
		*date++ = '\0';
	const int64_t ms = fetch_fields_retry_after(text, date);
	ensure(ms == -1 ||
	       (ms >= 1000 && ms <= 1000 * FETCH_RETRY_AFTER_MAX_S));
	free(text);
	return 0;
}
