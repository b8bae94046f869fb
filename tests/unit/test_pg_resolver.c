/* common/pg/pg_resolver: names beside the loop, and giving up on them. What
 * servers of names do to it is in tests/faults/test_database_name.py. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <event2/event.h>
#include <string.h>

#include "common/pg/pg_conninfo.h"
#include "common/pg/pg_hosts.h"
#include "common/pg/pg_resolver.h"

static struct event_base *base;
static struct pg_resolver *resolver;
static int done;
static bool free_when_done;

static int begin(void **state)
{
	(void)state;
	done = 0;
	free_when_done = false;
	base = event_base_new();
	return 0;
}

static int end(void **state)
{
	(void)state;
	pg_resolver_free(&resolver);
	assert_null(resolver);
	assert_int_equal(event_base_loop(base, 0), 1);
	event_base_free(base);
	libevent_global_shutdown();
	return 0;
}

static void note_done(void *arg)
{
	assert_ptr_equal(arg, &done);
	assert_true(pg_resolver_is_done(resolver));
	done++;
	if (free_when_done)
		pg_resolver_free(&resolver);
}

static void look_up(const char *url)
{
	struct pg_conninfo *info = pg_conninfo_new(url, "test", 1000);

	resolver = pg_resolver_new(base, pg_hosts_new(info), note_done, &done);
	assert_non_null(resolver);
	pg_conninfo_free(&info);
}

static void wait_until_done(void)
{
	while (done == 0)
		assert_int_equal(event_base_loop(base, EVLOOP_ONCE), 0);
	assert_int_equal(done, 1);
}

static void finds_addresses_of_names(void **state)
{
	char why[64] = "";

	(void)state;
	look_up("host=/tmp,localhost,192.0.2.7 port=1,2,3");
	assert_false(pg_resolver_is_done(resolver));
	wait_until_done();
	struct pg_hosts *hosts = pg_resolver_take(resolver, why, sizeof(why));
	assert_non_null(hosts);
	/* localhost has one address, or two. */
	assert_in_range(hosts->count, 3, 4);
	for (size_t i = 1; i < hosts->count - 1; i++) {
		char **field = hosts->all[i].field;

		assert_string_equal(field[PG_HOST_NAME], "localhost");
		assert_string_equal(field[PG_HOST_PORT], "2");
		assert_true(strcmp(field[PG_HOST_ADDRESS], "127.0.0.1") == 0 ||
		            strcmp(field[PG_HOST_ADDRESS], "::1") == 0);
	}
	assert_string_equal(hosts->all[0].field[PG_HOST_NAME], "/tmp");
	assert_string_equal(hosts->all[0].field[PG_HOST_ADDRESS], "");
	assert_string_equal(hosts->all[hosts->count - 1].field[PG_HOST_PORT],
	                    "3");
	pg_hosts_free(&hosts);
}

static void may_be_freed_when_done(void **state)
{
	(void)state;
	free_when_done = true;
	look_up("host=localhost");
	wait_until_done();
	assert_null(resolver);
}

/* At it, or not yet, or done and not told, as it happens. */
static void may_be_freed_at_any_time(void **state)
{
	(void)state;
	for (int i = 0; i < 100; i++) {
		look_up("host=localhost");
		pg_resolver_free(&resolver);
	}
	assert_int_equal(event_base_loop(base, 0), 1);
	assert_int_equal(done, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(finds_addresses_of_names, begin,
		                                end),
		cmocka_unit_test_setup_teardown(may_be_freed_when_done, begin,
		                                end),
		cmocka_unit_test_setup_teardown(may_be_freed_at_any_time, begin,
		                                end),
	};

	return cmocka_run_group_tests_name("pg_resolver", tests, NULL, NULL);
}
