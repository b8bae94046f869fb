/* When TMDB may be called. */
#include "enrich-daemon/client/breaker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "common/base/attr.h"

static int64_t learn(struct breaker *b, enum breaker_answer answer, int64_t now)
{
	return breaker_learn(b, answer, -1, now);
}

static void is_closed_at_first(void **state)
{
	struct breaker b;

	(void)state;
	breaker_init(&b);
	assert_true(breaker_admits(&b, 0, 0));
	assert_true(breaker_admits(&b, 0, 1000));
	assert_int_equal(breaker_open_for(&b, 0), 0);
}

static void few_faults_do_not_open_it(void **state)
{
	struct breaker b;

	(void)state;
	breaker_init(&b);
	for (int i = 0; i < 9; i++)
		assert_int_equal(learn(&b, ANSWER_FAULT, 0), 0);
	assert_true(breaker_admits(&b, 0, 5));
	/* A good answer begins the count anew. */
	assert_int_equal(learn(&b, ANSWER_GOOD, 0), 0);
	for (int i = 0; i < 9; i++)
		assert_int_equal(learn(&b, ANSWER_FAULT, 0), 0);
	assert_true(breaker_admits(&b, 0, 5));
}

/* It says nothing of TMDB: a pause, and nobody else's. */
static void what_we_lack_opens_it_for_us_alone(void **state)
{
	struct breaker b;

	(void)state;
	breaker_init(&b);
	assert_int_equal(learn(&b, ANSWER_UNMADE, 1000), 0);
	assert_int_equal(breaker_open_for(&b, 1000), 2000);
	/* Those that were under way do not lengthen it. */
	assert_int_equal(learn(&b, ANSWER_UNMADE, 1100), 0);
	assert_int_equal(breaker_open_for(&b, 1100), 1900);
	assert_true(breaker_admits(&b, 3000, 0));
	assert_int_equal(learn(&b, ANSWER_UNMADE, 3000), 0);
	assert_in_range(breaker_open_for(&b, 3000), 2000, 4000);
	assert_true(breaker_admits(&b, 7000, 0));
	assert_int_equal(learn(&b, ANSWER_GOOD, 7000), 0);
	assert_true(breaker_admits(&b, 7000, 7));
}

static void ten_faults_open_it_for_us_alone(void **state)
{
	struct breaker b;

	(void)state;
	breaker_init(&b);
	for (int i = 0; i < 10; i++)
		assert_int_equal(learn(&b, ANSWER_FAULT, 1000), 0);
	assert_false(breaker_admits(&b, 1000, 0));
	/* The first pause is 2 s; then one call at a time. */
	assert_int_equal(breaker_open_for(&b, 1000), 2000);
	assert_true(breaker_admits(&b, 3000, 0));
	assert_false(breaker_admits(&b, 3000, 1));
	assert_int_equal(learn(&b, ANSWER_GOOD, 3100), 0);
	assert_true(breaker_admits(&b, 3100, 7));
}

static void a_failed_trial_opens_it_again_for_longer(void **state)
{
	struct breaker b;

	(void)state;
	breaker_init(&b);
	for (int i = 0; i < 10; i++)
		assert_int_equal(learn(&b, ANSWER_FAULT, 0), 0);
	assert_true(breaker_admits(&b, 2000, 0));
	assert_int_equal(learn(&b, ANSWER_FAULT, 2000), 0);
	assert_true(breaker_open_for(&b, 2000) >= 2000);
	assert_true(breaker_open_for(&b, 2000) <= 4000);
}

static void a_trial_in_vain_is_part_of_the_pause(void **state)
{
	(void)state;
	for (int i = 0; i < 100; i++) {
		struct breaker b;

		breaker_init(&b);
		assert_int_equal(learn(&b, ANSWER_THROTTLED, 0), 2000);
		assert_true(breaker_admits(&b, 10000, 0));
		assert_int_equal(learn(&b, ANSWER_FAULT, 12000), 0);
		assert_in_range(breaker_open_for(&b, 12000), 500, 2000);
	}
}

static void retry_after_is_heeded(void **state)
{
	struct breaker b;

	(void)state;
	breaker_init(&b);
	assert_int_equal(breaker_learn(&b, ANSWER_THROTTLED, 7000, 0), 7000);
	assert_int_equal(breaker_open_for(&b, 0), 7000);
	/* Calls that were under way say the same: no news. */
	assert_int_equal(breaker_learn(&b, ANSWER_THROTTLED, 6900, 50), 0);
	assert_int_equal(learn(&b, ANSWER_THROTTLED, 60), 0);
	/* A good answer from before the pause does not end it. */
	assert_int_equal(learn(&b, ANSWER_GOOD, 100), 0);
	assert_false(breaker_admits(&b, 6999, 0));
	assert_true(breaker_admits(&b, 7000, 0));
}

static void retry_after_has_a_limit(void **state)
{
	struct breaker b;

	(void)state;
	breaker_init(&b);
	assert_int_equal(breaker_learn(&b, ANSWER_OFFLINE, INT64_MAX / 2, 0),
	                 3600000);
}

