/*
 * What a connection goes through before it serves: the schema and the
 * session's own statements.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/base/mem.h"
#include "common/pg/pg_pool.h"
#include "gen/sql.h"
#include "tests/pg/cluster.h"

static struct pg_settings settings;

static const struct sql one = { 1000, "t_one", "SELECT 1 AS v", 0, NULL };
static const struct sql fill = {
	1001, "t_fill", "INSERT INTO t_own VALUES (5) RETURNING n AS v", 0, NULL
};

static struct pg_pool *new_pool(const char *change, const char *session_sql)
{
	struct pg_pool_options options = { .settings = &settings,
		                           .application_name = "pgtest",
		                           .session_sql = session_sql,
		                           .schema_change = change };

	return pg_pool_new(cluster_base(), &options);
}

static int setup(void **state)
{
	(void)state;
	settings = cluster_settings(1);
	return 0;
}

static void expect_wrong(struct pg_pool *pool, const char *change)
{
	char *why = xasprintf("lacks the change \"%s\": run the migrations",
	                      change);

	pool_refused(pool, why);
	/* While it tries again and again, too. */
	for (int i = 0; i < 300; i++) {
		assert_non_null(strstr(pg_pool_why(pool), why));
		loop_for(1);
	}
	free(why);
}

static void the_newest_change_is_there(void **state)
{
	static const char *const roles[] = { "rewatch_api", "rewatch_daemon" };

	(void)state;
	for (int i = 0; i < 2; i++) {
		char url[256];
		struct pg_pool *pool;

		(void)snprintf(url, sizeof(url), "%s", cluster_url(roles[i]));
		settings.url = url;
		pool = new_pool(SQL_SCHEMA_CHANGE, NULL);
		assert_int_equal(run_int(pool, &one), 1);
		assert_true(pg_pool_ready(pool));
		pg_pool_free(&pool);
	}
}

static void an_old_schema_is_served_once_it_is_migrated(void **state)
{
	struct pg_pool *pool = new_pool("t_tomorrow", NULL);

	(void)state;
	expect_wrong(pool, "t_tomorrow");
	cluster_sql("INSERT INTO sqitch.changes SELECT 't_id', NULL, "
	            "'t_tomorrow', project, note, committed_at, "
	            "committer_name, committer_email, planned_at, "
	            "planner_name, planner_email FROM sqitch.changes LIMIT 1");
	pool_ready(pool);
	assert_int_equal(run_int(pool, &one), 1);
	pg_pool_free(&pool);
	cluster_sql("DELETE FROM sqitch.changes WHERE change = 't_tomorrow'");
}

static void an_empty_database_is_a_wrong_schema(void **state)
{
	char url[256];
	struct pg_pool *pool;

	(void)state;
	(void)snprintf(url, sizeof(url), "%s&dbname=postgres",
	               cluster_url("rewatch_api"));
	settings.url = url;
	pool = new_pool("film", NULL);
	expect_wrong(pool, "film");
	pg_pool_free(&pool);
}

static void each_connection_runs_its_session_sql(void **state)
{
	static const struct sql kill_self = {
		1002, "t_kill_self",
		"SELECT pg_terminate_backend(pg_backend_pid()) AS v", 0, NULL
	};
	struct pg_pool *pool =
		new_pool(SQL_SCHEMA_CHANGE,
	                 "CREATE TEMP TABLE t_own (n int); SET work_mem = "
	                 "'8MB'; SELECT 1");
	struct answer a;

	(void)state;
	assert_int_equal(run_int(pool, &fill), 5);
	run(pool, tx_of(&kill_self), &a);
	assert_int_equal(a.error, PG_ERROR_LOST);
	answer_deinit(&a);
	assert_int_equal(run_int(pool, &fill), 5);
	pg_pool_free(&pool);
}

static void a_failing_session_sql_is_said(void **state)
{
	struct pg_pool *pool = new_pool(NULL, "SELECT 1 / 0");

	(void)state;
	pool_refused(pool, "division by zero");
	pg_pool_free(&pool);
}

#define TEST(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_newest_change_is_there),
		TEST(an_old_schema_is_served_once_it_is_migrated),
		TEST(an_empty_database_is_a_wrong_schema),
		TEST(each_connection_runs_its_session_sql),
		TEST(a_failing_session_sql_is_said),
	};

	return cmocka_run_group_tests(tests, cluster_setup, cluster_teardown);
}
