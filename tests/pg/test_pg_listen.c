/*
 * The listener against a real server.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/pg/pg_listen.h"
#include "tests/pg/cluster.h"

struct heard {
	int connects, disconnects, count;
	bool connected, disconnected, notified;
	char channel[32], payload[64];
};

static struct pg_settings settings;
static struct heard heard;
static struct pg_listen *listener;

static void on_notify(void *arg, const char *channel, const char *payload)
{
	struct heard *h = arg;

	h->notified = true;
	h->count++;
	(void)snprintf(h->channel, sizeof(h->channel), "%s", channel);
	(void)snprintf(h->payload, sizeof(h->payload), "%s", payload);
}

static void on_connect(void *arg)
{
	struct heard *h = arg;

	h->connects++;
	h->connected = true;
}

static void on_disconnect(void *arg)
{
	struct heard *h = arg;

	h->disconnects++;
	h->disconnected = true;
}

static int setup(void **state)
{
	static const char *const channels[] = { "t_one", "t Two", NULL };
	struct pg_listen_options options = {
		.settings = &settings,
		.application_name = "pgtest",
		.channels = channels,
		.on_notify = on_notify,
		.on_connect = on_connect,
		.on_disconnect = on_disconnect,
		.arg = &heard,
	};

	(void)state;
	settings = cluster_settings(1);
	settings.connect_timeout = 1000;
	heard = (struct heard){ 0 };
	listener = pg_listen_new(cluster_base(), &options);
	assert_true(loop_until(&heard.connected, SLACK_MS));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	pg_listen_free(&listener);
	return 0;
}

static void hear(const char *channel, const char *payload)
{
	heard.notified = false;
	cluster_sql("NOTIFY \"%s\", '%s'", channel, payload);
	assert_true(loop_until(&heard.notified, SLACK_MS));
	assert_string_equal(heard.channel, channel);
	assert_string_equal(heard.payload, payload);
}

static void all_channels_are_heard(void **state)
{
	(void)state;
	hear("t_one", "first");
	hear("t Two", "");
	cluster_sql("NOTIFY t_three");
	loop_for(200);
	assert_int_equal(heard.count, 2);
	assert_int_equal(heard.connects, 1);
	assert_int_equal(heard.disconnects, 0);
}

static void it_listens_again_after_a_restart(void **state)
{
	(void)state;
	heard.connected = false;
	cluster_do("stop", "fast");
	assert_true(loop_until(&heard.disconnected, SLACK_MS));
	cluster_do("start", "");
	assert_true(loop_until(&heard.connected, 1000 + SLACK_MS));
	hear("t_one", "after");
	assert_int_equal(heard.connects, 2);
	assert_int_equal(heard.disconnects, 1);
}

static void it_listens_again_after_being_killed(void **state)
{
	(void)state;
	heard.connected = false;
	cluster_sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
	            "WHERE application_name = 'pgtest'");
	assert_true(loop_until(&heard.disconnected, SLACK_MS));
	assert_true(loop_until(&heard.connected, SLACK_MS));
	hear("t_one", "again");
}

/* Nothing comes from a stopped backend; the probe after 15 s notices. */
static void a_silent_server_is_noticed(void **state)
{
	pid_t pid = cluster_backend("pgtest");

	(void)state;
	assert_int_equal(kill(pid, SIGSTOP), 0);
	heard.connected = false;
	assert_true(loop_until(&heard.disconnected, 17000 + SLACK_MS));
	assert_true(loop_until(&heard.connected, SLACK_MS));
	assert_int_equal(kill(pid, SIGCONT), 0);
	hear("t_one", "still");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(all_channels_are_heard),
		TEST(it_listens_again_after_a_restart),
		TEST(it_listens_again_after_being_killed),
		TEST(a_silent_server_is_noticed),
	};

	return cmocka_run_group_tests(tests, cluster_setup, cluster_teardown);
}
