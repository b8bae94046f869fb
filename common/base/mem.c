/* Memory or death, and the invariants that are checked in release builds. */
#include "common/base/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/log.h"

static void *or_die(void *p)
{
	ensure(p != NULL);
	return p;
}

/* A size of 0 still gives a pointer of its own, never NULL. */
void *xmalloc(size_t size)
{
	return or_die(malloc(size > 0 ? size : 1));
}

void *xcalloc(size_t count, size_t size)
{
	return or_die(calloc(count > 0 ? count : 1, size > 0 ? size : 1));
}

void *xrealloc(void *old, size_t size)
{
	return or_die(realloc(old, size > 0 ? size : 1));
}

void *xreallocarray(void *old, size_t count, size_t size)
{
	ensure(size == 0 || count <= SIZE_MAX / size);
	return xrealloc(old, count * size);
}

char *xstrdup(const char *s)
{
	return or_die(strdup(s));
}

char *xasprintf(const char *fmt, ...)
{
	char *text = NULL;
	va_list args;

	va_start(args, fmt);
	const int len = vasprintf(&text, fmt, args);
	va_end(args);
	ensure(len >= 0);
	return text;
}

void ensure_failed(const char *cond, const char *file, int line)
{
	log_error("invariant broken", log_str("condition", cond),
	          log_str("file", file), log_int("line", line));
	abort();
}
