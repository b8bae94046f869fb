/*
 * The pool against a real server: parameters, results, errors, deadlines and
 * the bound of the queue. What happens when the server fails is in
 * test_pg_faults.c.
 */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/attr.h"
#include "common/mem.h"
#include "common/pg_array.h"
#include "common/pg_pool.h"
#include "tests/pg/cluster.h"

static struct pg_settings settings;
static struct pg_pool *pool;

static const struct sql backend_pid = { 1000, "t_backend_pid",
	                                "SELECT pg_backend_pid() AS v", 0 };
static const struct sql echo_text = { 1001, "t_echo_text",
	                              "SELECT $1::text AS v", 1 };
static const struct sql add_row = {
	1002, "t_add_row", "INSERT INTO t_row (id, name) VALUES ($1, $2)", 2
};
static const struct sql count_rows = { 1003, "t_count_rows",
	                               "SELECT count(*) AS v FROM t_row", 0 };
static const struct sql divide = { 1004, "t_divide", "SELECT 1 / 0 AS v", 0 };
static const struct sql nap = { 1005, "t_nap",
	                        "SELECT pg_sleep($1::float8)::text AS v", 1 };
static const struct sql member_set = {
	1006, "t_member_set",
	"SELECT NULLIF(current_setting('rewatch.member_id', true), '') AS v", 0
};

static struct pg_pool *new_pool(int64_t connections)
{
	struct pg_pool_options options = { .settings = &settings,
		                           .application_name = "pgtest" };

	settings.connections = connections;
	return pg_pool_new(cluster_base(), &options);
}

static int setup(void **state)
{
	(void)state;
	settings = cluster_settings(1);
	cluster_sql("DROP TABLE IF EXISTS t_row; CREATE TABLE t_row (id bigint "
	            "CONSTRAINT t_row_key PRIMARY KEY, name text);"
	            "GRANT ALL ON t_row TO rewatch_api");
	pool = new_pool(1);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	pg_pool_free(&pool);
	return 0;
}

static struct pg_tx *nap_tx(double seconds, int64_t deadline_ms)
{
	struct pg_tx *tx = pg_tx_new();

	pg_tx_deadline(tx, deadline_ms);
	pg_tx_add(tx, &nap, 1);
	pg_tx_double(tx, seconds);
	return tx;
}

static void add_row_to(struct pg_tx *tx, int64_t id, const char *name)
{
	pg_tx_add(tx, &add_row, 2);
	pg_tx_int(tx, id);
	pg_tx_text(tx, name);
}

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

		pg_tx_add(tx, &echo_text, 1);
		pg_tx_text(tx, texts[i]);
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
		"SELECT format('%s|%s|%s|%s|%s|%s|%s|%s', $1::bigint, $2::bigint,"
		" $3::float8, $4::boolean, $5::boolean, encode($6::bytea, 'hex'),"
		" $7::text IS NULL, $8::text) AS v",
		8
	};
	struct pg_tx *tx = pg_tx_new();
	struct answer a;

	(void)state;
	pg_tx_add(tx, &types, 8);
	pg_tx_int(tx, INT64_MIN);
	pg_tx_int(tx, INT64_MAX);
	pg_tx_double(tx, 0.1);
	pg_tx_bool(tx, true);
	pg_tx_bool(tx, false);
	pg_tx_bytes(tx, "\0\x01'\\\xff", 5);
	pg_tx_null(tx);
	pg_tx_text_len(tx, "abcdef", 3);
	run(pool, tx, &a);
	assert_string_equal(a.message, "");
	assert_string_equal(a.values[0],
	                    "-9223372036854775808|9223372036854775807|0.1|t|f|"
	                    "0001275cff|t|abc");
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
		6
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
	pg_tx_add(tx, &arrays, 6);
	pg_tx_array(tx, texts);
	pg_tx_array(tx, ints);
	pg_tx_array(tx, doubles);
	pg_tx_array(tx, bools);
	pg_tx_array(tx, bytes);
	pg_tx_array(tx, outer);
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
	struct pg_tx *tx = pg_tx_new();
	struct answer a;

	(void)state;
	pg_tx_add(tx, &echo_text, 1);
	pg_tx_text_len(tx, "a\0b", 3);
	run(pool, tx, &a);
	assert_int_equal(a.error, PG_ERROR_REFUSED);
	assert_string_equal(a.sqlstate, "22021");
	answer_deinit(&a);
}

