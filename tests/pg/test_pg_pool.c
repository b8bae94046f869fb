/*
 * The pool against a real server: outcomes, deadlines and the bound of the
 * queue. What happens when the server fails is in test_pg_faults.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/pg/pg_pool.h"
#include "tests/pg/cluster.h"
#include "tests/pg/pool_fixture.h"

#define RECONNECTS    "rewatch_pg_reconnects_total"
#define LOST_DEADLINE "rewatch_pg_lost_total{cause=\"deadline\"}"

static const struct sql backend_pid = { 1000, "t_backend_pid",
	                                "SELECT pg_backend_pid() AS v", 0,
	                                NULL };
static const struct sql add_row = {
	1002, "t_add_row", "INSERT INTO t_row (id, name) VALUES ($1, $2)", 2,
	NULL
};
static const struct sql count_rows = { 1003, "t_count_rows",
	                               "SELECT count(*) AS v FROM t_row", 0,
	                               NULL };
static const struct sql divide = { 1004, "t_divide", "SELECT 1 / 0 AS v", 0,
	                           NULL };
static const struct sql nap = { 1005, "t_nap",
	                        "SELECT pg_sleep($1::float8)::text AS v", 1,
	                        NULL };
static const struct sql member_set = {
	1006, "t_member_set",
	"SELECT NULLIF(current_setting('rewatch.member_id', true), '') AS v", 0,
	NULL
};

static int setup(void **state)
{
	cluster_sql("DROP TABLE IF EXISTS t_row; CREATE TABLE t_row (id bigint "
	            "CONSTRAINT t_row_key PRIMARY KEY, name text);"
	            "GRANT ALL ON t_row TO rewatch_api");
	return pool_setup(state);
}

static struct pg_tx *nap_tx(double seconds, int64_t deadline_ms)
{
	struct pg_tx *tx = pg_tx_new();

	pg_tx_deadline(tx, deadline_ms);
	pg_tx_add(tx, &nap);
	pg_tx_set_real(tx, &nap, 0, seconds);
	return tx;
}

static void add_row_to(struct pg_tx *tx, int64_t id, const char *name)
{
	pg_tx_add(tx, &add_row);
	pg_tx_set_int(tx, &add_row, 0, id);
	pg_tx_set_text(tx, &add_row, 1, name);
}

/* --- outcomes ----------------------------------------------------------- */

static void results_come_in_order(void **state)
{
	struct pg_tx *tx = pg_tx_new();
	struct answer a;

	(void)state;
	add_row_to(tx, 1, "one");
	add_row_to(tx, 2, NULL);
	pg_tx_add(tx, &count_rows);
	run(pool, tx, &a);
	assert_int_equal(a.error, PG_OK);
	assert_int_equal(a.failed, -1);
	assert_int_equal(a.count, 3);
	assert_string_equal(a.values[2], "2");
	answer_deinit(&a);
}

