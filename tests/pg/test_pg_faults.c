/*
 * The pool while the server is killed, restarted, stopped and missing. Each
 * transaction has exactly one outcome, and work goes on by itself.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "common/pg/pg_pool.h"
#include "tests/pg/cluster.h"
#include "tests/pg/pool_fixture.h"

#define RECONNECTS "rewatch_pg_reconnects_total"
#define LOST_57    "rewatch_pg_lost_total{cause=\"57\"}"

static const struct sql backend_pid = { 1000, "t_backend_pid",
	                                "SELECT pg_backend_pid() AS v", 0,
	                                NULL };
static const struct sql nap = { 1001, "t_nap", "SELECT pg_sleep(3)::text AS v",
	                        0, NULL };
static const struct sql kill_others = {
	1002, "t_kill_others",
	"SELECT count(pg_terminate_backend(pid)) AS v FROM pg_stat_activity"
	" WHERE application_name = 'pgtest' AND pid <> pg_backend_pid()",
	0, NULL
};
static const struct sql kill_self = {
	1003, "t_kill_self",
	"SELECT pg_terminate_backend(pg_backend_pid()) AS v", 0, NULL
};
static const struct sql user = { 1006, "t_user",
	                         "SELECT current_user::text AS v", 0, NULL };
static const struct sql beat = { 1005, "t_beat",
	                         "INSERT INTO t_beat VALUES ($1)", 1, NULL };

/* --- one connection ----------------------------------------------------- */

static void killed_while_idle(void **state)
{
	struct pg_pool *killer = new_pool(1);
	int64_t lost = cluster_metric(RECONNECTS);
	int64_t by_admin = cluster_metric(LOST_57);

	(void)state;
	assert_int_equal(run_int(killer, &kill_others), 1);
	pg_pool_free(&killer);
	for (int i = 0; i < 500 && cluster_metric(RECONNECTS) == lost; i++)
		loop_for(10);
	assert_int_equal(cluster_metric(RECONNECTS), lost + 1);
	assert_int_equal(cluster_metric(LOST_57), by_admin + 1);
	/* Waits for the new connection. */
	assert_true(run_int(pool, &backend_pid) > 0);
}

static void killed_while_busy(void **state)
{
	struct pg_pool *killer = new_pool(1);
	struct answer a;

	(void)state;
	pool_ready(killer);
	answer_expect(&a);
	pg_pool_run(pool, tx_of(&nap), answer_cb, &a);
	loop_for(100);
	assert_int_equal(run_int(killer, &kill_others), 1);
	assert_true(loop_until(&a.done, SLACK_MS));
	assert_int_equal(a.error, PG_ERROR_LOST);
	assert_string_equal(a.sqlstate, "57P01");
	assert_int_equal(a.count, 0);
	assert_true(run_int(pool, &backend_pid) > 0);
	assert_int_equal(a.times, 1);
	pg_pool_free(&killer);
}

static void killed_by_itself(void **state)
{
	struct answer a;

	(void)state;
	run(pool, tx_of(&kill_self), &a);
	assert_int_equal(a.error, PG_ERROR_LOST);
	answer_deinit(&a);
	assert_true(run_int(pool, &backend_pid) > 0);
}

/* Alive for TCP, dead for us: only the deadline notices. */
static void a_stopped_backend_meets_the_deadline(void **state)
{
	int64_t pid = run_int(pool, &backend_pid);
	struct pg_tx *tx = tx_of(&backend_pid);
	struct answer a;

	(void)state;
	assert_int_equal(kill((pid_t)pid, SIGSTOP), 0);
	pg_tx_deadline(tx, 500);
	run(pool, tx, &a);
	assert_int_equal(kill((pid_t)pid, SIGCONT), 0);
	assert_int_equal(a.error, PG_ERROR_DEADLINE);
	assert_in_range(a.after_ms, 490, 500 + SLACK_MS);
	answer_deinit(&a);
	assert_int_not_equal(run_int(pool, &backend_pid), pid);
}

