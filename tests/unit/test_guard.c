/* http/guard: loopback names and origins. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api-server/http/guard.h"
#include "common/base/attr.h"

static void knows_loopback_addresses(void **state)
{
	(void)state;
	assert_true(guard_is_loopback("127.0.0.1"));
	assert_true(guard_is_loopback("127.255.0.9"));
	assert_true(guard_is_loopback("::1"));
	assert_true(guard_is_loopback("localhost"));
	assert_false(guard_is_loopback("0.0.0.0"));
	assert_false(guard_is_loopback("::"));
	assert_false(guard_is_loopback("128.0.0.1"));
	assert_false(guard_is_loopback("192.168.1.4"));
	assert_false(guard_is_loopback("127.0.0.1.example.org"));
	assert_false(guard_is_loopback("127.1"));
	assert_false(guard_is_loopback(""));
}

static void knows_loopback_hosts(void **state)
{
	static const struct {
		const char *host;
		bool loopback;
	} rows[] = {
		{ "localhost", true },
		{ "LOCALHOST:8080", true },
		{ "127.0.0.1", true },
		{ "127.0.0.1:8080", true },
		{ "[::1]", true },
		{ "[::1]:8080", true },
		{ "", false },
		{ "example.org", false },
		{ "example.org:8080", false },
		{ "localhost.example.org", false },
		{ "localhost@example.org", false },
		{ "127.0.0.1:80:80", false },
		{ "127.0.0.1:x", false },
		{ "[::1", false },
		{ "[::1]x", false },
		{ "[::2]", false },
		{ "10.0.0.1", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(guard_host_is_loopback(rows[i].host),
		                 rows[i].loopback);
}

static void compares_origins(void **state)
{
	(void)state;
	assert_true(
		guard_same_origin("http://localhost:8080", "localhost:8080"));
	assert_true(
		guard_same_origin("https://Films.Example", "films.example"));
	assert_false(
		guard_same_origin("http://localhost:9090", "localhost:8080"));
	assert_false(
		guard_same_origin("http://127.0.0.1:8080", "localhost:8080"));
	assert_false(guard_same_origin("null", "localhost:8080"));
	assert_false(guard_same_origin("", ""));
	assert_false(guard_same_origin("file://localhost", "localhost"));
	assert_false(guard_same_origin("http://localhost.evil.example",
	                               "localhost"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_loopback_addresses),
		cmocka_unit_test(knows_loopback_hosts),
		cmocka_unit_test(compares_origins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
