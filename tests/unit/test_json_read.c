/* common/json/json_read: the tree, its limits, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "common/json/json_read.h"

static const struct json_limits limits = { .bytes_max = 200,
	                                   .nodes_max = 12,
	                                   .depth_max = 4 };

static struct arena *arena;

static int arena_begin(void **state)
{
	(void)state;
	arena = arena_new();
	return 0;
}

static int arena_end(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static const struct json *parse(const char *text)
{
	struct error err = { "" };
	const struct json *j =
		json_parse(arena, text, strlen(text), &limits, &err);

	assert_string_equal(err.message, "");
	assert_non_null(j);
	return j;
}

static void builds_a_tree(void **state)
{
	const struct json *item;
	size_t n = 0;

	(void)state;
	const struct json *j = parse("{\"a\": [1, 2, 3], \"b\": {\"c\": null},"
	                             " \"d\": true, \"e\": \"x\"}");
	assert_int_equal(j->type, JSON_OBJECT);
	assert_int_equal(j->len, 4);
	assert_null(j->key);
	assert_null(j->next);

	const struct json *a = json_get(j, "a");
	assert_int_equal(a->type, JSON_ARRAY);
	assert_int_equal(a->len, 3);
	assert_string_equal(a->key, "a");
	JSON_EACH(item, a) {
		assert_null(item->key);
		assert_int_equal(json_as_int(item, -1), ++n);
	}
	assert_int_equal(n, 3);

	assert_int_equal(json_get(json_get(j, "b"), "c")->type, JSON_NULL);
	assert_true(json_as_bool(json_get(j, "d"), false));
	assert_string_equal(json_as_string(json_get(j, "e"), ""), "x");

	static const char *const keys[] = { "a", "b", "d", "e" };
	n = 0;
	JSON_EACH(item, j)
		assert_string_equal(item->key, keys[n++]);
	assert_int_equal(n, 4);
}

static void reads_numbers(void **state)
{
	static const struct {
		const char *text;
		bool is_integer;
		int64_t integer;
		double number;
	} rows[] = {
		{ "0", true, 0, 0 },
		{ "-7", true, -7, -7 },
		{ "9223372036854775807", true, INT64_MAX,
		  9223372036854775807.0 },
		{ "-9223372036854775808", true, INT64_MIN,
		  -9223372036854775808.0 },
		{ "9223372036854775808", false, 0, 9223372036854775808.0 },
		{ "7.0", true, 7, 7 },
		{ "1e3", true, 1000, 1000 },
		{ "7.25", false, 0, 7.25 },
		{ "-2.5e-1", false, 0, -0.25 },
		{ "9007199254740992.0", true, 9007199254740992,
		  9007199254740992.0 },
		{ "1e17", true, 100000000000000000, 1e17 },
		{ "-9223372036854775808.0", true, INT64_MIN,
		  -9223372036854775808.0 },
		{ "9223372036854775808.0", false, 0, 9223372036854775808.0 },
		{ "1e300", false, 0, 1e300 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct json *j = parse(rows[i].text);

		assert_int_equal(j->type, JSON_NUMBER);
		assert_int_equal(j->is_integer, rows[i].is_integer);
		assert_int_equal(json_as_int(j, 0), rows[i].integer);
		assert_true(j->number == rows[i].number);
		assert_true(json_as_double(j, -1) == rows[i].number);
	}
}

static void reads_strings(void **state)
{
	static const struct {
		const char *text, *string;
	} rows[] = {
		{ "\"\"", "" },
		{ "\"a\\\"\\\\\\/\\b\\f\\n\\r\\tz\"", "a\"\\/\b\f\n\r\tz" },
		{ "\"Am\\u00e9lie\"", "Am\xc3\xa9lie" },
		{ "\"Am\xc3\xa9lie\"", "Am\xc3\xa9lie" },
		{ "\"\\ud83c\\udfac\"", "\xf0\x9f\x8e\xac" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct json *j = parse(rows[i].text);

		assert_int_equal(j->type, JSON_STRING);
		assert_string_equal(j->string, rows[i].string);
		assert_int_equal(j->len, strlen(rows[i].string));
	}
}

static void first_of_equal_keys_wins(void **state)
{
	const struct json *j = parse("{\"a\":1,\"b\":2,\"a\":3}");

	(void)state;
	assert_int_equal(json_as_int(json_get(j, "a"), 0), 1);
	assert_int_equal(j->len, 3);
}

static void forgives(void **state)
{
	const struct json *j = parse("{\"s\":\"x\",\"n\":1.5,\"l\":[1]}");
	const struct json *const none[] = { NULL, j, json_get(j, "l"),
		                            json_get(j, "absent") };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(none); i++) {
		assert_string_equal(json_as_string(none[i], "other"), "other");
		assert_int_equal(json_as_int(none[i], 42), 42);
		assert_true(json_as_double(none[i], 4.5) == 4.5);
		assert_true(json_as_bool(none[i], true));
		assert_null(json_get(none[i], "absent"));
	}
	assert_null(json_as_string(json_get(j, "n"), NULL));
	assert_int_equal(json_as_int(json_get(j, "n"), 42), 42);
	assert_int_equal(json_as_int(json_get(j, "s"), 42), 42);
	assert_null(json_get(json_get(j, "l"), "a"));
	assert_null(json_first(NULL));
	assert_null(json_first(json_get(j, "s")));
}

static void refuses(void **state)
{
	static const struct {
		const char *text, *part; /* of the message */
	} rows[] = {
		{ "", "premature EOF" },
		{ " \n", "premature EOF" },
		{ "{", "premature EOF" },
		{ "[1,", "premature EOF" },
		{ "\"abc", "premature EOF" },
		{ "[1,]", "unallowed token" },
		{ "{\"a\":1,}", "object key" },
		{ "{a:1}", "invalid char" },
		{ "{1:2}", "key" },
		{ "[1 2]", "after array element" },
		{ "1 2", "trailing garbage" },
		{ "{}x", "trailing garbage" },
		{ "'a'", "invalid char" },
		{ "// x\n1", "comments are not enabled" },
		{ "NaN", "invalid char" },
		{ "nul", "invalid string in json" },
		{ "01", "trailing garbage" },
		{ "-", "malformed number" },
		{ "1.", "malformed number" },
		{ "1e999", "a number is out of range" },
		{ "\"\x01\"", "invalid character" },
		{ "\"\\x\"", "occurs before a character" },
		{ "\"\\u12g4\"", "hex" },
		{ "\"\xff\"", "invalid bytes in UTF8" },
		{ "\"\xc0\x80\"", "not valid UTF-8" },
		{ "\"\xed\xa0\x80\"", "not valid UTF-8" },
		{ "\"\\udfac\"", "not valid UTF-8" },
		{ "\"a\\u0000b\"", "holds \\u0000" },
		{ "{\"a\\u0000b\":1}", "holds \\u0000" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct error err = { "" };

		assert_null(json_parse(arena, rows[i].text,
		                       strlen(rows[i].text), &limits, &err));
		if (strstr(err.message, rows[i].part) == NULL)
			fail_msg("%s: \"%s\" is not in \"%s\"", rows[i].text,
			         rows[i].part, err.message);
		assert_int_equal(strncmp(err.message, "JSON: ", 6), 0);
		assert_null(strchr(err.message, '\n'));
	}
}