/* More than the socket holds, both ways at once. */
static void large_values_pass(void **state)
{
	static const struct sql twice = { 1012, "t_twice",
		                          "SELECT $1::text || 'x' AS v", 1 };
	const size_t size = 20 << 20;
	char *text = xmalloc(size + 1);
	struct pg_tx *tx = pg_tx_new();
	struct answer a;

	(void)state;
	memset(text, 'a', size);
	text[size] = '\0';
	for (int i = 0; i < 2; i++) {
		pg_tx_add(tx, &twice, 1);
		pg_tx_text(tx, text);
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

static void results_come_in_order(void **state)
{
	struct pg_tx *tx = pg_tx_new();
	struct answer a;

	(void)state;
	add_row_to(tx, 1, "one");
	add_row_to(tx, 2, NULL);
	pg_tx_add(tx, &count_rows, 0);
	run(pool, tx, &a);
	assert_int_equal(a.error, PG_OK);
	assert_int_equal(a.failed, -1);
	assert_int_equal(a.count, 3);
	assert_int_equal(a.affected[0], 1);
	assert_string_equal(a.values[2], "2");
	answer_deinit(&a);
}

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
		0
	};
	bool done = false;

	(void)state;
	pg_pool_run(pool, tx_of(&types), read_types_cb, &done);
	assert_true(loop_until(&done, 5000));
}

/* --- errors ------------------------------------------------------------- */

static void an_error_rolls_back_all_of_it(void **state)
{
	struct pg_tx *tx = pg_tx_new();
	int64_t pid = run_int(pool, &backend_pid);
	struct answer a;

	(void)state;
	add_row_to(tx, 1, "one");
	pg_tx_add(tx, &divide, 0);
	add_row_to(tx, 2, "two");
	run(pool, tx, &a);
	assert_int_equal(a.error, PG_ERROR_REFUSED);
	assert_string_equal(a.sqlstate, "22012");
	assert_string_equal(a.message, "division by zero");
	assert_int_equal(a.failed, 1);
	assert_int_equal(a.count, 0);
	assert_int_equal(run_int(pool, &count_rows), 0);
	assert_int_equal(run_int(pool, &backend_pid), pid);
	answer_deinit(&a);
}

static void a_violated_constraint_is_named(void **state)
{
	struct pg_tx *tx = pg_tx_new();
	struct answer a;

	(void)state;
	pg_tx_member(tx, 1);
	add_row_to(tx, 1, "one");
	add_row_to(tx, 1, "again");
	run(pool, tx, &a);
	assert_int_equal(a.error, PG_ERROR_REFUSED);
	assert_string_equal(a.sqlstate, "23505");
	assert_string_equal(a.constraint, "t_row_key");
	assert_int_equal(a.failed, 1);
	answer_deinit(&a);
}

static void a_dry_run_leaves_nothing(void **state)
{
	int64_t pid = run_int(pool, &backend_pid);
	struct pg_tx *good = pg_tx_new(), *bad = pg_tx_new();
	struct answer a;

	(void)state;
	pg_tx_rollback(good);
	pg_tx_member(good, 1);
	add_row_to(good, 1, "one");
	pg_tx_add(good, &count_rows, 0);
	run(pool, good, &a);
	assert_int_equal(a.error, PG_OK);
	assert_string_equal(a.values[1], "1");
	answer_deinit(&a);
	assert_int_equal(run_int(pool, &count_rows), 0);

	pg_tx_rollback(bad);
	add_row_to(bad, 1, "one");
	pg_tx_add(bad, &divide, 0);
	run(pool, bad, &a);
	assert_int_equal(a.error, PG_ERROR_REFUSED);
	assert_int_equal(a.failed, 1);
	assert_int_equal(run_int(pool, &count_rows), 0);
	assert_int_equal(run_int(pool, &backend_pid), pid);
	answer_deinit(&a);
}

