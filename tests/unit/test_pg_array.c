#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/pg/pg_array.h"

/* Compares the literal and frees the array. */
static void expect(struct pg_array *a, const char *literal)
{
	assert_string_equal(pg_array_literal(a), literal);
	assert_string_equal(pg_array_literal(a), literal);
	pg_array_free(&a);
	assert_null(a);
}

static void empty(void **state)
{
	struct pg_array *none = NULL;

	(void)state;
	expect(pg_array_new(), "{}");
	pg_array_free(&none);
}

static void numbers(void **state)
{
	struct pg_array *a = pg_array_new();

	(void)state;
	pg_array_int(a, 0);
	pg_array_int(a, INT64_MIN);
	pg_array_int(a, INT64_MAX);
	pg_array_double(a, 0.5);
	pg_array_double(a, -1e300);
	pg_array_double(a, (double)NAN);
	pg_array_double(a, (double)INFINITY);
	pg_array_bool(a, true);
	pg_array_bool(a, false);
	pg_array_null(a);
	expect(a, "{0,-9223372036854775808,9223372036854775807,0.5,"
	          "-1.0000000000000001e+300,NaN,inf,t,f,NULL}");
}

static void text(void **state)
{
	struct pg_array *a = pg_array_new();

	(void)state;
	pg_array_text(a, "");
	pg_array_text(a, "NULL");
	pg_array_text(a, NULL);
	pg_array_text(a, "a\"b\\c");
	pg_array_text(a, "\\\"");
	pg_array_text(a, " {x,y} 'z'\n");
	pg_array_text_len(a, "abcdef", 3);
	pg_array_text_len(a, "", 0);
	expect(a, "{\"\",\"NULL\",NULL,\"a\\\"b\\\\c\",\"\\\\\\\"\","
	          "\" {x,y} 'z'\n\",\"abc\",\"\"}");
}

/* 0xFF is not UTF-8: the server refuses what a NUL would have cut. */
static void nul_in_text(void **state)
{
	struct pg_array *a = pg_array_new();

	(void)state;
	pg_array_text_len(a, "a\0b\0", 4);
	expect(a, "{\"a\xff"
	          "b\xff\"}");
}

static void bytes(void **state)
{
	struct pg_array *a = pg_array_new();

	(void)state;
	pg_array_bytes(a, "\0\x7f\xff\\\"", 5);
	pg_array_bytes(a, "", 0);
	expect(a, "{\"\\\\x007fff5c22\",\"\\\\x\"}");
}

static void arrays_in_arrays(void **state)
{
	struct pg_array *outer = pg_array_new();
	struct pg_array *genres = pg_array_new();
	struct pg_array *names = pg_array_new();

	(void)state;
	pg_array_int(genres, 18);
	pg_array_int(genres, 53);
	pg_array_array(outer, genres);
	pg_array_text(names, "a\"b");
	pg_array_array(outer, names);
	pg_array_array(outer, pg_array_new());
	expect(outer, "{\"{18,53}\",\"{\\\"a\\\\\\\"b\\\"}\",\"{}\"}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty), cmocka_unit_test(numbers),
		cmocka_unit_test(text),  cmocka_unit_test(nul_in_text),
		cmocka_unit_test(bytes), cmocka_unit_test(arrays_in_arrays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