/* Bytes count from 1: the x. */
static void says_where(void **state)
{
	struct error err;

	(void)state;
	assert_null(json_parse(arena, "[1,2,x]", 7, &limits, &err));
	assert_string_equal(err.message,
	                    "JSON: lexical error: invalid char in json text. "
	                    "(at byte 6)");
}

static void keeps_its_limits(void **state)
{
	/* 200 bytes, 12 nodes, depth 4 are the limits above. */
	static const struct {
		const char *text;
		const char *message; /* NULL: accepted */
	} rows[] = {
		{ "[[[[]]]]", NULL },
		{ "[[[[[]]]]]", "JSON: nested too deep" },
		{ "{\"a\":[{\"b\":[1]}]}", NULL },
		{ "{\"a\":[{\"b\":[{}]}]}", "JSON: nested too deep" },
		{ "[1,2,3,4,5,6,7,8,9,10,11]", NULL },
		{ "[1,2,3,4,5,6,7,8,9,10,11,12]", "JSON: too many values" },
		{ "[1,2,3,4,5,6,7,8,9,10,11,[]]", "JSON: too many values" },
	};
	char text[202];
	struct error err;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct json *j =
			json_parse(arena, rows[i].text, strlen(rows[i].text),
		                   &limits, &err);

		assert_int_equal(j != NULL, rows[i].message == NULL);
		if (j == NULL)
			assert_string_equal(err.message, rows[i].message);
	}

	memset(text, ' ', sizeof(text));
	text[0] = '1';
	assert_non_null(json_parse(arena, text, 200, &limits, &err));
	assert_null(json_parse(arena, text, 201, &limits, &err));
	assert_string_equal(err.message, "JSON: 201 bytes are more than 200");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(builds_a_tree),
		cmocka_unit_test(reads_numbers),
		cmocka_unit_test(reads_strings),
		cmocka_unit_test(first_of_equal_keys_wins),
		cmocka_unit_test(forgives),
		cmocka_unit_test(refuses),
		cmocka_unit_test(says_where),
		cmocka_unit_test(keeps_its_limits),
	};

	return cmocka_run_group_tests_name("json_read", tests, arena_begin,
	                                   arena_end);
}
