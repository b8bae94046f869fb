/* import/seen: what occurred already, where first, how often. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "api-server/import/seen.h"
#include "tests/unit/arena_fixture.h"

static void tells_the_first_time(void **state)
{
	struct seen *s = seen_new(*state);
	char key[] = "a";

	assert_int_equal(seen_add(s, key, "x", 7).count, 0);
	key[0] = 'b';
	assert_int_equal(seen_add(s, key, "y", 8).count, 0);
	for (size_t i = 1; i < 4; i++) {
		const struct seen_key first = seen_add(s, "a", "z", 9);

		assert_int_equal(first.count, i);
		assert_int_equal(first.line, 7);
		assert_string_equal(first.file, "x");
	}
	assert_int_equal(seen_add(s, "", "x", 1).count, 0);
	assert_int_equal(seen_add(s, "", "x", 2).line, 1);
}

static void tells_many_apart(void **state)
{
	struct seen *s = seen_new(*state);
	char key[32];

	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 5000; i++) {
			(void)snprintf(key, sizeof(key), "boxd:%d", i);
			const struct seen_key first =
				seen_add(s, key, "x", round * 5000 + i);

			assert_int_equal(first.count, round);
			assert_int_equal(first.line, i);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(tells_the_first_time),
		TEST(tells_many_apart),
	};

	return cmocka_run_group_tests_name("seen", tests, NULL, NULL);
}