static void idle_in_transaction_is_never_our_state(void **state)
{
	static const struct sql idle = {
		1010, "t_idle",
		"SELECT count(*) AS v FROM pg_stat_activity WHERE"
		" application_name = 'pgtest' AND state LIKE 'idle in tr%'",
		0, NULL
	};
	struct pg_pool *other = new_pool(1);
	struct pg_tx *tx = tx_of(&backend_pid);
	struct answer a;

	(void)state;
	pg_tx_rollback(tx);
	pg_tx_member(tx, 1);
	run(pool, tx, &a);
	assert_int_equal(run_int(other, &idle), 0);
	answer_deinit(&a);
	pg_pool_free(&other);
}

/* --- the whole server --------------------------------------------------- */

#define OFFERS 200

/* So that most of the time a transaction is under way. */
static const struct sql linger = { 1012, "t_linger",
	                           "SELECT pg_sleep(0.1)::text AS v", 0, NULL };

/* One insert every 50 ms, whatever happens. */
struct load {
	struct answer answers[OFFERS];
	int offered;
};

static void offer(struct load *load)
{
	struct pg_tx *tx = pg_tx_new();
	struct answer *a = &load->answers[load->offered];

	answer_expect(a);
	pg_tx_deadline(tx, 2000);
	pg_tx_add(tx, &beat);
	pg_tx_set_int(tx, &beat, 0, load->offered);
	pg_tx_add(tx, &linger);
	load->offered++;
	pg_pool_run(pool, tx, answer_cb, a);
}

static int count_of(const struct load *load, int from, enum pg_error_kind error)
{
	int n = 0;

	for (int i = from; i < load->offered; i++)
		n += load->answers[i].done && load->answers[i].error == error;
	return n;
}

static bool all_done(const struct load *load)
{
	for (int i = 0; i < load->offered; i++) {
		if (!load->answers[i].done)
			return false;
	}
	return true;
}

static void wait_for_all(const struct load *load)
{
	for (int i = 0; i < 1000 && !all_done(load); i++)
		loop_for(10);
	for (int i = 0; i < load->offered; i++) {
		assert_int_equal(load->answers[i].times, 1);
		/* Its deadline and the loop's own delay. */
		assert_in_range(load->answers[i].after_ms, 0, 2000 + SLACK_MS);
	}
}

/* What was acknowledged is there; what was not begun is not. */
static void check_beats(const struct load *load)
{
	static const struct sql present = {
		1011, "t_present",
		"SELECT string_agg(id::text, ',' ORDER BY id) || ',' AS v"
		" FROM t_beat",
		0, NULL
	};
	static bool there[OFFERS];
	struct answer a;
	char *rest;

	memset(there, 0, sizeof(there));
	run(pool, tx_of(&present), &a);
	assert_int_equal(a.error, PG_OK);
	for (rest = a.values[0]; *rest != '\0'; rest++)
		there[strtol(rest, &rest, 10)] = true;
	for (int i = 0; i < load->offered; i++) {
		enum pg_error_kind error = load->answers[i].error;
		if (error == PG_OK)
			assert_true(there[i]);
		else if (error != PG_ERROR_LOST && error != PG_ERROR_DEADLINE)
			assert_false(there[i]);
	}
	answer_deinit(&a);
}

static void restart_under_load(const char *mode)
{
	static struct load load;
	const char *const commands[] = { "stop", mode, "start", "", NULL };
	int64_t ended;
	int64_t lost;
	int resumed;
	pid_t pid;

	memset(&load, 0, sizeof(load));
	cluster_sql("DROP TABLE IF EXISTS t_beat; CREATE TABLE t_beat (id int);"
	            "GRANT ALL ON t_beat TO rewatch_api");
	pg_pool_free(&pool);
	pool = new_pool(3);
	lost = cluster_metric(RECONNECTS);
	for (int i = 0; i < 10; i++) {
		offer(&load);
		loop_for(50);
	}
	loop_for(200);
	assert_int_equal(count_of(&load, 0, PG_OK), 10);
	pid = cluster_begin(commands);
	while (!cluster_ended(pid) && load.offered < OFFERS) {
		offer(&load);
		loop_for(50);
	}
	ended = clock_ms();
	resumed = load.offered;
	while (count_of(&load, resumed, PG_OK) == 0 &&
	       clock_ms() < ended + 5000 && load.offered < OFFERS) {
		offer(&load);
		loop_for(50);
	}
	assert_true(count_of(&load, resumed, PG_OK) > 0);
	wait_for_all(&load);
	assert_true(count_of(&load, 0, PG_ERROR_LOST) > 0);
	assert_true(cluster_metric(RECONNECTS) >= lost + 3);
	check_beats(&load);
	for (int i = 0; i < load.offered; i++)
		answer_deinit(&load.answers[i]);
}

