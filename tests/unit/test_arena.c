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

/* A piece keeps its bytes wherever it goes; a large one leaves no copy. */
static void regrows_pieces(void **state)
{
	static const size_t sizes[] = {
		1, 100, 5000, 9000, 1000000, 20000, 30
	};
	struct arena *a = arena_new();
	char *p = NULL;
	size_t old = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		p = arena_regrow(a, p, old, sizes[i]);
		if (old == 0)
			p[0] = 'x';
		assert_int_equal(p[0], 'x');
		assert_true(IS_POISONED(p + sizes[i], 1));
		assert_in_range(arena_bytes(a), sizes[i],
		                sizes[i] + 3 * ARENA_BLOCK_BYTES);
		old = sizes[i];
	}
	arena_free(&a);
}

static void takes_back_to_a_mark(void **state)
{
	static const char zeroes[3000];
	struct arena *a = arena_new();

	(void)state;
	for (int round = 0; round < 3; round++) {
		const struct arena_mark mark = arena_mark(a);
		const size_t before = arena_bytes(a);
		char *first = arena_alloc(a, 3000);

		memset(first, 'x', 3000);
		for (int i = 0; i < 10; i++)
			assert_non_null(arena_alloc(a, i % 2 ? 9000 : 5000));
		arena_release(a, mark);
		assert_int_equal(arena_bytes(a), before);
		assert_true(round == 0 || IS_POISONED(first, 1));
		assert_memory_equal(arena_alloc(a, 3000), zeroes, 3000);
	}
	arena_free(&a);
}

/* Beyond its maximum it says so, and pieces are whole all the same. */
static void overflows(void **state)
{
	enum {
		MAX = 100000,
		RESERVE = 20000,
		PIECE = 1000
	};
	struct arena *a = arena_new_bounded(MAX, RESERVE);
	int taken = 0;

	(void)state;
	while (!arena_overflowed(a)) {
		assert_true(taken < MAX);
		memset(arena_alloc(a, PIECE), 'x', PIECE);
		taken += PIECE;
	}
	assert_in_range(taken, MAX / 2, MAX + PIECE);
	assert_in_range(arena_bytes(a), 1, MAX);
	memset(arena_alloc(a, RESERVE / 2), 'x', RESERVE / 2);
	assert_null(arena_regrow(a, NULL, 0, 2 * ARENA_BLOCK_BYTES));
	arena_free(&a);
}

/* A large piece that does not fit is as it was. */
static void refuses_to_regrow(void **state)
{
	struct arena *a = arena_new_bounded(100000, 1000);
	char *p = arena_regrow(a, NULL, 0, 50000);

	(void)state;
	assert_non_null(p);
	p[49999] = 'x';
	assert_false(arena_overflowed(a));
	assert_null(arena_regrow(a, p, 50000, 200000));
	assert_true(arena_overflowed(a));
	assert_int_equal(p[49999], 'x');
	arena_free(&a);

	a = arena_new_bounded(100000, 1000);
	assert_null(arena_regrow(a, NULL, 0, 200000));
	assert_true(arena_overflowed(a));
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
		cmocka_unit_test(regrows_pieces),
		cmocka_unit_test(takes_back_to_a_mark),
		cmocka_unit_test(overflows),
		cmocka_unit_test(refuses_to_regrow),
	};

	return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
