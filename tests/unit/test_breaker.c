/* When TMDB may be called. */
#include "enrich-daemon/client/breaker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "common/base/attr.h"

static int64_t learn(struct gate *g, enum gate_answer answer, int64_t now)
{
	return gate_learn(g, answer, -1, now);
}

static void opens_at_once(void **state)
{
	struct gate g;

	(void)state;
	gate_init(&g);
	assert_true(gate_admits(&g, 0, 0));
	assert_true(gate_admits(&g, 0, 1000));
	assert_int_equal(gate_closed_for(&g, 0), 0);
}

static void few_faults_do_not_close_it(void **state)
{
	struct gate g;

	(void)state;
	gate_init(&g);
	for (int i = 0; i < 9; i++)
		assert_int_equal(learn(&g, GATE_FAULT, 0), 0);
	assert_true(gate_admits(&g, 0, 5));
	/* A good answer begins the count anew. */
	assert_int_equal(learn(&g, GATE_GOOD, 0), 0);
	for (int i = 0; i < 9; i++)
		assert_int_equal(learn(&g, GATE_FAULT, 0), 0);
	assert_true(gate_admits(&g, 0, 5));
}

static void ten_faults_close_it_for_us_alone(void **state)
{
	struct gate g;

	(void)state;
	gate_init(&g);
	for (int i = 0; i < 10; i++)
		assert_int_equal(learn(&g, GATE_FAULT, 1000), 0);
	assert_false(gate_admits(&g, 1000, 0));
	/* The first pause is 2 s; then one call at a time. */
	assert_int_equal(gate_closed_for(&g, 1000), 2000);
	assert_true(gate_admits(&g, 3000, 0));
	assert_false(gate_admits(&g, 3000, 1));
	assert_int_equal(learn(&g, GATE_GOOD, 3100), 0);
	assert_true(gate_admits(&g, 3100, 7));
}

static void a_failed_probe_closes_it_again_for_longer(void **state)
{
	struct gate g;

	(void)state;
	gate_init(&g);
	for (int i = 0; i < 10; i++)
		assert_int_equal(learn(&g, GATE_FAULT, 0), 0);
	assert_true(gate_admits(&g, 2000, 0));
	assert_int_equal(learn(&g, GATE_FAULT, 2000), 0);
	assert_true(gate_closed_for(&g, 2000) >= 2000);
	assert_true(gate_closed_for(&g, 2000) <= 4000);
}

static void a_trial_in_vain_is_part_of_the_pause(void **state)
{
	(void)state;
	for (int i = 0; i < 100; i++) {
		struct gate g;

		gate_init(&g);
		assert_int_equal(learn(&g, GATE_THROTTLED, 0), 2000);
		assert_true(gate_admits(&g, 10000, 0));
		assert_int_equal(learn(&g, GATE_FAULT, 12000), 0);
		assert_in_range(gate_closed_for(&g, 12000), 500, 2000);
	}
}

static void retry_after_is_heeded(void **state)
{
	struct gate g;

	(void)state;
	gate_init(&g);
	assert_int_equal(gate_learn(&g, GATE_THROTTLED, 7000, 0), 7000);
	assert_int_equal(gate_closed_for(&g, 0), 7000);
	/* Calls that were under way say the same: no news. */
	assert_int_equal(gate_learn(&g, GATE_THROTTLED, 6900, 50), 0);
	assert_int_equal(learn(&g, GATE_THROTTLED, 60), 0);
	/* A good answer from before the pause does not end it. */
	assert_int_equal(learn(&g, GATE_GOOD, 100), 0);
	assert_false(gate_admits(&g, 6999, 0));
	assert_true(gate_admits(&g, 7000, 0));
}

static void retry_after_has_a_limit(void **state)
{
	struct gate g;

	(void)state;
	gate_init(&g);
	assert_int_equal(gate_learn(&g, GATE_OFFLINE, INT64_MAX / 2, 0),
	                 3600000);
}

static void without_retry_after_it_backs_off(void **state)
{
	struct gate g;
	int64_t now = 0;

	(void)state;
	gate_init(&g);
	for (int i = 0; i < 20; i++) {
		int64_t pause = learn(&g, GATE_THROTTLED, now);

		assert_true(pause >= 2000);
		assert_true(pause <= 4000);
		now += pause;
		assert_true(gate_admits(&g, now, 0));
	}
}