static void fast_restart_under_load(void **state)
{
	(void)state;
	restart_under_load("fast");
}

static void immediate_restart_under_load(void **state)
{
	(void)state;
	restart_under_load("immediate");
}

static void without_a_server_nobody_waits_long(void **state)
{
	struct answer a;

	(void)state;
	cluster_do("stop", "fast");
	loop_for(50);
	run(pool, tx_of(&backend_pid), &a);
	assert_int_equal(a.error, PG_ERROR_DOWN);
	assert_in_range(a.after_ms, 700, 1000 + SLACK_MS);
	assert_non_null(strstr(a.message, "no connection to the database: "));
	assert_false(pg_pool_ready(pool));
	assert_null(strstr(pg_pool_why(pool), "lacks the change"));
	answer_deinit(&a);

	run(pool, tx_of(&backend_pid), &a);
	assert_int_equal(a.error, PG_ERROR_DOWN);
	/* At once: it is known by now, and not waited for again. */
	assert_in_range(a.after_ms, 0, 600);
	answer_deinit(&a);

	cluster_do("start", "");
	assert_true(run_int(pool, &backend_pid) > 0);
}

static void expect_user(const char *name)
{
	struct answer a;

	pool_ready(pool);
	run(pool, tx_of(&user), &a);
	assert_int_equal(a.error, PG_OK);
	assert_string_equal(a.values[0], name);
	answer_deinit(&a);
}

static void lose_the_connection(void)
{
	struct answer a;

	run(pool, tx_of(&kill_self), &a);
	assert_int_equal(a.error, PG_ERROR_LOST);
	answer_deinit(&a);
}

static void a_new_url_is_for_new_connections(void **state)
{
	char *old = settings.url;
	char *new = xstrdup(cluster_url("rewatch_daemon"));

	(void)state;
	expect_user("rewatch_api");
	settings.url = new;
	expect_user("rewatch_api");
	lose_the_connection();
	expect_user("rewatch_daemon");
	settings.url = old;
	free(new);
	expect_user("rewatch_daemon");
	lose_the_connection();
	expect_user("rewatch_api");
}

/* Accepts, then never says a word: the second host has to get its turn. */
static void pass_silent_host(const char *host, int port)
{
	static char url[256];
	struct pg_pool *own;

	(void)snprintf(url, sizeof(url),
	               "host=%s,%s port=%d,5432 dbname=rewatch "
	               "user=rewatch_api target_session_attrs=read-write",
	               host, cluster_directory(), port);
	settings.url = url;
	settings.connect_timeout = 300;
	own = new_pool(1);
	assert_true(run_int(own, &backend_pid) > 0);
	pg_pool_free(&own);
}

static void a_silent_first_host_is_passed(void **state)
{
	char silent[64];
	int port = silent_listener(silent, sizeof(silent));

	(void)state;
	pass_silent_host(silent, port);
	pass_silent_host("localhost", port);
}

/* Whether the names have been looked up or not. */
static void it_is_freed_while_looking_up(void **state)
{
	static char url[] = "host=localhost port=1 dbname=rewatch";

	(void)state;
	settings.url = url;
	for (int ms = 0; ms < 20; ms++) {
		struct pg_pool *own = new_pool(4);

		loop_for(ms / 2);
		pg_pool_free(&own);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, pool_setup, pool_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(killed_while_idle),
		TEST(killed_while_busy),
		TEST(killed_by_itself),
		TEST(a_stopped_backend_meets_the_deadline),
		TEST(idle_in_transaction_is_never_our_state),
		TEST(fast_restart_under_load),
		TEST(immediate_restart_under_load),
		TEST(without_a_server_nobody_waits_long),
		TEST(a_new_url_is_for_new_connections),
		TEST(a_silent_first_host_is_passed),
		TEST(it_is_freed_while_looking_up),
	};

	return cmocka_run_group_tests(tests, cluster_setup, cluster_teardown);
}