/* Parsing fails, so it is not prepared; the next try must not assume it. */
static void a_failed_prepare_is_tried_again(void **state)
{
	static const struct sql later = { 1015, "t_later",
		                          "SELECT 7 AS v FROM t_later", 0 };
	struct answer a;

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct pg_tx *tx = pg_tx_new();

		pg_tx_add(tx, &backend_pid, 0);
		pg_tx_add(tx, &later, 0);
		pg_tx_add(tx, &count_rows, 0);
		run(pool, tx, &a);
		assert_int_equal(a.error, PG_ERROR_REFUSED);
		assert_string_equal(a.sqlstate, "42P01");
		assert_int_equal(a.failed, 1);
		answer_deinit(&a);
	}
	cluster_sql("CREATE TABLE t_later AS SELECT 1 AS one;"
	            "GRANT SELECT ON t_later TO rewatch_api");
	assert_int_equal(run_int(pool, &later), 7);
	assert_int_equal(run_int(pool, &count_rows), 0);
	cluster_sql("DROP TABLE t_later");
}

static void a_stale_plan_costs_the_connection(void **state)
{
	static const struct sql all = { 1016, "t_all",
		                        "SELECT *, 5 AS v FROM t_row", 0 };
	int64_t pid = run_int(pool, &backend_pid);
	struct pg_tx *tx = pg_tx_new();
	struct answer a;

	(void)state;
	add_row_to(tx, 1, "one");
	pg_tx_add(tx, &all, 0);
	run(pool, tx, &a);
	assert_int_equal(a.error, PG_OK);
	answer_deinit(&a);
	cluster_sql("ALTER TABLE t_row ADD COLUMN extra int");
	run(pool, tx_of(&all), &a);
	assert_int_equal(a.error, PG_ERROR_TRANSIENT);
	assert_string_equal(a.sqlstate, "0A000");
	answer_deinit(&a);
	assert_int_equal(run_int(pool, &all), 5);
	assert_int_not_equal(run_int(pool, &backend_pid), pid);
}

static void forgotten_statements_cost_the_connection(void **state)
{
	static const struct sql forget = { 1017, "t_forget", "DEALLOCATE ALL",
		                           0 };
	int64_t pid = run_int(pool, &backend_pid);
	struct answer a;

	(void)state;
	run(pool, tx_of(&forget), &a);
	assert_int_equal(a.error, PG_OK);
	run(pool, tx_of(&backend_pid), &a);
	assert_int_equal(a.error, PG_ERROR_TRANSIENT);
	assert_string_equal(a.sqlstate, "26000");
	assert_int_not_equal(run_int(pool, &backend_pid), pid);
	answer_deinit(&a);
}

static void an_open_transaction_costs_the_connection(void **state)
{
	static const struct sql begin = { 1018, "t_begin", "BEGIN", 0 };
	int64_t pid = run_int(pool, &backend_pid);
	struct answer a;

	(void)state;
	run(pool, tx_of(&begin), &a);
	assert_int_equal(a.error, PG_ERROR_REFUSED);
	assert_int_not_equal(run_int(pool, &backend_pid), pid);
	answer_deinit(&a);
}

static void copy_costs_the_connection(void **state)
{
	static const struct sql copy = { 1019, "t_copy",
		                         "COPY t_row FROM STDIN", 0 };
	struct answer a;

	(void)state;
	run(pool, tx_of(&copy), &a);
	assert_int_not_equal(a.error, PG_OK);
	answer_deinit(&a);
	assert_int_equal(run_int(pool, &count_rows), 0);
}

/* --- the member --------------------------------------------------------- */

