/*
 * What is asked of a session before it serves: that nobody is logged in who is
 * above the wall between members, that changes are possible, that the time-outs
 * are those that were set.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/base/attr.h"
#include "common/pg/pg_pool.h"
#include "gen/sql.h"
#include "tests/pg/cluster.h"

static struct pg_settings settings;

static const struct sql one = { 1000, "t_one", "SELECT 1 AS v", 0, NULL };

static struct pg_pool *new_pool(const char *role, const char *more,
                                const struct sql *wall)
{
	static char url[256];
	const struct pg_pool_options options = {
		.settings = &settings,
		.application_name = "pgtest",
		.schema_change = SQL_SCHEMA_CHANGE,
		.wall = wall,
	};

	settings = cluster_settings(1);
	(void)snprintf(url, sizeof(url), "%s%s", cluster_url(role), more);
	settings.url = url;
	return pg_pool_new(cluster_base(), &options);
}

/* --- who logs in -------------------------------------------------------- */

static const struct refusal {
	const char *role, *more;
	const struct sql *wall; /* of which program */
	const char *spoil, *mend;
	const char *why;
} refusals[] = {
	{ "postgres", "", NULL, NULL, NULL,
	  "the role \"postgres\" is a superuser" },
	/* SET ROLE NONE would lead back. */
	{ "postgres", "&options=-crole%3Drewatch_api", NULL, NULL, NULL,
	  "the role \"postgres\" is a superuser" },
	{ "rewatch_owner", "", NULL, NULL, NULL,
	  "the role \"rewatch_owner\" owns members' tables" },
	{ "rewatch_api", "", NULL, "ALTER ROLE rewatch_api BYPASSRLS",
	  "ALTER ROLE rewatch_api NOBYPASSRLS",
	  "the role \"rewatch_api\" has BYPASSRLS" },
	{ "rewatch_api", "", NULL, "ALTER ROLE rewatch_api CREATEROLE",
	  "ALTER ROLE rewatch_api NOCREATEROLE",
	  "the role \"rewatch_api\" may create roles" },
	{ "rewatch_api", "", NULL, "GRANT rewatch_owner TO rewatch_api",
	  "REVOKE rewatch_owner FROM rewatch_api",
	  "owns members' tables, or may become who does" },
	{ "rewatch_api", "", NULL,
	  "ALTER ROLE rewatch_api SET default_transaction_read_only = on",
	  "ALTER ROLE rewatch_api RESET default_transaction_read_only",
	  "the database is read-only" },
	{ "rewatch_daemon", "", NULL,
	  "REVOKE USAGE ON SCHEMA sqitch FROM rewatch_daemon",
	  "GRANT USAGE ON SCHEMA sqitch TO rewatch_daemon",
	  "permission denied for schema sqitch for the role "
	  "\"rewatch_daemon\"" },
	/* The API server's. */
	{ "rewatch_daemon", "", &SQL_SESSION_API_WALL, NULL, NULL,
	  "the role \"rewatch_daemon\" has no right to the table "
	  "enrich_share: the server logs in as rewatch_api" },
	{ "rewatch_api", "", &SQL_SESSION_API_WALL,
	  "ALTER TABLE watch DISABLE ROW LEVEL SECURITY",
	  "ALTER TABLE watch ENABLE ROW LEVEL SECURITY",
	  "row-level security does not hold on the table watch" },
	/* A new table whose wall was forgotten. */
	{ "rewatch_api", "", &SQL_SESSION_API_WALL,
	  "CREATE TABLE t_bare (member_id bigint)", "DROP TABLE t_bare",
	  "row-level security does not hold on the table t_bare" },
	/* The daemon's. */
	{ "rewatch_api", "", &SQL_SESSION_DAEMON_WALL, NULL, NULL,
	  "the role \"rewatch_api\" has a right to the table enrich_share, and "
	  "the daemon must have none" },
	{ "rewatch_daemon", "", &SQL_SESSION_DAEMON_WALL,
	  "GRANT SELECT (film_id) ON watch TO rewatch_daemon",
	  "REVOKE SELECT (film_id) ON watch FROM rewatch_daemon",
	  "has a right to the table watch" },
	{ "rewatch_daemon", "", &SQL_SESSION_DAEMON_WALL,
	  "REVOKE UPDATE ON enrich_job FROM rewatch_daemon",
	  "GRANT UPDATE ON enrich_job TO rewatch_daemon",
	  "has no right to the table enrich_job" },
};

static void the_wrong_role_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
		const struct refusal *r = &refusals[i];
		struct pg_pool *pool;

		if (r->spoil != NULL)
			cluster_sql("%s", r->spoil);
		pool = new_pool(r->role, r->more, r->wall);
		pool_refused(pool, r->why);
		if (r->mend != NULL) {
			cluster_sql("%s", r->mend);
			assert_int_equal(run_int(pool, &one), 1);
		}
		pg_pool_free(&pool);
	}
}

static void the_right_ones_serve(void **state)
{
	static const struct {
		const char *role;
		const struct sql *wall;
	} rows[] = {
		{ "rewatch_api", &SQL_SESSION_API_WALL },
		{ "rewatch_daemon", &SQL_SESSION_DAEMON_WALL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct pg_pool *pool = new_pool(rows[i].role, "", rows[i].wall);

		assert_int_equal(run_int(pool, &one), 1);
		pg_pool_free(&pool);
	}
}

/* --- what is set -------------------------------------------------------- */

static void expect_set(const char *more, const char *expected)
{
	static const struct sql shown = {
		1001, "t_shown",
		"SELECT concat_ws(' ', current_setting('application_name'),"
		" current_setting('statement_timeout'),"
		" current_setting('lock_timeout'), current_setting("
		"'idle_in_transaction_session_timeout'), current_setting("
		"'client_connection_check_interval')) AS v",
		0, NULL
	};
	struct pg_pool *pool = new_pool("rewatch_api", more, NULL);
	struct answer a;

	pool_ready(pool);
	run(pool, tx_of(&shown), &a);
	assert_string_equal(a.values[0], expected);
	answer_deinit(&a);
	pg_pool_free(&pool);
}

static void the_persons_options_win(void **state)
{
	(void)state;
	expect_set("", "pgtest 9s 5s 10s 5s");
	expect_set("&application_name=mine&options=-c%20lock_timeout%3D7s"
	           "%20-cclient_connection_check_interval%3D0",
	           "mine 9s 7s 10s 0");
}

/* Without a program's word, as with a pooler that lost it. */
static void roles_have_time_outs_of_their_own(void **state)
{
	static const char *const roles[] = { "rewatch_api", "rewatch_daemon" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(roles); i++)
		cluster_sql("SELECT 1 / count(*)::int FROM pg_roles"
		            " WHERE rolname = '%s' AND rolconfig @> '{"
		            "statement_timeout=60s,lock_timeout=10s,"
		            "idle_in_transaction_session_timeout=60s}'",
		            roles[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_wrong_role_is_refused),
		cmocka_unit_test(the_right_ones_serve),
		cmocka_unit_test(the_persons_options_win),
		cmocka_unit_test(roles_have_time_outs_of_their_own),
	};

	return cmocka_run_group_tests(tests, cluster_setup, cluster_teardown);
}
