/* common/base/log_repeats: what is one more of the same, and when its count is
 * due. The table is one a process: each case ends by taking all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "common/base/log_repeats.h"

#define SPAN 60000

static bool first(const char *event, const char *subject, int64_t now)
{
	return log_repeats_is_first(2, event, "why", subject, now);
}

static int take_all(void)
{
	struct log_repeat r;
	int n = 0;

	while (log_repeats_take_due(0, 0, &r))
		n++;
	return n;
}

static void tells_the_first(void **state)
{
	(void)state;
	assert_true(first("a", "x", 0));
	assert_false(first("a", "x", 1));
	assert_true(first("a", "y", 2));
	assert_true(first("b", "x", 2));
	assert_false(first("b", "x", 3));
	assert_int_equal(take_all(), 2);
	assert_true(first("a", "x", 4));
	assert_int_equal(take_all(), 0);
}

static void counts_by_the_span(void **state)
{
	struct log_repeat r;

	(void)state;
	assert_true(first("a", "x", 1000));
	for (int i = 0; i < 10; i++)
		assert_false(first("a", "x", 1000 + i));
	assert_false(log_repeats_take_due(SPAN + 999, SPAN, &r));
	assert_true(log_repeats_take_due(SPAN + 1000, SPAN, &r));
	assert_string_equal(r.event, "a");
	assert_string_equal(r.key, "why");
	assert_string_equal(r.subject, "x");
	assert_int_equal(r.level, 2);
	assert_int_equal(r.count, 10);
	assert_int_equal(r.since_ms, 1000);
	assert_false(log_repeats_take_due(SPAN + 1000, SPAN, &r));

	/* The next span begins with its count, not with a line. */
	assert_false(first("a", "x", SPAN + 1001));
	assert_true(log_repeats_take_due(2 * SPAN + 1000, SPAN, &r));
	assert_int_equal(r.count, 1);
	/* A quiet one ends it. */
	assert_false(log_repeats_take_due(3 * SPAN + 1000, SPAN, &r));
	assert_true(first("a", "x", 3 * SPAN + 1001));
	assert_int_equal(take_all(), 0);
}

/* A text that is never the same is no way around it. */
static void bounds_the_subjects(void **state)
{
	char subject[32];
	int firsts = 0;

	(void)state;
	for (int i = 0; i < 10000; i++) {
		(void)snprintf(subject, sizeof(subject), "no. %d", i);
		firsts += first("a", subject, 0);
	}
	assert_int_equal(firsts, LOG_SUBJECTS_MAX);
	assert_true(first("b", "x", 0));
	assert_int_equal(take_all(), 1);
}

static void long_subjects_are_equal_by_their_begin(void **state)
{
	char one[LOG_SUBJECT_MAX + 10];
	char other[LOG_SUBJECT_MAX + 10];

	(void)state;
	memset(one, 'x', sizeof(one) - 1);
	one[sizeof(one) - 1] = '\0';
	memcpy(other, one, sizeof(one));
	other[LOG_SUBJECT_MAX] = 'y';
	assert_true(first("a", one, 0));
	assert_false(first("a", other, 0));
	other[0] = 'y';
	assert_true(first("a", other, 0));
	assert_int_equal(take_all(), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_the_first),
		cmocka_unit_test(counts_by_the_span),
		cmocka_unit_test(bounds_the_subjects),
		cmocka_unit_test(long_subjects_are_equal_by_their_begin),
	};

	return cmocka_run_group_tests_name("log_repeats", tests, NULL, NULL);
}
