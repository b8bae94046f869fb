/*
 * A transaction that has no outcome by its deadline is cancelled: the server
 * ends it within moments and not when it notices that nobody listens, and what
 * came of it is known.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/mem.h"
#include "common/pg/pg_pool.h"
#include "tests/pg/cluster.h"

#define DEADLINE_MS 500

/* The server has neither a time-out of its own, nor looks whether its client is
 * there: only a cancellation ends a statement. */
#define NO_TIME_OUTS                                                           \
	"&options=-cstatement_timeout%3D0%20"                                  \
	"-cclient_connection_check_interval%3D0"

static struct pg_settings settings;
static struct pg_pool *pool;
static struct pg_pool *other;

static const struct sql note = { 1000, "t_note",
	                         "INSERT INTO t_noted VALUES "
	                         "(1)",
	                         0, NULL };
static const struct sql nap = { 1001, "t_nap", "SELECT pg_sleep(60)::text AS v",
	                        0, NULL };
static const struct sql stubborn = { 1002, "t_stubborn",
	                             "SELECT t_stubborn() AS v", 0, NULL };
static const struct sql large = { 1003, "t_large",
	                          "INSERT INTO t_noted SELECT length($1::text)",
	                          1, NULL };
static const struct sql noted = { 1004, "t_noted",
	                          "SELECT count(*) AS v FROM t_noted", 0,
	                          NULL };
static const struct sql asleep = {
	1005, "t_asleep",
	/* Not a session that begins meanwhile. */
	"SELECT count(*) AS v FROM pg_stat_activity WHERE state <> 'idle'"
	" AND query ~ 'pg_sleep|t_noted' AND pid <> pg_backend_pid()",
	0, NULL
};

static struct pg_pool *new_pool(void)
{
	const struct pg_pool_options options = { .settings = &settings,
		                                 .application_name = "pgtest" };

	return pg_pool_new(cluster_base(), &options);
}

static int setup(void **state)
{
	static char url[256];

	(void)state;
	cluster_sql("CREATE TABLE t_noted (n int);"
	            "GRANT ALL ON t_noted TO rewatch_api;"
	            "CREATE FUNCTION t_stubborn() RETURNS int LANGUAGE plpgsql"
	            " AS $$ BEGIN PERFORM pg_sleep(60); RETURN 0;"
	            " EXCEPTION WHEN query_canceled THEN RETURN 1; END $$");
	settings = cluster_settings(1);
	settings.deadline = DEADLINE_MS;
	(void)snprintf(url, sizeof(url), "%s%s", settings.url, NO_TIME_OUTS);
	settings.url = url;
	pool = new_pool();
	other = new_pool();
	pool_ready(pool);
	pool_ready(other);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	pg_pool_free(&pool);
	pg_pool_free(&other);
	cluster_sql("DROP TABLE t_noted; DROP FUNCTION t_stubborn");
	return 0;
}

static void expect_nobody_at_it(void)
{
	for (int i = 0; i < 100 && run_int(other, &asleep) > 0; i++)
		loop_for(50);
	assert_int_equal(run_int(other, &asleep), 0);
}

static void run_noted(const struct sql *then, struct answer *a)
{
	struct pg_tx *tx = tx_of(&note);

	pg_tx_add(tx, then);
	run(pool, tx, a);
}

static void nothing_was_changed(void **state)
{
	struct answer a;

	(void)state;
	run_noted(&nap, &a);
	assert_int_equal(a.error, PG_ERROR_TRANSIENT);
	assert_string_equal(a.sqlstate, "57014");
	assert_in_range(a.after_ms, DEADLINE_MS - 10, DEADLINE_MS + SLACK_MS);
	answer_deinit(&a);
	expect_nobody_at_it();
	assert_int_equal(run_int(other, &noted), 0);
	/* On another connection: the request may be late. */
	assert_int_equal(run_int(pool, &noted), 0);
}

/* The cancellation came too late, or was of no avail. */
static void what_was_done_is_told(void **state)
{
	struct answer a;

	(void)state;
	run_noted(&stubborn, &a);
	assert_int_equal(a.error, PG_OK);
	assert_string_equal(a.values[1], "1");
	answer_deinit(&a);
	assert_int_equal(run_int(pool, &noted), 1);
}

/* Larger than what sockets hold, behind a statement that takes its time. */
static void what_was_not_sent_is_not_done(void **state)
{
	struct pg_tx *tx = tx_of(&note);
	const size_t size = (size_t)1 << 20;
	char *text = xmalloc(size + 1);
	struct answer a;

	(void)state;
	memset(text, 'x', size);
	text[size] = '\0';
	pg_tx_add(tx, &nap);
	for (int i = 0; i < 30; i++) {
		pg_tx_add(tx, &large);
		pg_tx_set_text(tx, &large, 0, text);
	}
	free(text);
	run(pool, tx, &a);
	assert_int_equal(a.error, PG_ERROR_TRANSIENT);
	assert_string_equal(a.sqlstate, "57014");
	assert_non_null(strstr(a.message, "not all of it was sent"));
	answer_deinit(&a);
	expect_nobody_at_it();
	assert_int_equal(run_int(pool, &noted), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_was_changed),
		TEST(what_was_done_is_told),
		TEST(what_was_not_sent_is_not_done),
	};

	return cmocka_run_group_tests(tests, cluster_setup, cluster_teardown);
}
