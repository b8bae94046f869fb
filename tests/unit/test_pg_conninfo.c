/* common/pg_conninfo: what is added to a connection string, what is kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/pg/pg_conninfo.h"
#include "common/pg/pg_pool.h"
#include "tests/unit/conninfo_expect.h"

static void a_copy_is_another(void **state)
{
	struct pg_conninfo *info =
		pg_conninfo_new("host=a user=me", "test", 2500);
	struct pg_conninfo *copy = pg_conninfo_copy(info);

	(void)state;
	pg_conninfo_set(copy, "host", "b");
	pg_conninfo_set(copy, "hostaddr", "10.0.0.1");
	expect(info, "host", "a");
	expect(info, "hostaddr", NULL);
	pg_conninfo_free(&info);
	expect(copy, "host", "b");
	expect(copy, "hostaddr", "10.0.0.1");
	expect(copy, "user", "me");
	expect(copy, "application_name", "test");
	pg_conninfo_free(&copy);
}

static void defaults_are_added(void **state)
{
	struct pg_conninfo *info =
		pg_conninfo_new("postgresql:///rewatch", "test", 2500);

	(void)state;
	assert_non_null(info);
	expect(info, "dbname", "rewatch");
	expect(info, "host", NULL);
	expect(info, "connect_timeout", "3");
	expect(info, "keepalives_idle", "5");
	expect(info, "keepalives_interval", "2");
	expect(info, "keepalives_count", "2");
	expect(info, "tcp_user_timeout", "5000");
	expect(info, "application_name", "test");
	expect(info, "client_encoding", "UTF8");
	/* A pooler would refuse them, or drop them without a word. */
	expect(info, "options", NULL);
	expect(info, "target_session_attrs", NULL);
	pg_conninfo_free(&info);
	assert_null(info);
	pg_conninfo_free(&info);
}

static void what_is_said_stays(void **state)
{
	struct pg_conninfo *info = pg_conninfo_new(
		"host=db user='a b' password=x keepalives_idle=60 "
		"connect_timeout=9 application_name=mine options='-c a=b'",
		"test", 3000);

	(void)state;
	assert_non_null(info);
	expect(info, "host", "db");
	expect(info, "user", "a b");
	expect(info, "password", "x");
	expect(info, "keepalives_idle", "60");
	expect(info, "keepalives_count", "2");
	expect(info, "connect_timeout", "9");
	expect(info, "application_name", "mine");
	expect(info, "options", "-c a=b");
	pg_conninfo_free(&info);
}

static void nonsense_is_refused(void **state)
{
	static struct {
		char url[80];
		bool good;
	} rows[] = {
		{ "postgresql:///rewatch", true },
		{ "postgres://me:secret%25@a,b:5433/rewatch", true },
		{ "host=a,b port=5432 password='secret word'", true },
		{ "", true }, /* libpq's defaults */
		{ "secret", false },
		{ "colour=secret", false },
		{ "host=a password='secret", false },
		{ "postgresql://[::1", false },
		{ "postgresql://me:secret%zz@a/rewatch", false },
		{ "postgresql://a/rewatch?colour=secret", false },
		{ "mysql://me:secret@a/rewatch", false },
		/* A part of the password would be a host or a database. */
		{ "postgresql://me:rJl4/0secret+@a/rewatch", false },
		{ "postgres://me:p@secret@a/rewatch", false },
		{ "postgresql://me:secret/@a/rewatch", false },
		{ "postgresql://me:a?p@secret@a/rewatch", false },
		{ "postgresql://me:a?secret@a/rewatch", true },
		{ "postgresql://me:p%40secret%2F%25@a/rewatch", true },
		{ "postgresql://me@a,b:5433/rewatch", true },
		{ "postgresql:///rewatch?user=me@home", true },
		{ "postgresql://a/rewatch?user=me@home&host=b", true },
		{ "host=a password=http://p@secret@a/", true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct pg_settings s = { .url = rows[i].url };
		struct error err = { 0 };

		if (pg_settings_check(&s, &err) != rows[i].good)
			fail_msg("%s", rows[i].url);
		if (rows[i].good)
			continue;
		assert_non_null(strstr(err.message, "database.url"));
		assert_non_null(strstr(err.message, "postgresql://USER:"));
		assert_non_null(strstr(err.message, "with %25 for each % "));
		assert_non_null(strstr(err.message, "%40 for each @ "));
		assert_non_null(strstr(err.message, "PGPASSWORD"));
		assert_null(strstr(err.message, "secret"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults_are_added),
		cmocka_unit_test(what_is_said_stays),
		cmocka_unit_test(a_copy_is_another),
		cmocka_unit_test(nonsense_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
