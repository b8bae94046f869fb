/* Slots: booked a period apart, taken when they are due. Microseconds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "enrich-daemon/client/slots.h"

#define PERIOD 25000
#define LATE   10000

static void there_is_none_at_first(void **state)
{
	struct slots s = { 0 };

	(void)state;
	assert_int_equal(slots_room(&s), SLOTS_MAX);
	assert_true(slots_next(&s) == INT64_MAX);
	assert_int_equal(slots_due(&s, INT64_MAX - 1, LATE), SLOT_NONE);
	assert_int_equal(slots_drop(&s), 0);
}

static void a_batch_is_a_period_apart(void **state)
{
	struct slots s = { 0 };

	(void)state;
	slots_book(&s, 3, 1000000, PERIOD);
	assert_int_equal(slots_room(&s), SLOTS_MAX - 3);
	for (int64_t at = 1000000; at <= 1050000; at += PERIOD) {
		assert_int_equal(slots_next(&s), at);
		assert_int_equal(slots_due(&s, at - 1, LATE), SLOT_NONE);
		assert_int_equal(slots_due(&s, at, LATE), SLOT_DUE);
		assert_int_equal(slots_due(&s, at, LATE), SLOT_NONE);
	}
	assert_int_equal(s.count, 0);
}

/* Two batches may begin at the same time by a clock that is not quite known. */
static void batches_do_not_overlap(void **state)
{
	struct slots s = { 0 };

	(void)state;
	slots_book(&s, 2, 1000000, PERIOD);
	slots_book(&s, 2, 1010000, PERIOD);
	slots_book(&s, 1, 2000000, PERIOD);
	assert_int_equal(s.at_us[1], 1025000);
	assert_int_equal(s.at_us[2], 1050000);
	assert_int_equal(s.at_us[3], 1075000);
	assert_int_equal(s.at_us[4], 2000000);
}

static void the_period_holds_between_what_is_taken_and_booked(void **state)
{
	struct slots s = { 0 };

	(void)state;
	slots_book(&s, 1, 1000000, PERIOD);
	assert_int_equal(slots_due(&s, 1000000, LATE), SLOT_DUE);
	slots_book(&s, 1, 1000001, PERIOD);
	assert_int_equal(slots_next(&s), 1025000);
}

static void a_slot_whose_time_has_passed_is_late(void **state)
{
	struct slots s = { 0 };

	(void)state;
	slots_book(&s, 3, 1000000, PERIOD);
	assert_int_equal(slots_due(&s, 1010001, LATE), SLOT_LATE);
	assert_int_equal(slots_due(&s, 1035000, LATE), SLOT_DUE);
	assert_int_equal(slots_due(&s, 1060001, LATE), SLOT_LATE);
	assert_int_equal(slots_due(&s, 1060001, LATE), SLOT_NONE);
}

static void dropped_slots_still_count_for_the_period(void **state)
{
	struct slots s = { 0 };

	(void)state;
	slots_book(&s, 4, 1000000, PERIOD);
	assert_int_equal(slots_drop(&s), 4);
	assert_true(slots_next(&s) == INT64_MAX);
	slots_book(&s, 1, 1000000, PERIOD);
	assert_int_equal(slots_next(&s), 1100000);
}

/* Set back by an hour, the clock shows again what it has shown. */
static void a_clock_that_was_set_begins_anew(void **state)
{
	struct slots s = { 0 };

	(void)state;
	slots_book(&s, 4, INT64_C(3601000000), PERIOD);
	assert_int_equal(slots_restart(&s, 1000000), 4);
	slots_book(&s, 2, 1000000, PERIOD);
	assert_int_equal(slots_next(&s), 1025000);
	assert_int_equal(slots_due(&s, 1025000, LATE), SLOT_DUE);
	assert_int_equal(slots_next(&s), 1050000);
}

/* The ring goes round many times, with as many in it as there is room for. */
static void the_ring_goes_round(void **state)
{
	struct slots s = { 0 };
	int64_t now = 0;

	(void)state;
	slots_book(&s, SLOTS_MAX, PERIOD, PERIOD);
	assert_int_equal(slots_room(&s), 0);
	for (int i = 1; i <= 10 * SLOTS_MAX; i++) {
		now += PERIOD;
		assert_int_equal(slots_next(&s), now);
		assert_int_equal(slots_due(&s, now, LATE), SLOT_DUE);
		slots_book(&s, 1, 0, PERIOD);
		assert_int_equal(slots_room(&s), 0);
	}
	assert_int_equal(slots_drop(&s), SLOTS_MAX);
	assert_int_equal(slots_room(&s), SLOTS_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_is_none_at_first),
		cmocka_unit_test(a_batch_is_a_period_apart),
		cmocka_unit_test(batches_do_not_overlap),
		cmocka_unit_test(
			the_period_holds_between_what_is_taken_and_booked),
		cmocka_unit_test(a_slot_whose_time_has_passed_is_late),
		cmocka_unit_test(dropped_slots_still_count_for_the_period),
		cmocka_unit_test(a_clock_that_was_set_begins_anew),
		cmocka_unit_test(the_ring_goes_round),
	};

	return cmocka_run_group_tests_name("slots", tests, NULL, NULL);
}
