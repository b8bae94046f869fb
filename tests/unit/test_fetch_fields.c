/* client/fetch_fields: ETag and Retry-After. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/base/attr.h"
#include "enrich-daemon/client/fetch_fields.h"

#define NOW "Mon, 30 Nov 2026 12:00:00 GMT"

static void retry_after(void **state)
{
	static const struct {
		const char *value;
		const char *date;
		int64_t ms;
	} rows[] = {
		{ NULL, NOW, -1 },
		{ "", NOW, -1 },
		{ "0", NOW, -1 },
		{ "7", NULL, 7000 },
		{ "000000000000000000000000000007", NULL, 7000 },
		{ "99999999999999999999999999", NULL, 1000000000 },
		{ "1000001", NULL, 1000000000 },
		{ "-5", NOW, -1 },
		{ "5s", NOW, -1 },
		{ "Mon, 30 Nov 2026 12:00:30 GMT", NOW, 30000 },
		{ "Mon, 30 Nov 2026 11:59:30 GMT", NOW, -1 },
		{ "Mon, 30 Nov 2026 12:00:30 GMT", NULL, -1 },
		{ "Mon, 30 Nov 2026 12:00:30 GMT", "yesterday", -1 },
		{ "Mon, 30 Nov 2099 12:00:30 GMT", NOW, 1000000000 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(
			fetch_fields_retry_after(rows[i].value, rows[i].date),
			rows[i].ms);
}

static void etag(void **state)
{
	static const struct {
		const char *line;
		const char *value; /* NULL: no ETag */
	} rows[] = {
		{ "ETag: \"a\"\r\n", "\"a\"" },
		{ "etag:W/\"a\"\n", "W/\"a\"" },
		{ "ETAG: \t x \r\n", "x" },
		{ "etag: a b\r\n", "" },
		{ "etag: \xc3\xa9\r\n", "" },
		{ "etag: \r\n", "" },
		{ "etag:", NULL },
		{ "etagx: a\r\n", NULL },
		{ "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct str value;

		assert_int_equal(
			fetch_fields_etag(str_of(rows[i].line), &value),
			rows[i].value != NULL);
		if (rows[i].value != NULL)
			assert_true(str_is(value, rows[i].value));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(retry_after),
		cmocka_unit_test(etag),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
