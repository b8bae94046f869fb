/* What answers say of another clock. Microseconds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>

#include "common/base/backoff.h"
#include "enrich-daemon/client/clock_offset.h"

#define SECOND INT64_C(1000000)
#define AHEAD  (1764000000 * SECOND) /* theirs minus ours */

/* An answer that was `there` on its way there and `back` back. */
static bool answer(struct clock_offset *s, int64_t at, int64_t ahead,
                   int64_t there, int64_t back)
{
	return clock_offset_learn(s, at, at + there + ahead, at + there + back);
}

static void one_answer_bounds_it(void **state)
{
	struct clock_offset s = { 0 };

	(void)state;
	assert_true(answer(&s, 7000, AHEAD, 300, 100));
	assert_true(s.known);
	assert_int_equal(clock_offset_error(&s), 200);
	/* Half of 400 after we had asked, as far as one can know. */
	assert_int_equal(clock_offset_ours(&s, 7300 + AHEAD), 7200);
	assert_int_equal(clock_offset_ours(&s, 9300 + AHEAD), 9200);
}

static void a_slow_answer_forgets_nothing(void **state)
{
	struct clock_offset s = { 0 };

	(void)state;
	assert_true(answer(&s, 1 * SECOND, AHEAD, 100, 100));
	assert_true(answer(&s, 2 * SECOND, AHEAD, 400000, 100000));
	/* 1.4998 s have passed: 500 millionths of them, 749, each way, and one
	 * for rounding. */
	assert_int_equal(clock_offset_error(&s), 100 + 749 + 1);
	assert_in_range(clock_offset_ours(&s, 3 * SECOND + AHEAD),
	                3 * SECOND - 1, 3 * SECOND + 1);
}

static void two_slow_ones_make_a_good_one(void **state)
{
	struct clock_offset s = { 0 };

	(void)state;
	/* Our clock minus theirs: -50,000..0 and 0..50,000 around the truth. */
	assert_true(answer(&s, 1 * SECOND, AHEAD, 50000, 0));
	assert_true(answer(&s, 1 * SECOND + 50000, AHEAD, 0, 50000));
	assert_true(clock_offset_error(&s) < 100);
	assert_in_range(clock_offset_ours(&s, 3 * SECOND + AHEAD),
	                3 * SECOND - 100, 3 * SECOND + 100);
}

static void what_is_old_counts_less(void **state)
{
	struct clock_offset s = { 0 };

	(void)state;
	assert_true(answer(&s, 0, AHEAD, 100, 100));
	assert_true(answer(&s, 3600 * SECOND, AHEAD, 20000, 20000));
	assert_int_equal(clock_offset_error(&s), 20000);
}

static void a_clock_that_was_set_is_believed(void **state)
{
	static const int64_t sets[] = { 3600 * SECOND, -3600 * SECOND, 5000,
		                        -5000 };

	(void)state;
	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		struct clock_offset s = { 0 };

		assert_true(answer(&s, 1 * SECOND, AHEAD, 100, 100));
		assert_false(answer(&s, 2 * SECOND, AHEAD + sets[i], 300, 300));
		assert_int_equal(clock_offset_error(&s), 300);
		assert_int_equal(
			clock_offset_ours(&s, 2 * SECOND + AHEAD + sets[i]),
			2 * SECOND);
	}
}

/* Any ways there and back, and a clock that runs wrong by 400 millionths. */
static void never_wrong_by_more_than_it_says(void **state)
{
	struct clock_offset s = { 0 };
	int64_t now = 0;
	int64_t ahead = AHEAD;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		const int64_t there = (int64_t)random_below(200000);
		const int64_t back = (int64_t)random_below(200000);
		const int64_t pause = (int64_t)random_below(3 * SECOND);
		int64_t wrong;

		assert_true(answer(&s, now, ahead, there, back));
		wrong = clock_offset_ours(&s, now + ahead) - now;
		assert_true(wrong <= clock_offset_error(&s) + 1 &&
		            -wrong <= clock_offset_error(&s) + 1);
		now += there + back + pause;
		ahead += (there + back + pause) / 2500;
	}
	/* The quick ones among them have told more than the last. */
	assert_true(clock_offset_error(&s) < 50000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_answer_bounds_it),
		cmocka_unit_test(a_slow_answer_forgets_nothing),
		cmocka_unit_test(two_slow_ones_make_a_good_one),
		cmocka_unit_test(what_is_old_counts_less),
		cmocka_unit_test(a_clock_that_was_set_is_believed),
		cmocka_unit_test(never_wrong_by_more_than_it_says),
	};

	return cmocka_run_group_tests_name("clock_offset", tests, NULL, NULL);
}