static void without_retry_after_it_backs_off(void **state)
{
	struct breaker b;
	int64_t now = 0;

	(void)state;
	breaker_init(&b);
	for (int i = 0; i < 20; i++) {
		int64_t pause = learn(&b, ANSWER_THROTTLED, now);

		assert_true(pause >= 2000);
		assert_true(pause <= 4000);
		now += pause;
		assert_true(breaker_admits(&b, now, 0));
	}
}

static void a_rejected_token_opens_it_for_up_to_a_minute(void **state)
{
	struct breaker b;
	int64_t now = 0;
	int64_t longest = 0;

	(void)state;
	breaker_init(&b);
	assert_int_equal(learn(&b, ANSWER_REJECTED, 0), 0);
	assert_int_equal(b.state, BREAKER_TOKEN_REFUSED);
	assert_true(breaker_token_refused_now(&b));
	/* Calls that were under way say the same. */
	assert_int_equal(learn(&b, ANSWER_REJECTED, 500), 0);
	assert_int_equal(breaker_open_for(&b, 0), 2000);
	assert_false(breaker_admits(&b, 1999, 0));
	for (int i = 0; i < 20; i++) {
		const int64_t pause = breaker_open_for(&b, now);

		assert_in_range(pause, 2000, 60000);
		longest = pause > longest ? pause : longest;
		now += pause;
		assert_true(breaker_admits(&b, now, 0));
		assert_int_equal(learn(&b, ANSWER_REJECTED, now), 0);
		assert_false(breaker_token_refused_now(&b));
	}
	assert_true(longest > 20000);
}

static void after_a_good_answer_a_rejection_is_news(void **state)
{
	struct breaker b;

	(void)state;
	breaker_init(&b);
	for (int64_t now = 0; now < 500000; now += 100000) {
		assert_true(breaker_admits(&b, now, 0));
		assert_int_equal(learn(&b, ANSWER_REJECTED, now), 0);
	}
	assert_true(breaker_admits(&b, 500000, 0));
	assert_int_equal(learn(&b, ANSWER_GOOD, 500000), 0);
	assert_int_equal(learn(&b, ANSWER_REJECTED, 500100), 0);
	assert_true(breaker_token_refused_now(&b));
	assert_int_equal(breaker_open_for(&b, 500100), 2000);
}

static void another_token_is_tried_at_once(void **state)
{
	struct breaker b;

	(void)state;
	breaker_init(&b);
	assert_int_equal(learn(&b, ANSWER_REJECTED, 0), 0);
	breaker_retry(&b);
	assert_true(breaker_admits(&b, 1, 0));
	assert_false(breaker_admits(&b, 1, 1));
	/* But what TMDB asked for is kept. */
	assert_int_equal(breaker_learn(&b, ANSWER_THROTTLED, 7000, 10), 7000);
	breaker_retry(&b);
	assert_false(breaker_admits(&b, 20, 0));
}

/* What a call may take once it is admitted. */
static void a_trial_is_short_but_now_and_then(void **state)
{
	struct breaker b;
	int64_t now = 0;
	int patient = 0;

	(void)state;
	breaker_init(&b);
	assert_int_equal(breaker_call_limit(&b), 0);
	assert_int_equal(learn(&b, ANSWER_THROTTLED, now), 2000);
	for (int i = 0; i < 60; i++) {
		now += 100000;
		assert_true(breaker_admits(&b, now, 0));
		if (breaker_call_limit(&b) == 0)
			patient++;
		else
			assert_int_equal(breaker_call_limit(&b), 2000);
		assert_int_equal(learn(&b, ANSWER_FAULT, now), 0);
	}
	assert_int_equal(patient, 3);
	assert_true(breaker_admits(&b, now + 100000, 0));
	assert_int_equal(learn(&b, ANSWER_GOOD, now + 100000), 0);
	assert_int_equal(breaker_call_limit(&b), 0);
}

/* What a failure says of its film depends on the answer before it. */
static void it_is_well_after_a_good_answer_only(void **state)
{
	static const enum breaker_answer bad[] = {
		ANSWER_FAULT, ANSWER_THROTTLED, ANSWER_OFFLINE, ANSWER_REJECTED
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct breaker b;

		breaker_init(&b);
		assert_false(b.well);
		assert_int_equal(learn(&b, ANSWER_GOOD, 0), 0);
		assert_true(b.well);
		(void)!learn(&b, bad[i], 0);
		assert_false(b.well);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_closed_at_first),
		cmocka_unit_test(few_faults_do_not_open_it),
		cmocka_unit_test(what_we_lack_opens_it_for_us_alone),
		cmocka_unit_test(ten_faults_open_it_for_us_alone),
		cmocka_unit_test(a_failed_trial_opens_it_again_for_longer),
		cmocka_unit_test(a_trial_in_vain_is_part_of_the_pause),
		cmocka_unit_test(retry_after_is_heeded),
		cmocka_unit_test(retry_after_has_a_limit),
		cmocka_unit_test(without_retry_after_it_backs_off),
		cmocka_unit_test(a_rejected_token_opens_it_for_up_to_a_minute),
		cmocka_unit_test(after_a_good_answer_a_rejection_is_news),
		cmocka_unit_test(another_token_is_tried_at_once),
		cmocka_unit_test(it_is_well_after_a_good_answer_only),
		cmocka_unit_test(a_trial_is_short_but_now_and_then),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