static void the_member_does_not_leak(void **state)
{
	struct pg_tx *tx = pg_tx_new(), *failing = pg_tx_new();
	struct answer a;

	(void)state;
	pg_tx_member(tx, 7);
	pg_tx_add(tx, &member_set, 0);
	run(pool, tx, &a);
	assert_string_equal(a.values[0], "7");
	assert_int_equal(a.count, 1);
	answer_deinit(&a);
	run(pool, tx_of(&member_set), &a);
	assert_null(a.values[0]);

	pg_tx_member(failing, 8);
	pg_tx_add(failing, &divide, 0);
	run(pool, failing, &a);
	assert_int_equal(a.error, PG_ERROR_REFUSED);
	assert_int_equal(a.failed, 0);
	run(pool, tx_of(&member_set), &a);
	assert_null(a.values[0]);
	answer_deinit(&a);
}

static void rows_of_others_are_not_there(void **state)
{
	static const struct sql count = { 1020, "t_members",
		                          "SELECT count(*) AS v FROM member",
		                          0 };
	struct answer a;

	(void)state;
	cluster_sql(
		"INSERT INTO member (id, name) VALUES (71, 'a'), (72, 'b')");
	for (int64_t id = 71; id <= 73; id++) {
		struct pg_tx *tx = pg_tx_new();

		pg_tx_member(tx, id);
		pg_tx_add(tx, &count, 0);
		run(pool, tx, &a);
		assert_string_equal(a.values[0], id < 73 ? "1" : "0");
		answer_deinit(&a);
	}
	assert_int_equal(run_int(pool, &count), 0);
	cluster_sql("DELETE FROM member");
}

/* --- deadlines ---------------------------------------------------------- */

/* The server gives up first, so the connection can be kept. */
static void a_slow_statement_is_cancelled(void **state)
{
	static const struct sql timeout = {
		1021, "t_timeout",
		"SELECT setting AS v FROM pg_settings"
		" WHERE name = 'statement_timeout'",
		0
	};
	int64_t pid = run_int(pool, &backend_pid);
	struct answer a;

	(void)state;
	run(pool, nap_tx(5, 500), &a);
	assert_int_equal(a.error, PG_ERROR_TRANSIENT);
	assert_string_equal(a.sqlstate, "57014");
	assert_in_range(a.after_ms, 400, 500);
	assert_int_equal(run_int(pool, &backend_pid), pid);
	/* The shorter limit was that transaction's alone. */
	assert_int_equal(run_int(pool, &timeout), 9000);
	answer_deinit(&a);
}

static void the_deadline_is_of_the_whole(void **state)
{
	int64_t pid = run_int(pool, &backend_pid);
	struct pg_tx *tx = nap_tx(0.4, 500);
	struct answer a;

	(void)state;
	pg_tx_add(tx, &nap, 1);
	pg_tx_double(tx, 0.4);
	run(pool, tx, &a);
	assert_int_equal(a.error, PG_ERROR_DEADLINE);
	assert_in_range(a.after_ms, 490, 700);
	assert_int_not_equal(run_int(pool, &backend_pid), pid);
	assert_int_equal(pg_pool_reconnects(pool), 1);
	answer_deinit(&a);
}

/* --- the queue ---------------------------------------------------------- */

static void the_queue_is_bounded(void **state)
{
	struct answer a[4];

	(void)state;
	pool_ready(pool);
	settings.queue_max = 2;
	for (int i = 0; i < 4; i++) {
		answer_expect(&a[i]);
		pg_pool_run(pool, nap_tx(0.2, 5000), answer_cb, &a[i]);
		assert_false(a[i].done);
	}
	assert_int_equal(pg_pool_in_flight(pool), 4);
	assert_true(loop_until(&a[2].done, 5000));
	assert_int_equal(a[3].error, PG_ERROR_BUSY);
	assert_in_range(a[3].after_ms, 0, 100);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(a[i].error, PG_OK);
		assert_in_range(a[i].after_ms, 200 * (i + 1),
		                200 * (i + 1) + 150);
		answer_deinit(&a[i]);
	}
	assert_int_equal(pg_pool_in_flight(pool), 0);
}