static void a_rejected_token_closes_it_for_up_to_a_minute(void **state)
{
	struct gate g;
	int64_t now = 0;
	int64_t longest = 0;

	(void)state;
	gate_init(&g);
	assert_int_equal(learn(&g, GATE_REJECTED, 0), 0);
	assert_int_equal(g.state, GATE_DENIED);
	assert_true(gate_is_news(&g));
	/* Calls that were under way say the same. */
	assert_int_equal(learn(&g, GATE_REJECTED, 500), 0);
	assert_int_equal(gate_closed_for(&g, 0), 2000);
	assert_false(gate_admits(&g, 1999, 0));
	for (int i = 0; i < 20; i++) {
		const int64_t closed = gate_closed_for(&g, now);

		assert_in_range(closed, 2000, 60000);
		longest = closed > longest ? closed : longest;
		now += closed;
		assert_true(gate_admits(&g, now, 0));
		assert_int_equal(learn(&g, GATE_REJECTED, now), 0);
		assert_false(gate_is_news(&g));
	}
	assert_true(longest > 20000);
}

static void after_a_good_answer_a_rejection_is_news(void **state)
{
	struct gate g;

	(void)state;
	gate_init(&g);
	for (int64_t now = 0; now < 500000; now += 100000) {
		assert_true(gate_admits(&g, now, 0));
		assert_int_equal(learn(&g, GATE_REJECTED, now), 0);
	}
	assert_true(gate_admits(&g, 500000, 0));
	assert_int_equal(learn(&g, GATE_GOOD, 500000), 0);
	assert_int_equal(learn(&g, GATE_REJECTED, 500100), 0);
	assert_true(gate_is_news(&g));
	assert_int_equal(gate_closed_for(&g, 500100), 2000);
}

static void another_token_is_tried_at_once(void **state)
{
	struct gate g;

	(void)state;
	gate_init(&g);
	assert_int_equal(learn(&g, GATE_REJECTED, 0), 0);
	gate_retry(&g);
	assert_true(gate_admits(&g, 1, 0));
	assert_false(gate_admits(&g, 1, 1));
	/* But what TMDB asked for is kept. */
	assert_int_equal(gate_learn(&g, GATE_THROTTLED, 7000, 10), 7000);
	gate_retry(&g);
	assert_false(gate_admits(&g, 20, 0));
}

/* What a call may take once it is admitted. */
static void a_trial_is_short_but_now_and_then(void **state)
{
	struct gate g;
	int64_t now = 0;
	int patient = 0;

	(void)state;
	gate_init(&g);
	assert_int_equal(gate_call_limit(&g), 0);
	assert_int_equal(learn(&g, GATE_THROTTLED, now), 2000);
	for (int i = 0; i < 60; i++) {
		now += 100000;
		assert_true(gate_admits(&g, now, 0));
		if (gate_call_limit(&g) == 0)
			patient++;
		else
			assert_int_equal(gate_call_limit(&g), 2000);
		assert_int_equal(learn(&g, GATE_FAULT, now), 0);
	}
	assert_int_equal(patient, 3);
	assert_true(gate_admits(&g, now + 100000, 0));
	assert_int_equal(learn(&g, GATE_GOOD, now + 100000), 0);
	assert_int_equal(gate_call_limit(&g), 0);
}

/* What a failure says of its film depends on the answer before it. */
static void it_is_well_after_a_good_answer_only(void **state)
{
	static const enum gate_answer bad[] = { GATE_FAULT, GATE_THROTTLED,
		                                GATE_OFFLINE, GATE_REJECTED };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct gate g;

		gate_init(&g);
		assert_false(g.well);
		assert_int_equal(learn(&g, GATE_GOOD, 0), 0);
		assert_true(g.well);
		(void)!learn(&g, bad[i], 0);
		assert_false(g.well);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opens_at_once),
		cmocka_unit_test(few_faults_do_not_close_it),
		cmocka_unit_test(ten_faults_close_it_for_us_alone),
		cmocka_unit_test(a_failed_probe_closes_it_again_for_longer),
		cmocka_unit_test(a_trial_in_vain_is_part_of_the_pause),
		cmocka_unit_test(retry_after_is_heeded),
		cmocka_unit_test(retry_after_has_a_limit),
		cmocka_unit_test(without_retry_after_it_backs_off),
		cmocka_unit_test(a_rejected_token_closes_it_for_up_to_a_minute),
		cmocka_unit_test(after_a_good_answer_a_rejection_is_news),
		cmocka_unit_test(another_token_is_tried_at_once),
		cmocka_unit_test(it_is_well_after_a_good_answer_only),
		cmocka_unit_test(a_trial_is_short_but_now_and_then),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
