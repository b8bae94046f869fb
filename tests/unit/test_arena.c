/* common/base/arena: alignment, zeroes, copies, big pieces, poison. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdalign.h>
#include <stdbool.h>
#include <string.h>

#include <sanitizer/asan_interface.h>

#include "common/base/arena.h"

static void gives_aligned_zeroes(void **state)
{
	static const char zeroes[100000];
	static const size_t sizes[] = { 0,  1,    7,    8,    15,     16,
		                        17, 4000, 8192, 8193, 100000, 3 };
	struct arena *a = arena_new();

	(void)state;
	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
			char *p = arena_alloc(a, sizes[i]);

			assert_int_equal((uintptr_t)p % alignof(max_align_t),
			                 0);
			assert_memory_equal(p, zeroes, sizes[i]);
			memset(p, 0xaa, sizes[i]);
		}
	}
	arena_free(&a);
	assert_null(a);
	arena_free(&a);
}

/* Each piece keeps what was written into it. */
static void pieces_do_not_overlap(void **state)
{
	enum {
		COUNT = 3000
	};
	struct arena *a = arena_new();
	int *pieces[COUNT];

	(void)state;
	for (int i = 0; i < COUNT; i++) {
		pieces[i] = arena_alloc(a, (size_t)i + 4);
		*pieces[i] = i;
	}
	for (int i = 0; i < COUNT; i++)
		assert_int_equal(*pieces[i], i);
	arena_free(&a);
}

static void copies_strings(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	assert_string_equal(arena_strdup(a, "abc"), "abc");
	assert_string_equal(arena_strdup(a, ""), "");
	assert_string_equal(arena_strndup(a, "abcdef", 3), "abc");
	assert_string_equal(arena_strndup(a, NULL, 0), "");
	assert_memory_equal(arena_strndup(a, "a\0b", 3), "a\0b", 4);
	assert_string_equal(arena_printf(a, "%s-%03d", "x", 7), "x-007");
	assert_string_equal(arena_printf(a, "%s", ""), "");
	const char *padded = arena_printf(a, "%20000d", 1);
	assert_int_equal(strlen(padded), 20000);
	assert_int_equal(padded[19999], '1');
	arena_free(&a);
}

static void copies_as_utf8(void **state)
{
	static const struct {
		const char *text, *copy;
	} rows[] = {
		{ "", "" },
		{ "plain", "plain" },
		{ "Am\xc3\xa9lie \xf0\x9f\x8e\xac",
		  "Am\xc3\xa9lie \xf0\x9f\x8e\xac" },
		{ "charset=\xe9", "charset=\xef\xbf\xbd" },
		{ "\xe9\xe8 and \xff.", "\xef\xbf\xbd and \xef\xbf\xbd." },
		{ "cut \xf0\x9f\x8e", "cut \xef\xbf\xbd" },
		{ "\xff"
		  "a\xff"
		  "b\xff",
		  "\xef\xbf\xbd"
		  "a\xef\xbf\xbd"
		  "b\xef\xbf\xbd" },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_string_equal(arena_utf8(a, rows[i].text), rows[i].copy);
	arena_free(&a);
}

/* gcc says it one way, clang the other. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define UNDER_ASAN
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define UNDER_ASAN
#endif

/* Without ASan everything is as it should be. */
#if defined(UNDER_ASAN)
#define IS_POISONED(p, expected) (__asan_address_is_poisoned(p) == (expected))
#else
#define IS_POISONED(p, expected) ((p) != NULL)
#endif

static void poisons_what_is_not_handed_out(void **state)
{
	static const size_t sizes[] = { 1, 8, 15, 16, 24, 9000 };
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		const char *p = arena_alloc(a, sizes[i]);

		assert_true(IS_POISONED(p, 0));
		assert_true(IS_POISONED(p + sizes[i] - 1, 0));
		assert_true(IS_POISONED(p + sizes[i], 1));
	}
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_aligned_zeroes),
		cmocka_unit_test(pieces_do_not_overlap),
		cmocka_unit_test(copies_strings),
		cmocka_unit_test(copies_as_utf8),
		cmocka_unit_test(poisons_what_is_not_handed_out),
	};

	return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
