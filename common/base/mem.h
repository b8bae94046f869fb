#ifndef COMMON_BASE_MEM_H
#define COMMON_BASE_MEM_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/attr.h"

/*
 * Memory that is there or the process dies: no caller handles out-of-memory.
 * Everything returned is released with free().
 */
void *xmalloc(size_t size) MUST_CHECK;
void *xcalloc(size_t count, size_t size) MUST_CHECK;
void *xrealloc(void *old, size_t size) MUST_CHECK;
/* Multiplies with an overflow check, then xrealloc(). */
void *xreallocarray(void *old, size_t count, size_t size) MUST_CHECK;
char *xstrdup(const char *s) MUST_CHECK;
char *xasprintf(const char *fmt, ...) PRINTF_LIKE(1, 2) MUST_CHECK;

/* An invariant, checked in release builds too: logs the condition, aborts. */
#define ensure(cond)                                                           \
	((cond) ? (void)0 : ensure_failed(#cond, __FILE__, __LINE__))
void ensure_failed(const char *cond, const char *file, int line) NORETURN;

#endif
