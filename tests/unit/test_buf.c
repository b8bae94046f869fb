/* common/base/buf: growing, the maximum, stealing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "common/base/buf.h"

static void starts_empty_and_terminated(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 10);
	assert_string_equal(b.data, "");
	assert_int_equal(b.len, 0);
	assert_false(buf_overflowed(&b));
	buf_deinit(&b);
	buf_deinit(&b);
}

static void adds_pieces(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 100);
	buf_add(&b, "ab\0c", 4);
	buf_add_char(&b, 'd');
	buf_add_str(&b, "");
	buf_add_str(&b, "ef");
	buf_printf(&b, "%d-%s", 42, "g");
	assert_int_equal(b.len, 11);
	assert_memory_equal(b.data, "ab\0cdef42-g", 12);
	buf_deinit(&b);
}

static void keeps_its_maximum(void **state)
{
	static const struct {
		const char *first, *second, *content;
		bool overflowed;
	} rows[] = {
		{ "12345678", "", "12345678", false },
		{ "1234", "5678", "12345678", false },
		{ "123456789", "", "", true },
		{ "1234", "56789", "1234", true },
		{ "", "123456789", "", true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		for (int printed = 0; printed < 2; printed++) {
			struct buf b;

			buf_init(&b, 8);
			buf_add_str(&b, rows[i].first);
			if (printed == 1)
				buf_printf(&b, "%s", rows[i].second);
			else
				buf_add_str(&b, rows[i].second);
			assert_string_equal(b.data, rows[i].content);
			assert_int_equal(b.len, strlen(rows[i].content));
			assert_int_equal(buf_overflowed(&b),
			                 rows[i].overflowed);
			buf_deinit(&b);
		}
	}
}

/* What comes after a hole would be read as if there were none. */
static void adds_nothing_after_an_overflow(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 4);
	buf_add_str(&b, "ab");
	buf_add_str(&b, "too long");
	buf_add_str(&b, "c");
	assert_string_equal(b.data, "ab");
	assert_true(buf_overflowed(&b));
	buf_reset(&b);
	assert_string_equal(b.data, "");
	assert_false(buf_overflowed(&b));
	buf_add_str(&b, "cdef");
	assert_string_equal(b.data, "cdef");
	assert_false(buf_overflowed(&b));
	buf_deinit(&b);
}

static void grows_far(void **state)
{
	enum {
		COUNT = 100000
	};
	struct buf b;

	(void)state;
	buf_init(&b, COUNT);
	for (int i = 0; i < COUNT; i++)
		buf_add_char(&b, (char)('a' + i % 26));
	assert_int_equal(b.len, COUNT);
	assert_false(buf_overflowed(&b));
	/* 99999 = 26 * 3846 + 3 */
	assert_int_equal(b.data[COUNT - 1], 'd');
	assert_int_equal(b.data[COUNT], '\0');
	buf_deinit(&b);
}

static void can_be_stolen(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 4);
	char *nothing = buf_steal(&b);
	assert_string_equal(nothing, "");
	free(nothing);

	buf_add_str(&b, "abcd");
	char *content = buf_steal(&b);
	assert_string_equal(content, "abcd");
	assert_int_equal(b.len, 0);
	assert_string_equal(b.data, "");
	free(content);

	buf_add_str(&b, "efgh");
	assert_string_equal(b.data, "efgh");
	assert_false(buf_overflowed(&b));
	buf_deinit(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(starts_empty_and_terminated),
		cmocka_unit_test(adds_pieces),
		cmocka_unit_test(keeps_its_maximum),
		cmocka_unit_test(adds_nothing_after_an_overflow),
		cmocka_unit_test(grows_far),
		cmocka_unit_test(can_be_stolen),
	};

	return cmocka_run_group_tests_name("buf", tests, NULL, NULL);
}