static void an_error_rolls_back_all_of_it(void **state)
{
	struct pg_tx *tx = pg_tx_new();
	int64_t pid = run_int(pool, &backend_pid);
	struct answer a;

	(void)state;
	add_row_to(tx, 1, "one");
	pg_tx_add(tx, &divide);
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

static void a_dry_run_leaves_nothing(void **state)
{
	int64_t pid = run_int(pool, &backend_pid);
	struct pg_tx *good = pg_tx_new(), *bad = pg_tx_new();
	struct answer a;

	(void)state;
	pg_tx_rollback(good);
	pg_tx_member(good, 1);
	add_row_to(good, 1, "one");
	pg_tx_add(good, &count_rows);
	run(pool, good, &a);
	assert_int_equal(a.error, PG_OK);
	assert_string_equal(a.values[1], "1");
	answer_deinit(&a);
	assert_int_equal(run_int(pool, &count_rows), 0);

	pg_tx_rollback(bad);
	add_row_to(bad, 1, "one");
	pg_tx_add(bad, &divide);
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
		                          "SELECT 7 AS v FROM t_later", 0,
		                          NULL };
	struct answer a;

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct pg_tx *tx = pg_tx_new();

		pg_tx_add(tx, &backend_pid);
		pg_tx_add(tx, &later);
		pg_tx_add(tx, &count_rows);
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
		                        "SELECT *, 5 AS v FROM t_row", 0,
		                        NULL };
	int64_t pid = run_int(pool, &backend_pid);
	struct pg_tx *tx = pg_tx_new();
	struct answer a;

	(void)state;
	add_row_to(tx, 1, "one");
	pg_tx_add(tx, &all);
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
		                           0, NULL };
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
	static const struct sql begin = { 1018, "t_begin", "BEGIN", 0, NULL };
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
		                         "COPY t_row FROM STDIN", 0, NULL };
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
	pg_tx_add(tx, &member_set);
	run(pool, tx, &a);
	assert_string_equal(a.values[0], "7");
	assert_int_equal(a.count, 1);
	answer_deinit(&a);
	run(pool, tx_of(&member_set), &a);
	assert_null(a.values[0]);

	pg_tx_member(failing, 8);
	pg_tx_add(failing, &divide);
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
		                          "SELECT count(*) AS v FROM member", 0,
		                          NULL };
	struct answer a;

	(void)state;
	cluster_sql(
		"INSERT INTO member (id, name) VALUES (71, 'a'), (72, 'b')");
	for (int64_t id = 71; id <= 73; id++) {
		struct pg_tx *tx = pg_tx_new();

		pg_tx_member(tx, id);
		pg_tx_add(tx, &count);
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
		0, NULL
	};
	int64_t pid = run_int(pool, &backend_pid);
	struct answer a;

	(void)state;
	run(pool, nap_tx(60, 3000), &a);
	assert_int_equal(a.error, PG_ERROR_TRANSIENT);
	assert_string_equal(a.sqlstate, "57014");
	assert_int_equal(run_int(pool, &backend_pid), pid);
	/* The shorter limit was that transaction's alone. */
	assert_int_equal(run_int(pool, &timeout), 9000);
	answer_deinit(&a);
}

static void the_deadline_is_of_the_whole(void **state)
{
	int64_t pid = run_int(pool, &backend_pid);
	struct pg_tx *tx = nap_tx(0.4, 500);
	int64_t lost = cluster_metric(RECONNECTS);
	int64_t by_deadline = cluster_metric(LOST_DEADLINE);
	struct answer a;

	(void)state;
	pg_tx_add(tx, &nap);
	pg_tx_set_real(tx, &nap, 0, 0.4);
	run(pool, tx, &a);
	assert_int_equal(a.error, PG_ERROR_TRANSIENT);
	assert_string_equal(a.sqlstate, "57014");
	assert_in_range(a.after_ms, 490, 500 + SLACK_MS);
	assert_int_not_equal(run_int(pool, &backend_pid), pid);
	assert_int_equal(cluster_metric(RECONNECTS), lost + 1);
	assert_int_equal(cluster_metric(LOST_DEADLINE), by_deadline + 1);
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
	/* One runs, two wait, and the fourth has been refused. */
	assert_int_equal(cluster_metric("rewatch_pg_queue"), 2);
	assert_true(loop_until(&a[2].done, 5000));
	assert_int_equal(a[3].error, PG_ERROR_BUSY);
	assert_true(a[3].after_ms < a[0].after_ms);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(a[i].error, PG_OK);
		assert_true(a[i].after_ms >= 200L * (i + 1));
		answer_deinit(&a[i]);
	}
	assert_int_equal(cluster_metric("rewatch_pg_queue"), 0);
}

static void waiting_has_a_deadline(void **state)
{
	struct answer slow, waits;

	(void)state;
	pool_ready(pool);
	answer_expect(&slow);
	pg_pool_run(pool, nap_tx(3, 9000), answer_cb, &slow);
	run(pool, nap_tx(0, 200), &waits);
	assert_int_equal(waits.error, PG_ERROR_BUSY);
	assert_in_range(waits.after_ms, 190, 3000);
	assert_true(loop_until(&slow.done, 3000 + SLACK_MS));
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
	int64_t lost = cluster_metric(RECONNECTS);

	(void)state;
	pool_ready(own);
	settings.queue_max = 1000;
	for (int i = 0; i < 1000; i++) {
		struct pg_tx *tx = pg_tx_new();

		pg_tx_member(tx, i);
		add_row_to(tx, i, "x");
		if (i % 10 == 0)
			pg_tx_add(tx, &divide);
		pg_pool_run(own, tx, load_cb, &load);
	}
	assert_true(loop_until(&load.done, 30000));
	assert_int_equal(load.ok, 900);
	assert_int_equal(run_int(own, &count_rows), 900);
	assert_int_equal(cluster_metric(RECONNECTS), lost);
	pg_pool_free(&own);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, pool_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(results_come_in_order),
		TEST(an_error_rolls_back_all_of_it),
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