static void waiting_has_a_deadline(void **state)
{
	struct answer slow, waits;

	(void)state;
	pool_ready(pool);
	answer_expect(&slow);
	pg_pool_run(pool, nap_tx(0.5, 5000), answer_cb, &slow);
	run(pool, nap_tx(0, 200), &waits);
	assert_int_equal(waits.error, PG_ERROR_BUSY);
	assert_in_range(waits.after_ms, 190, 350);
	assert_true(loop_until(&slow.done, 5000));
	assert_int_equal(slow.error, PG_OK);
	answer_deinit(&slow);
}

struct chain {
	int left;
	bool done;
};

static void chain_cb(void *arg, const struct pg_outcome *o)
{
	struct chain *chain = arg;

	assert_int_equal(o->error, PG_OK);
	if (--chain->left > 0)
		pg_pool_run(pool, tx_of(&backend_pid), chain_cb, chain);
	else
		chain->done = true;
}

static void a_callback_may_run_the_next(void **state)
{
	struct chain chain = { .left = 5 };

	(void)state;
	pg_pool_run(pool, tx_of(&backend_pid), chain_cb, &chain);
	assert_true(loop_until(&chain.done, 5000));
}

static void closing_answers_everybody(void **state)
{
	struct pg_pool *own = new_pool(1);
	struct answer a[3];

	(void)state;
	pool_ready(own);
	for (int i = 0; i < 3; i++) {
		answer_expect(&a[i]);
		pg_pool_run(own, nap_tx(5, 9000), answer_cb, &a[i]);
	}
	loop_for(50);
	pg_pool_free(&own);
	assert_null(own);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(a[i].times, 1);
		assert_int_equal(a[i].error, PG_ERROR_DOWN);
	}
}

struct load {
	int left, ok;
	bool done;
};

static void load_cb(void *arg, const struct pg_outcome *o)
{
	struct load *load = arg;

	load->ok += o->error == PG_OK;
	load->done = --load->left == 0;
}

static void a_thousand_transactions(void **state)
{
	struct load load = { .left = 1000 };
	struct pg_pool *own = new_pool(4);

	(void)state;
	settings.queue_max = 1000;
	for (int i = 0; i < 1000; i++) {
		struct pg_tx *tx = pg_tx_new();

		pg_tx_member(tx, i);
		add_row_to(tx, i, "x");
		if (i % 10 == 0)
			pg_tx_add(tx, &divide, 0);
		pg_pool_run(own, tx, load_cb, &load);
	}
	assert_true(loop_until(&load.done, 30000));
	assert_int_equal(load.ok, 900);
	assert_int_equal(run_int(own, &count_rows), 900);
	assert_int_equal(pg_pool_in_flight(own), 0);
	assert_int_equal(pg_pool_reconnects(own), 0);
	pg_pool_free(&own);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(text_arrives_as_it_is),
		TEST(every_type_arrives),
		TEST(arrays_arrive),
		TEST(a_nul_in_text_is_refused),
		TEST(large_values_pass),
		TEST(results_come_in_order),
		TEST(columns_are_read_by_name),
		TEST(an_error_rolls_back_all_of_it),
		TEST(a_violated_constraint_is_named),
		TEST(a_dry_run_leaves_nothing),
		TEST(a_failed_prepare_is_tried_again),
		TEST(a_stale_plan_costs_the_connection),
		TEST(forgotten_statements_cost_the_connection),
		TEST(an_open_transaction_costs_the_connection),
		TEST(copy_costs_the_connection),
		TEST(the_member_does_not_leak),
		TEST(rows_of_others_are_not_there),
		TEST(a_slow_statement_is_cancelled),
		TEST(the_deadline_is_of_the_whole),
		TEST(the_queue_is_bounded),
		TEST(waiting_has_a_deadline),
		TEST(a_callback_may_run_the_next),
		TEST(closing_answers_everybody),
		TEST(a_thousand_transactions),
	};

	return cmocka_run_group_tests(tests, cluster_setup, cluster_teardown);
}
