#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/attr.h"
#include "common/pg/pg_error.h"

static void sqlstates(void **state)
{
	static const struct {
		const char *sqlstate;
		enum pg_error_kind kind;
		bool drop;
	} rows[] = {
		{ "", PG_ERROR_LOST, true },
		{ "08006", PG_ERROR_LOST, true },
		{ "08P01", PG_ERROR_LOST, true },
		{ "57P01", PG_ERROR_LOST, true },
		{ "57P03", PG_ERROR_LOST, true },
		{ "57P05", PG_ERROR_LOST, true },
		{ "25P03", PG_ERROR_LOST, true },
		{ "40001", PG_ERROR_TRANSIENT, false },
		{ "40P01", PG_ERROR_TRANSIENT, false },
		{ "55P03", PG_ERROR_TRANSIENT, false },
		{ "57014", PG_ERROR_TRANSIENT, false },
		{ "53100", PG_ERROR_TRANSIENT, false },
		{ "25006", PG_ERROR_TRANSIENT, true },
		{ "25P02", PG_ERROR_TRANSIENT, true },
		{ "0A000", PG_ERROR_TRANSIENT, true },
		{ "26000", PG_ERROR_TRANSIENT, true },
		{ "XX000", PG_ERROR_REFUSED, true },
		{ "58030", PG_ERROR_REFUSED, true },
		{ "23505", PG_ERROR_REFUSED, false },
		{ "22012", PG_ERROR_REFUSED, false },
		{ "42501", PG_ERROR_REFUSED, false },
		{ "40002", PG_ERROR_REFUSED, false },
		{ "55006", PG_ERROR_REFUSED, false },
		{ "P0001", PG_ERROR_REFUSED, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct pg_verdict v = pg_error_verdict(rows[i].sqlstate);

		if (v.kind != rows[i].kind || v.drop != rows[i].drop)
			fail_msg("%s: %s, drop %d", rows[i].sqlstate,
			         pg_error_name(v.kind), v.drop);
	}
}

static void names(void **state)
{
	(void)state;
	assert_string_equal(pg_error_name(PG_OK), "ok");
	assert_string_equal(pg_error_name(PG_ERROR_REFUSED), "refused");
	assert_string_equal(pg_error_name(PG_ERROR_TRANSIENT), "transient");
	assert_string_equal(pg_error_name(PG_ERROR_LOST), "lost");
	assert_string_equal(pg_error_name(PG_ERROR_DEADLINE), "deadline");
	assert_string_equal(pg_error_name(PG_ERROR_BUSY), "busy");
	assert_string_equal(pg_error_name(PG_ERROR_DOWN), "down");
}

static void advice(void **state)
{
	(void)state;
	assert_non_null(strstr(
		pg_error_advice("connection to server at \"127.0.0.1\", port "
	                        "6432 failed: FATAL:  unsupported startup "
	                        "parameter: options\n"),
		"a pooler is between us"));
	assert_non_null(strstr(
		pg_error_advice("connection to server at \"127.0.0.1\", port "
	                        "5432 failed: session is read-only\n"),
		"standby"));
	assert_null(pg_error_advice("connection refused"));
	assert_null(pg_error_advice(""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sqlstates),
		cmocka_unit_test(names),
		cmocka_unit_test(advice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
