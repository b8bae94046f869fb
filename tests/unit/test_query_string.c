/* http/query_string: percent-encoding and pairs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "api-server/http/query_string.h"

static void decodes(void **state)
{
	static const struct {
		const char *text;
		bool plus;
		const char *want; /* NULL: refused */
	} rows[] = {
		{ "", true, "" },
		{ "abc", true, "abc" },
		{ "a+b", true, "a b" },
		{ "a+b", false, "a+b" },
		{ "a%2Bb", true, "a+b" },
		{ "%41%62%7a", false, "Abz" },
		{ "Am%C3%A9lie", true, "Am\xc3\xa9lie" },
		{ "%e2%82%ac", true, "\xe2\x82\xac" },
		{ "100%25", true, "100%" },
		{ "%2525", true, "%25" },
		{ "%", true, NULL },
		{ "%4", true, NULL },
		{ "a%zz", true, NULL },
		{ "%g1", true, NULL },
		{ "%00", true, NULL },
		{ "%ff", true, NULL },
		{ "%C3", true, NULL },
		{ "%C0%80", true, NULL },
		{ "%ed%a0%80", true, NULL },
		{ "\xff", true, NULL },
	};
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct error err = { "" };
		const char *have = percent_decode(arena, str_of(rows[i].text),
		                                  rows[i].plus, &err);
		if (rows[i].want == NULL) {
			assert_null(have);
			assert_true(err.message[0] != '\0');
		} else {
			assert_string_equal(have, rows[i].want);
		}
	}
	arena_free(&arena);
}

/* What a walk finds, as "name=value;name;" or "...!" when it is refused. */
static const char *walked(struct arena *arena, const char *text)
{
	struct query_string q = { str_of(text) };
	const char *found = "";
	struct query_pair pair;
	struct error err;

	for (;;) {
		switch (query_string_next(&q, arena, &pair, &err)) {
		case QUERY_END:
			return found;
		case QUERY_BAD:
			return arena_printf(arena, "%s!", found);
		case QUERY_PAIR:
			found = arena_printf(arena, "%s%s%s%s;", found,
			                     pair.name, pair.value ? "=" : "",
			                     pair.value ? pair.value : "");
			break;
		}
	}
}

static void walks(void **state)
{
	static const char *const rows[][2] = {
		{ "", "" },
		{ "a=1", "a=1;" },
		{ "a=1&b=2", "a=1;b=2;" },
		{ "a", "a;" },
		{ "a=", "a=;" },
		{ "a=b=c", "a=b=c;" },
		{ "=x", "=x;" },
		{ "&&a=1&", "a=1;" },
		{ "a=1&a=2", "a=1;a=2;" },
		{ "q=x%26y%3Dz", "q=x&y=z;" },
		{ "na%6De=1", "name=1;" },
		{ "a=1&b=%", "a=1;!" },
		{ "%=1", "!" },
		{ "a;b=1", "a;b=1;" },
	};
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_string_equal(walked(arena, rows[i][0]), rows[i][1]);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decodes),
		cmocka_unit_test(walks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
