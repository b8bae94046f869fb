#ifndef TESTS_UNIT_ARENA_FIXTURE_H
#define TESTS_UNIT_ARENA_FIXTURE_H

#include "common/base/arena.h"

/* Each test has an arena of its own: *state. After cmocka.h. */
static inline int setup(void **state)
{
	*state = arena_new();
	return 0;
}

static inline int teardown(void **state)
{
	struct arena *arena = *state;

	arena_free(&arena);
	return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
