/* http/negotiate: Accept-Encoding and If-None-Match. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api-server/http/negotiate.h"
#include "common/base/attr.h"

static void reads_accept_encoding(void **state)
{
	static const struct {
		const char *header;
		bool gzip;
	} rows[] = {
		{ NULL, false },
		{ "", false },
		{ "gzip", true },
		{ "GZip", true },
		{ "deflate, gzip, br", true },
		{ "br;q=1.0, gzip;q=0.8", true },
		{ "gzip;q=0", false },
		{ "gzip; q=0.000", false },
		{ "gzip;q=0.001", true },
		{ "identity", false },
		{ "xgzip", false },
		{ "deflate,", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(negotiate_gzip(rows[i].header), rows[i].gzip);
}

static void reads_if_none_match(void **state)
{
	static const struct {
		const char *header;
		bool has;
	} rows[] = {
		{ NULL, false },
		{ "", false },
		{ "*", true },
		{ "\"1-2-ab\"", true },
		{ "\"1-2-ab-gz\"", true },
		{ "W/\"1-2-ab\"", true },
		{ "\"x\", \"1-2-ab\"", true },
		{ "\"x\",W/\"1-2-ab-gz\"", true },
		{ "1-2-ab", false },
		{ "\"1-2-abc\"", false },
		{ "\"1-2-a", false },
		{ "\"", false },
		{ "\"\"", false },
		{ "\"-gz\"", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(negotiate_has(rows[i].header, "1-2-ab"),
		                 rows[i].has);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_accept_encoding),
		cmocka_unit_test(reads_if_none_match),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
