/*
 * An arena is a list of blocks, the one in use first. A piece too big for the
 * usual block gets a block of its own, behind the one in use. What is not
 * handed out is poisoned, so that ASan sees a step over the end.
 */
#include "common/base/arena.h"

#include <sanitizer/asan_interface.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"

#define BLOCK_SIZE 8192
#define ALIGNMENT  alignof(max_align_t)

struct block {
	struct block *next;
	size_t size; /* of bytes */
	size_t used;
	alignas(max_align_t) char bytes[];
};

struct arena {
	struct block *blocks;
};

struct arena *arena_new(void)
{
	return xcalloc(1, sizeof(struct arena));
}

void arena_free(struct arena **a)
{
	if (*a == NULL)
		return;
	for (struct block *b = (*a)->blocks, *next; b != NULL; b = next) {
		next = b->next;
		ASAN_UNPOISON_MEMORY_REGION(b->bytes, b->size);
		free(b);
	}
	free(*a);
	*a = NULL;
}

static struct block *block_new(size_t size)
{
	struct block *b = xcalloc(1, sizeof(*b) + size);

	b->size = size;
	ASAN_POISON_MEMORY_REGION(b->bytes, b->size);
	return b;
}

static struct block *block_for(struct arena *a, size_t size)
{
	struct block *current = a->blocks;

	if (current != NULL && current->size - current->used >= size)
		return current;

	struct block *b = block_new(size > BLOCK_SIZE ? size : BLOCK_SIZE);
	if (current != NULL && size > BLOCK_SIZE) {
		b->next = current->next;
		current->next = b;
	} else {
		b->next = current;
		a->blocks = b;
	}
	return b;
}

void *arena_alloc(struct arena *a, size_t size)
{
	/* At least one byte behind each piece stays poisoned. */
	ensure(size < SIZE_MAX / 2);
	const size_t padded = (size + ALIGNMENT) / ALIGNMENT * ALIGNMENT;
	struct block *b = block_for(a, padded);
	char *p = b->bytes + b->used;

	b->used += padded;
	ASAN_UNPOISON_MEMORY_REGION(p, size);
	return p;
}

char *arena_strdup(struct arena *a, const char *s)
{
	return arena_strndup(a, s, strlen(s));
}

char *arena_strndup(struct arena *a, const char *s, size_t len)
{
	char *copy = arena_alloc(a, len + 1);

	if (len > 0)
		memcpy(copy, s, len);
	return copy;
}

char *arena_utf8(struct arena *a, const char *s)
{
	const struct str unknown = STR_LIT("\xef\xbf\xbd");
	struct str rest = str_of(s);
	char *copy = arena_alloc(a, rest.n * unknown.n + 1);
	char *end = copy;
	bool was_known = true;

	while (rest.n > 0) {
		const size_t len = str_utf8_len(rest);
		const size_t taken = len > 0 ? len : 1;

		if (len > 0)
			end = mempcpy(end, rest.p, len);
		else if (was_known)
			end = mempcpy(end, unknown.p, unknown.n);
		was_known = len > 0;
		rest.p += taken;
		rest.n -= taken;
	}
	return copy;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	const int len = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	ensure(len >= 0);

	char *text = arena_alloc(a, (size_t)len + 1);
	va_start(args, fmt);
	(void)vsnprintf(text, (size_t)len + 1, fmt, args);
	va_end(args);
	return text;
}
