/* Query strings and percent-encoding: bytes of a stranger to checked text. */
#include "api-server/http/query_string.h"

#include <stddef.h>

/* The byte behind the '%' at p, or -1. */
static int escaped_byte(struct str text, size_t at)
{
	if (text.n - at < 3)
		return -1;

	const int high = str_hex_digit(text.p[at + 1]);
	const int low = str_hex_digit(text.p[at + 2]);
	return high < 0 || low < 0 ? -1 : high * 16 + low;
}

const char *percent_decode(struct arena *arena, struct str text, bool plus,
                           struct error *err)
{
	char *out = arena_alloc(arena, text.n + 1);
	size_t len = 0;

	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (c == '%') {
			const int byte = escaped_byte(text, i);
			if (byte < 0) {
				error_set(err, "a '%%' in the address is not "
				               "followed by two hexadecimal "
				               "digits");
				return NULL;
			}
			c = (char)byte;
			i += 2;
		} else if (c == '+' && plus) {
			c = ' ';
		}
		out[len++] = c;
	}
	if (!str_is_utf8((struct str){ out, len })) {
		error_set(err, "the address holds bytes that are not UTF-8");
		return NULL;
	}
	return out;
}

enum query_verdict query_string_next(struct query_string *q,
                                     struct arena *arena,
                                     struct query_pair *pair, struct error *err)
{
	struct str value;
	struct str name;

	do {
		if (!str_cut(&q->rest, '&', &value))
			return QUERY_END;
	} while (value.n == 0);

	const bool has_value = str_cut(&value, '=', &name) && value.p != NULL;
	pair->name = percent_decode(arena, name, true, err);
	pair->value = NULL;
	if (pair->name != NULL && has_value)
		pair->value = percent_decode(arena, value, true, err);
	if (pair->name == NULL || (has_value && pair->value == NULL))
		return QUERY_BAD;
	return QUERY_PAIR;
}
