#ifndef COMMON_BASE_ARENA_H
#define COMMON_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/attr.h"

/*
 * Memory of one unit of work (a request, a transaction, an import), released
 * all at once. Unused memory is poisoned under ASan.
 */
struct arena;

/* One without a maximum: what it is asked for is there, or the process dies. */
struct arena *arena_new(void) MUST_CHECK;
/*
 * One for work whose size somebody else chose. When a piece would take it
 * beyond max bytes, or the system has no memory for it, the arena has
 * overflowed, and stays so. Pieces are handed out all the same, from a reserve:
 * so whoever takes many asks arena_overflowed() now and then, gives the work up
 * when it says so, and takes no more than `reserve` bytes in between; that is
 * checked (ensure).
 *
 * max counts what is taken from the system, the reserve not included, which is
 * addresses only until it is needed. NULL: not even that could be had. One
 * thread at a time, also with those beside it.
 */
struct arena *arena_new_bounded(size_t max, size_t reserve) MUST_CHECK;
/* Another one for the same work, with a reserve of its own: max is that of both
 * together, and when one has overflowed both have. Either may be freed first. */
struct arena *arena_new_beside(struct arena *a, size_t reserve) MUST_CHECK;
bool arena_overflowed(const struct arena *a);
/* Frees everything and sets *a to NULL; NULL is fine. */
void arena_free(struct arena **a);
/* What is taken from the system now, by those beside it as well. */
size_t arena_bytes(const struct arena *a);

/* Zeroed, aligned for any type; never NULL. */
void *arena_alloc(struct arena *a, size_t size) MUST_CHECK;
/*
 * The piece p, of old bytes, with size bytes; what is behind the old ones may be
 * anything. It may have moved; of a piece of more than ARENA_BLOCK_BYTES no copy
 * stays. p may be NULL (old: 0). NULL: the arena has overflowed, and p is as it
 * was; never so without a maximum.
 */
void *arena_regrow(struct arena *a, void *p, size_t old,
                   size_t size) MUST_CHECK;
#define ARENA_BLOCK_BYTES ((size_t)8192)

char *arena_strdup(struct arena *a, const char *s) MUST_CHECK;
/* Copies exactly len bytes and adds a NUL. */
char *arena_strndup(struct arena *a, const char *s, size_t len) MUST_CHECK;
/* Copies s as UTF-8: what is none becomes U+FFFD, one for all in a row. */
char *arena_utf8(struct arena *a, const char *s) MUST_CHECK;
char *arena_printf(struct arena *a, const char *fmt, ...)
	PRINTF_LIKE(2, 3) MUST_CHECK;

/* Takes back every piece handed out since the mark was set; none of those from
 * before may have been regrown since. */
struct arena_mark {
	void *block;
	void *behind;
	size_t used;
};
struct arena_mark arena_mark(const struct arena *a) MUST_CHECK;
void arena_release(struct arena *a, struct arena_mark mark);

#endif
