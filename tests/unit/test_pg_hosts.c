/* common/pg/pg_hosts: the hosts of a connection string. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "common/pg/pg_conninfo.h"
#include "common/pg/pg_hosts.h"
#include "tests/unit/conninfo_expect.h"

static struct pg_conninfo *info_of(const char *url)
{
	return pg_conninfo_new(url, "test", 3000);
}

/* The lists as they are, beginning with another host. */
static void hosts_take_turns(void **state)
{
	static const struct {
		const char *url;
		size_t first;
		const char *host, *hostaddr, *port;
	} rows[] = {
		{ "postgresql://u@a:1,b:2,c:3/d", 0, "a,b,c", NULL, "1,2,3" },
		{ "postgresql://u@a:1,b:2,c:3/d", 1, "b,c,a", NULL, "2,3,1" },
		{ "postgresql://u@a:1,b:2,c:3/d", 5, "c,a,b", NULL, "3,1,2" },
		{ "host=a,b port=5432", 1, "b,a", NULL, "5432,5432" },
		{ "host=a,/run", 1, "/run,a", NULL, NULL },
		{ "host=a,b hostaddr=1.1.1.1,2.2.2.2", 1, "b,a",
		  "2.2.2.2,1.1.1.1", NULL },
		{ "host=a,b,c hostaddr=,2.2.2.2,", 1, "b,c,a", "2.2.2.2,,",
		  NULL },
		{ "hostaddr=1.1.1.1,2.2.2.2 port=1,2", 1, NULL,
		  "2.2.2.2,1.1.1.1", "2,1" },
		{ "host=a,b port=1,", 0, "a,b", NULL, "1," },
		{ "dbname=d", 1, NULL, NULL, NULL },
		/* Said, and empty. */
		{ "host=a,b port=''", 1, "b,a", NULL, "" },
		{ "host='' hostaddr=1.1.1.1,2.2.2.2", 1, "", "2.2.2.2,1.1.1.1",
		  NULL },
		{ "host=a,b hostaddr=''", 1, "b,a", "", NULL },
		/* These do not fit each other: left to libpq. */
		{ "host=a,b port=1,2,3", 1, "a,b", NULL, "1,2,3" },
		{ "host=a,b hostaddr=1.1.1.1", 1, "a,b", "1.1.1.1", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct pg_conninfo *info = info_of(rows[i].url);
		struct pg_hosts *hosts = pg_hosts_new(info);
		struct pg_conninfo *turned =
			pg_hosts_conninfo(hosts, info, rows[i].first);

		expect(turned, "host", rows[i].host);
		expect(turned, "hostaddr", rows[i].hostaddr);
		expect(turned, "port", rows[i].port);
		expect(turned, "application_name", "test");
		pg_conninfo_free(&turned);
		pg_hosts_free(&hosts);
		pg_conninfo_free(&info);
	}
}

/* Found by its fuzzer: the ports, all of them empty, stayed 70. */
static void lists_are_cut_alike(void **state)
{
	char url[300] = "host=";
	size_t n = strlen(url);

	(void)state;
	for (int i = 1; i < 70; i++, n += 2)
		memcpy(url + n, "a,", 3);
	memcpy(url + n, "a port=", 8);
	memset(url + n + 7, ',', 69);
	struct pg_conninfo *info = info_of(url);
	struct pg_hosts *hosts = pg_hosts_new(info);
	assert_int_equal(hosts->count, PG_HOSTS_MAX);
	struct pg_conninfo *turned = pg_hosts_conninfo(hosts, info, 0);
	struct pg_hosts *again = pg_hosts_new(turned);
	assert_int_equal(again->count, PG_HOSTS_MAX);
	pg_hosts_free(&again);
	pg_hosts_free(&hosts);
	pg_conninfo_free(&turned);
	pg_conninfo_free(&info);
}

/* After a failover the first of several may be the standby. */
static void of_several_the_primary_is_wanted(void **state)
{
	static const struct {
		const char *url;
		const char *wanted;
	} rows[] = {
		{ "host=a", NULL },
		{ "dbname=d", NULL },
		{ "host=a,b", "read-write" },
		{ "postgresql://u@a:1,b:2/d", "read-write" },
		{ "host=a,b target_session_attrs=any", "any" },
		{ "host=a target_session_attrs=primary", "primary" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct pg_conninfo *info = info_of(rows[i].url);
		struct pg_hosts *hosts = pg_hosts_new(info);
		struct pg_conninfo *turned = pg_hosts_conninfo(hosts, info, 0);

		expect(turned, "target_session_attrs", rows[i].wanted);
		pg_conninfo_free(&turned);
		pg_hosts_free(&hosts);
		pg_conninfo_free(&info);
	}
}

static void names_are_told_from_addresses(void **state)
{
	static const struct {
		const char *url;
		bool name;
	} rows[] = {
		{ "host=localhost", true },
		{ "host=db.example", true },
		{ "host=/run,db", true },
		{ "host=db,other hostaddr=10.0.0.1,", true },
		{ "host=db hostaddr=10.0.0.1", false },
		{ "host=10.0.0.1", false },
		{ "postgresql://[::1]:5432/d", false },
		{ "host=/run/postgresql", false },
		{ "host=@abstract", false },
		{ "host=,", false },
		{ "hostaddr=10.0.0.1", false },
		{ "dbname=d", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct pg_conninfo *info = info_of(rows[i].url);
		struct pg_hosts *hosts = pg_hosts_new(info);

		assert_int_equal(pg_hosts_have_names(hosts), rows[i].name);
		pg_hosts_free(&hosts);
		pg_conninfo_free(&info);
	}
}

/* As a name with several addresses becomes several hosts. */
static void addresses_keep_their_name_and_port(void **state)
{
	struct pg_conninfo *info = info_of("postgresql://a:1,b:2/d");
	struct pg_hosts *asked = pg_hosts_new(info);
	struct pg_hosts *found = xcalloc(1, sizeof(*found));
	struct pg_conninfo *whole;

	(void)state;
	pg_hosts_add(found, &asked->all[0], "10.0.0.1");
	pg_hosts_add(found, &asked->all[0], "fe80::1%eth0");
	pg_hosts_add(found, &asked->all[1], NULL);
	whole = pg_hosts_conninfo(found, info, 0);
	expect(whole, "host", "a,a,b");
	expect(whole, "hostaddr", "10.0.0.1,fe80::1%eth0,");
	expect(whole, "port", "1,1,2");
	expect(info, "host", "a,b");
	pg_conninfo_free(&whole);

	for (int i = 0; i < 2 * PG_HOSTS_MAX; i++)
		pg_hosts_add(found, &asked->all[0], "10.0.0.2");
	assert_int_equal(found->count, PG_HOSTS_MAX);
	pg_hosts_free(&found);
	assert_null(found);
	pg_hosts_free(&found);
	pg_hosts_free(&asked);
	pg_conninfo_free(&info);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hosts_take_turns),
		cmocka_unit_test(lists_are_cut_alike),
		cmocka_unit_test(of_several_the_primary_is_wanted),
		cmocka_unit_test(names_are_told_from_addresses),
		cmocka_unit_test(addresses_keep_their_name_and_port),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
