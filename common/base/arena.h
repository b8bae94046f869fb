#ifndef COMMON_BASE_ARENA_H
#define COMMON_BASE_ARENA_H

#include <stddef.h>

#include "common/base/attr.h"

/*
 * Memory of one unit of work (a request, a transaction, an import), released
 * all at once. Never returns NULL. Unused memory is poisoned under ASan.
 */
struct arena;

struct arena *arena_new(void) MUST_CHECK;
/* Frees everything and sets *a to NULL; NULL is fine. */
void arena_free(struct arena **a);

/* Zeroed, aligned for any type. */
void *arena_alloc(struct arena *a, size_t size) MUST_CHECK;
char *arena_strdup(struct arena *a, const char *s) MUST_CHECK;
/* Copies exactly len bytes and adds a NUL. */
char *arena_strndup(struct arena *a, const char *s, size_t len) MUST_CHECK;
/* Copies s as UTF-8: what is none becomes U+FFFD, one for all in a row. */
char *arena_utf8(struct arena *a, const char *s) MUST_CHECK;
char *arena_printf(struct arena *a, const char *fmt, ...)
	PRINTF_LIKE(2, 3) MUST_CHECK;

#endif
