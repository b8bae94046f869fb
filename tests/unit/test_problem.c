/* http/problem: the table, and one problem as JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "api-server/http/problem.h"
#include "common/base/attr.h"

static void has_a_sound_table(void **state)
{
	(void)state;
	for (const struct problem *p = problems; p->name != NULL; p++) {
		assert_ptr_equal(problem_find(p->name), p); /* no name twice */
		assert_true(strspn(p->name, "abcdefghijklmnopqrstuvwxyz-") ==
		            strlen(p->name));
		assert_in_range(p->status, 400, 599);
		assert_true(strlen(p->title) > 10);
		if (p != problems)
			assert_true(p[-1].status <= p->status);
	}
}

static void writes(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 1000);
	problem_write(&out, problem_find("not-found"), "No film \"7\".",
	              "ab12");
	assert_string_equal(out.data, "{\"type\":\"/problems/not-found\","
	                              "\"title\":\"There is nothing here\","
	                              "\"status\":404,"
	                              "\"detail\":\"No film \\\"7\\\".\","
	                              "\"request\":\"ab12\"}");
	buf_deinit(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(has_a_sound_table),
		cmocka_unit_test(writes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
