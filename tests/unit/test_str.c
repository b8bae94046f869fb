/* common/base/str: views, numbers, dates, UTF-8. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <string.h>

#include "common/base/str.h"

static void compares(void **state)
{
	(void)state;
	assert_true(str_eq(STR_LIT("ab"), STR_LIT("ab")));
	assert_false(str_eq(STR_LIT("ab"), STR_LIT("abc")));
	assert_false(str_eq(STR_LIT("ab"), STR_LIT("aB")));
	assert_true(str_eq(STR_LIT("a\0b"), STR_LIT("a\0b")));
	assert_false(str_eq(STR_LIT("a\0b"), STR_LIT("a\0c")));
	assert_true(str_eq((struct str){ NULL, 0 }, STR_LIT("")));
	assert_true(str_is(STR_LIT("ab"), "ab"));
	assert_false(str_is(STR_LIT("a\0"), "a"));
	assert_true(str_is((struct str){ NULL, 0 }, ""));
	assert_int_equal(str_of("four").n, 4);
}

static void finds_ends(void **state)
{
	static const struct {
		const char *text, *part;
		bool starts, ends;
	} rows[] = {
		{ "abc", "", true, true },       { "abc", "abc", true, true },
		{ "abc", "ab", true, false },    { "abc", "bc", false, true },
		{ "abc", "abcd", false, false }, { "", "", true, true },
		{ "", "a", false, false },       { "aba", "a", true, true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct str text = str_of(rows[i].text);

		assert_int_equal(str_starts(text, rows[i].part),
		                 rows[i].starts);
		assert_int_equal(str_ends(text, rows[i].part), rows[i].ends);
	}
	assert_true(str_ends((struct str){ NULL, 0 }, ""));
	assert_true(str_starts((struct str){ NULL, 0 }, ""));
}

static void trims(void **state)
{
	static const struct {
		const char *text, *trimmed;
	} rows[] = {
		{ "", "" },       { " \t\r\n", "" }, { "a", "a" },
		{ " a", "a" },    { "a\r\n", "a" },  { "\t a b \n", "a b" },
		{ "\va", "\va" }, { "a\f", "a\f" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_true(str_is(str_trim(str_of(rows[i].text)),
		                   rows[i].trimmed));
}

static void cuts(void **state)
{
	/* Parts are written one after the other, each ended by '|'. */
	static const struct {
		const char *text, *parts;
	} rows[] = {
		{ "", "|" },         { "a", "a|" },   { "a,b", "a|b|" },
		{ "a,", "a||" },     { ",a", "|a|" }, { ",", "||" },
		{ "a,,b", "a||b|" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct str rest = str_of(rows[i].text);
		struct str head;
		char parts[32];
		size_t n = 0;

		while (str_cut(&rest, ',', &head)) {
			memcpy(parts + n, head.p, head.n);
			n += head.n;
			parts[n++] = '|';
		}
		parts[n] = '\0';
		assert_string_equal(parts, rows[i].parts);
		assert_false(str_cut(&rest, ',', &head));
	}
}

