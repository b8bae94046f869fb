/* common/base/backoff: the bounds of each delay, and that they are used. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>

#include "common/base/attr.h"
#include "common/base/backoff.h"

enum {
	DRAWS = 2000
};

static void stays_within_its_bounds(void **state)
{
	static const struct {
		int64_t base, max;
		int n;
		int64_t low, high;
	} rows[] = {
		{ 100, 10000, 1, 100, 100 },
		{ 100, 10000, 2, 100, 200 },
		{ 100, 10000, 3, 100, 400 },
		{ 100, 10000, 7, 100, 6400 },
		{ 100, 10000, 8, 100, 10000 },
		{ 100, 10000, 1000000, 100, 10000 },
		{ 100, 10000, 0, 100, 100 },
		{ 100, 10000, -5, 100, 100 },
		{ 500, 100, 1, 100, 100 },
		{ 500, 100, 9, 100, 100 },
		{ 0, 0, 5, 0, 0 },
		{ 1, INT64_MAX, 64, 1, INT64_MAX },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const int64_t low = rows[i].low;
		const int64_t high = rows[i].high;
		bool lower_half = low == high;
		bool upper_half = low == high;

		for (int draw = 0; draw < DRAWS; draw++) {
			const int64_t delay = backoff_delay(
				rows[i].base, rows[i].max, rows[i].n);

			assert_true(delay >= low && delay <= high);
			if (delay - low <= (high - low) / 2)
				lower_half = true;
			else
				upper_half = true;
		}
		/* By chance only once in 2^2000 runs. */
		assert_true(lower_half && upper_half);
	}
}

static void counts_and_resets(void **state)
{
	struct backoff b = { .base_ms = 10, .max_ms = 1000 };

	(void)state;
	assert_int_equal(backoff_next(&b), 10);
	assert_int_equal(b.failures, 1);
	assert_in_range(backoff_next(&b), 10, 20);
	assert_in_range(backoff_next(&b), 10, 40);
	assert_int_equal(b.failures, 3);
	backoff_reset(&b);
	assert_int_equal(b.failures, 0);
	assert_int_equal(backoff_next(&b), 10);
}

static void draws_every_number(void **state)
{
	bool seen[7] = { false };

	(void)state;
	for (int draw = 0; draw < DRAWS; draw++) {
		const uint64_t number = random_below(7);

		assert_in_range(number, 0, 6);
		seen[number] = true;
	}
	/* One is missing once in 10^133 runs. */
	for (size_t i = 0; i < ARRAY_LEN(seen); i++)
		assert_true(seen[i]);
	assert_int_equal(random_below(1), 0);
	assert_true(random_u64() != random_u64());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stays_within_its_bounds),
		cmocka_unit_test(counts_and_resets),
		cmocka_unit_test(draws_every_number),
	};

	return cmocka_run_group_tests_name("backoff", tests, NULL, NULL);
}
