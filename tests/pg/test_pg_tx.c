/*
 * Parameters and results against a real server.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/base/attr.h"
#include "common/base/mem.h"
#include "common/pg/pg_array.h"
#include "common/pg/pg_pool.h"
#include "tests/pg/cluster.h"
#include "tests/pg/pool_fixture.h"

static const struct sql echo_text = { 1001, "t_echo_text",
	                              "SELECT $1::text AS v", 1, NULL };

/* --- parameters --------------------------------------------------------- */

static void text_arrives_as_it_is(void **state)
{
	static const char *const texts[] = {
		"",
		" ",
		"NULL",
		"it's \"quoted\" \\ and \\n",
		"tab\tnewline\nreturn\r",
		"{a,b} $1 -- /* ; */",
		"\xc3\xa9\xe2\x82\xac\xf0\x9f\x8e\xac",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct pg_tx *tx = pg_tx_new();
		struct answer a;

		pg_tx_add(tx, &echo_text);
		pg_tx_set_text(tx, &echo_text, 0, texts[i]);
		run(pool, tx, &a);
		assert_int_equal(a.error, PG_OK);
		assert_string_equal(a.values[0], texts[i]);
		answer_deinit(&a);
	}
}

static void every_type_arrives(void **state)
{
	static const struct sql types = {
		1010, "t_types",
		"SELECT format('%s|%s|%s|%s|%s|%s|%s', $1::bigint, $2::bigint,"
		" $3::float8, $4::boolean, $5::boolean, encode($6::bytea, 'hex'),"
		" $7::text IS NULL) AS v",
		7, NULL
	};
	struct pg_tx *tx = pg_tx_new();
	struct answer a;

	(void)state;
	pg_tx_add(tx, &types);
	pg_tx_set_int(tx, &types, 0, INT64_MIN);
	pg_tx_set_int(tx, &types, 1, INT64_MAX);
	pg_tx_set_real(tx, &types, 2, 0.1);
	pg_tx_set_bool(tx, &types, 3, true);
	pg_tx_set_bool(tx, &types, 4, false);
	pg_tx_set_bytes(tx, &types, 5, "\0\x01'\\\xff", 5);
	pg_tx_set_null(tx, &types, 6);
	run(pool, tx, &a);
	assert_string_equal(a.message, "");
	assert_string_equal(a.values[0],
	                    "-9223372036854775808|9223372036854775807|0.1|t|f|"
	                    "0001275cff|t");
	answer_deinit(&a);
}

static void arrays_arrive(void **state)
{
	static const struct sql arrays = {
		1011, "t_arrays",
		"SELECT format('%s %s %s %s %s %s', to_json($1::text[]),"
		" to_json($2::bigint[]), to_json($3::float8[]),"
		" to_json($4::boolean[]), encode(($5::bytea[])[1], 'hex'),"
		" (SELECT jsonb_agg(x::int[] ORDER BY n) FROM"
		" unnest($6::text[]) WITH ORDINALITY AS u (x, n))) AS v",
		6, NULL
	};
	struct pg_array *texts = pg_array_new(), *ints = pg_array_new();
	struct pg_array *doubles = pg_array_new(), *bools = pg_array_new();
	struct pg_array *bytes = pg_array_new(), *outer = pg_array_new();
	struct pg_array *inner = pg_array_new();
	struct pg_tx *tx = pg_tx_new();
	struct answer a;

	(void)state;
	pg_array_text(texts, "a\"b\\c,{d} e");
	pg_array_text(texts, "NULL");
	pg_array_null(texts);
	pg_array_text(texts, "");
	pg_array_text(texts, "\xc3\xa9");
	pg_array_int(ints, INT64_MIN);
	pg_array_null(ints);
	pg_array_double(doubles, 2.5);
	pg_array_bool(bools, true);
	pg_array_bool(bools, false);
	pg_array_bytes(bytes, "\0\\\xff", 3);
	pg_array_int(inner, 18);
	pg_array_int(inner, 53);
	pg_array_array(outer, inner);
	pg_array_array(outer, pg_array_new());
	pg_tx_add(tx, &arrays);
	pg_tx_set_array(tx, &arrays, 0, texts);
	pg_tx_set_array(tx, &arrays, 1, ints);
	pg_tx_set_array(tx, &arrays, 2, doubles);
	pg_tx_set_array(tx, &arrays, 3, bools);
	pg_tx_set_array(tx, &arrays, 4, bytes);
	pg_tx_set_array(tx, &arrays, 5, outer);
	run(pool, tx, &a);
	assert_string_equal(a.message, "");
	assert_string_equal(
		a.values[0],
		"[\"a\\\"b\\\\c,{d} e\",\"NULL\",null,\"\",\"\xc3\xa9\"] "
		"[-9223372036854775808,null] [2.5] [true,false] 005cff "
		"[[18, 53], []]");
	answer_deinit(&a);
}