static void reads_integers(void **state)
{
	static const struct {
		const char *text;
		int64_t min, max;
		bool ok;
		int64_t value;
	} rows[] = {
		{ "0", 0, 10, true, 0 },
		{ "10", 0, 10, true, 10 },
		{ "11", 0, 10, false, 0 },
		{ "-1", 0, 10, false, 0 },
		{ "-1", -1, 10, true, -1 },
		{ "-0", 0, 10, true, 0 },
		{ "007", 0, 10, true, 7 },
		{ "9223372036854775807", 0, INT64_MAX, true, INT64_MAX },
		{ "9223372036854775808", 0, INT64_MAX, false, 0 },
		{ "-9223372036854775808", INT64_MIN, 0, true, INT64_MIN },
		{ "-9223372036854775809", INT64_MIN, 0, false, 0 },
		{ "99999999999999999999999", INT64_MIN, INT64_MAX, false, 0 },
		{ "", INT64_MIN, INT64_MAX, false, 0 },
		{ "-", INT64_MIN, INT64_MAX, false, 0 },
		{ "+1", INT64_MIN, INT64_MAX, false, 0 },
		{ " 1", INT64_MIN, INT64_MAX, false, 0 },
		{ "1 ", INT64_MIN, INT64_MAX, false, 0 },
		{ "1.0", INT64_MIN, INT64_MAX, false, 0 },
		{ "0x10", INT64_MIN, INT64_MAX, false, 0 },
		{ "--1", INT64_MIN, INT64_MAX, false, 0 },
		{ "1-", INT64_MIN, INT64_MAX, false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int64_t value = 77;
		const bool ok = str_to_int64(str_of(rows[i].text), rows[i].min,
		                             rows[i].max, &value);

		assert_int_equal(ok, rows[i].ok);
		assert_int_equal(value, rows[i].ok ? rows[i].value : 77);
	}
}

static void knows_the_calendar(void **state)
{
	static const struct {
		const char *text;
		bool ok;
	} rows[] = {
		{ "2024-02-29", true },   { "2023-02-29", false },
		{ "2024-02-30", false },  { "2000-02-29", true },
		{ "1900-02-29", false },  { "2400-02-29", true },
		{ "2024-01-31", true },   { "2024-04-31", false },
		{ "2024-04-30", true },   { "2024-12-31", true },
		{ "2024-13-01", false },  { "2024-00-01", false },
		{ "2024-01-00", false },  { "0001-01-01", true },
		{ "0000-01-01", false },  { "9999-12-31", true },
		{ "2024-1-01", false },   { "2024-01-1", false },
		{ "2024/01/01", false },  { "2024-01-01 ", false },
		{ " 024-01-01", false },  { "-024-01-01", false },
		{ "2024--1-01", false },  { "2024-01--1", false },
		{ "20240101", false },    { "", false },
		{ "02024-01-01", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(str_is_date(str_of(rows[i].text)), rows[i].ok);
}

/* STR_LIT() for the initializer of a static. */
#define VIEW(literal)                                                          \
	{                                                                      \
		(literal), sizeof(literal) - 1                                 \
	}

/* The boundaries of Unicode's table 3-7 and one step beyond each. */
static void knows_utf8(void **state)
{
	static const struct {
		struct str text;
		size_t first; /* str_utf8_len() */
		bool ok;
	} rows[] = {
		{ VIEW(""), 0, true },
		{ VIEW("a"), 1, true },
		{ VIEW("\x7f"), 1, true },
		{ VIEW("a\0b"), 1, false },
		{ VIEW("\0"), 0, false },
		{ VIEW("\x80"), 0, false },
		{ VIEW("\xc0\x80"), 0, false },
		{ VIEW("\xc1\xbf"), 0, false },
		{ VIEW("\xc2\x80"), 2, true },
		{ VIEW("\xdf\xbf"), 2, true },
		{ VIEW("\xc2"), 0, false },
		{ VIEW("\xc2\x41"), 0, false },
		{ VIEW("\xe0\x9f\xbf"), 0, false },
		{ VIEW("\xe0\xa0\x80"), 3, true },
		{ VIEW("\xe1\x80\x80"), 3, true },
		{ VIEW("\xec\xbf\xbf"), 3, true },
		{ VIEW("\xed\x9f\xbf"), 3, true },
		{ VIEW("\xed\xa0\x80"), 0, false },
		{ VIEW("\xed\xbf\xbf"), 0, false },
		{ VIEW("\xee\x80\x80"), 3, true },
		{ VIEW("\xef\xbf\xbf"), 3, true },
		{ VIEW("\xe2\x82"), 0, false },
		{ VIEW("\xe2\x82\x41"), 0, false },
		{ VIEW("\xf0\x8f\xbf\xbf"), 0, false },
		{ VIEW("\xf0\x90\x80\x80"), 4, true },
		{ VIEW("\xf3\xbf\xbf\xbf"), 4, true },
		{ VIEW("\xf4\x8f\xbf\xbf"), 4, true },
		{ VIEW("\xf4\x90\x80\x80"), 0, false },
		{ VIEW("\xf5\x80\x80\x80"), 0, false },
		{ VIEW("\xf0\x9f\x8e"), 0, false },
		{ VIEW("\xff"), 0, false },
		{ VIEW("Am\xc3\xa9lie \xf0\x9f\x8e\xac"), 1, true },
		{ VIEW("Am\xc3\xa9lie\xe9"), 1, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_int_equal(str_is_utf8(rows[i].text), rows[i].ok);
		assert_int_equal(str_utf8_len(rows[i].text), rows[i].first);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(compares),
		cmocka_unit_test(finds_ends),
		cmocka_unit_test(trims),
		cmocka_unit_test(cuts),
		cmocka_unit_test(reads_integers),
		cmocka_unit_test(knows_the_calendar),
		cmocka_unit_test(knows_utf8),
	};

	return cmocka_run_group_tests_name("str", tests, NULL, NULL);
}