static void a_nul_in_text_is_refused(void **state)
{
	struct pg_array *texts = pg_array_new();
	struct pg_tx *tx = pg_tx_new();
	struct answer a;

	(void)state;
	pg_array_text_len(texts, "a\0b", 3);
	pg_tx_add(tx, &echo_text);
	pg_tx_set_array(tx, &echo_text, 0, texts);
	run(pool, tx, &a);
	assert_int_equal(a.error, PG_ERROR_REFUSED);
	assert_string_equal(a.sqlstate, "22021");
	answer_deinit(&a);
}

/* More than the socket holds, both ways at once. */
static void large_values_pass(void **state)
{
	static const struct sql twice = { 1012, "t_twice",
		                          "SELECT $1::text || 'x' AS v", 1,
		                          NULL };
	const size_t size = 20 << 20;
	char *text = xmalloc(size + 1);
	struct pg_tx *tx = pg_tx_new();
	struct answer a;

	(void)state;
	memset(text, 'a', size);
	text[size] = '\0';
	for (int i = 0; i < 2; i++) {
		pg_tx_add(tx, &twice);
		pg_tx_set_text(tx, &twice, 0, text);
	}
	run(pool, tx, &a);
	assert_int_equal(a.error, PG_OK);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(strlen(a.values[i]), size + 1);
		assert_int_equal(a.values[i][size], 'x');
	}
	answer_deinit(&a);
	free(text);
}

/* --- results ------------------------------------------------------------ */

static void read_types_cb(void *arg, const struct pg_outcome *o)
{
	const struct pg_rows *rows = o->results[0];

	*(bool *)arg = true;
	assert_int_equal(pg_count(rows), 2);
	assert_int_equal(pg_int(rows, 0, "i"), INT64_MIN);
	assert_true(pg_double(rows, 0, "d") == 0.1);
	assert_true(pg_bool(rows, 0, "b"));
	assert_string_equal(pg_text(rows, 0, "s"), "\xc3\xa9x");
	assert_int_equal(pg_text_len(rows, 0, "s"), 3);
	assert_false(pg_is_null(rows, 0, "s"));
	assert_true(pg_is_null(rows, 1, "s"));
	assert_string_equal(pg_text(rows, 1, "s"), "");
	assert_int_equal(pg_int(rows, 1, "i"), 0);
	assert_false(pg_bool(rows, 1, "b"));
}

static void columns_are_read_by_name(void **state)
{
	static const struct sql types = {
		1013, "t_read_types",
		"SELECT * FROM (VALUES ('-9223372036854775808'::bigint,"
		" 0.1::float8, true, '\xc3\xa9x'), (NULL, NULL, NULL, NULL))"
		" AS t (i, d, b, s)",
		0, NULL
	};
	bool done = false;

	(void)state;
	pg_pool_run(pool, tx_of(&types), read_types_cb, &done);
	assert_true(loop_until(&done, SLACK_MS));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, pool_setup, pool_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(text_arrives_as_it_is), TEST(every_type_arrives),
		TEST(arrays_arrive),         TEST(a_nul_in_text_is_refused),
		TEST(large_values_pass),     TEST(columns_are_read_by_name),
	};

	return cmocka_run_group_tests(tests, cluster_setup, cluster_teardown);
}
