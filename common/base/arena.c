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

#define ALIGNMENT alignof(max_align_t)

struct block {
	struct block *next;
	size_t size; /* of bytes */
	size_t used;
	alignas(max_align_t) char bytes[];
};

struct arena {
	struct block *blocks;
	size_t max;   /* 0: none */
	size_t bytes; /* of all blocks but the reserve */
	/* Once it overflowed the reserve is the block in use. */
	bool overflowed;
	struct block *reserve; /* NULL: it has no maximum */
};

/* --- blocks --- */

static struct block *block_init(struct block *b, size_t size)
{
	b->size = size;
	ASAN_POISON_MEMORY_REGION(b->bytes, b->size);
	return b;
}

static size_t block_bytes(size_t size)
{
	return sizeof(struct block) + size;
}

static bool fits(const struct arena *a, size_t more)
{
	return a->max == 0 || (a->bytes <= a->max && more <= a->max - a->bytes);
}

/* NULL: there is a maximum, and it would be passed. */
static struct block *block_new(struct arena *a, size_t size)
{
	const size_t bytes = block_bytes(size);

	if (!fits(a, bytes))
		return NULL;
	struct block *b = calloc(1, bytes);
	ensure(b != NULL || a->max > 0);
	if (b == NULL)
		return NULL;
	a->bytes += bytes;
	return block_init(b, size);
}

/* The block in use stays the first, unless it is the new one. */
static void link_block(struct arena *a, struct block *b)
{
	struct block *current = a->blocks;

	if (current != NULL && b->size > ARENA_BLOCK_BYTES) {
		b->next = current->next;
		current->next = b;
	} else {
		b->next = current;
		a->blocks = b;
	}
}

static struct block *reserve_for(struct arena *a, size_t size)
{
	/* A second time means that the reserve is used up. */
	ensure(a->blocks != a->reserve && size <= a->reserve->size);
	a->overflowed = true;
	a->reserve->next = a->blocks;
	a->blocks = a->reserve;
	return a->reserve;
}

static struct block *block_for(struct arena *a, size_t size)
{
	struct block *current = a->blocks;
	struct block *b = NULL;

	if (current != NULL && current->size - current->used >= size)
		return current;
	if (!a->overflowed)
		b = block_new(a, size > ARENA_BLOCK_BYTES ? size
		                                          : ARENA_BLOCK_BYTES);
	if (b == NULL)
		return reserve_for(a, size);
	link_block(a, b);
	return b;
}

/* Takes back what it handed out behind the first `used` bytes. */
static void block_empty(struct block *b, size_t used)
{
	ASAN_UNPOISON_MEMORY_REGION(b->bytes + used, b->used - used);
	memset(b->bytes + used, 0, b->used - used);
	ASAN_POISON_MEMORY_REGION(b->bytes + used, b->size - used);
	b->used = used;
}

static void block_free(struct block *b)
{
	ASAN_UNPOISON_MEMORY_REGION(b->bytes, b->size);
	free(b);
}

/* Frees the block at *at; the reserve stays for the next time. */
static void drop(struct arena *a, struct block **at)
{
	struct block *b = *at;

	*at = b->next;
	if (b == a->reserve) {
		block_empty(b, 0);
		return;
	}
	a->bytes -= block_bytes(b->size);
	block_free(b);
}

/* --- the arena --- */

struct arena *arena_new(void)
{
	return xcalloc(1, sizeof(struct arena));
}

struct arena *arena_new_bounded(size_t max, size_t reserve)
{
	ensure(max > 0 && max < SIZE_MAX / 4 && reserve < SIZE_MAX / 4);

	struct arena *a = calloc(1, sizeof(*a));
	struct block *b = malloc(block_bytes(reserve));
	if (a == NULL || b == NULL) {
		free(a);
		free(b);
		return NULL;
	}
	*b = (struct block){ 0 };
	a->max = max;
	a->reserve = block_init(b, reserve);
	return a;
}

bool arena_overflowed(const struct arena *a)
{
	return a->overflowed;
}

size_t arena_bytes(const struct arena *a)
{
	return a->bytes;
}

void arena_free(struct arena **a)
{
	if (*a == NULL)
		return;
	while ((*a)->blocks != NULL)
		drop(*a, &(*a)->blocks);
	if ((*a)->reserve != NULL)
		block_free((*a)->reserve);
	free(*a);
	*a = NULL;
}

/* --- pieces --- */

/* At least one byte behind each piece stays poisoned. */
static size_t padded(size_t size)
{
	ensure(size < SIZE_MAX / 2);
	return (size + ALIGNMENT) / ALIGNMENT * ALIGNMENT;
}

static void *hand_out(struct block *b, size_t size)
{
	char *p = b->bytes + b->used;

	b->used += padded(size);
	ASAN_UNPOISON_MEMORY_REGION(p, size);
	return p;
}

void *arena_alloc(struct arena *a, size_t size)
{
	struct block *b = block_for(a, padded(size));
	void *p = hand_out(b, size);

	/* Zeroes before would make pages of its addresses. */
	return b == a->reserve ? memset(p, 0, size) : p;
}

/* Gives the block at *at, which is one piece, another size. */
static void *resize(struct arena *a, struct block **at, size_t size)
{
	const size_t old = (*at)->size;
	const size_t taken = padded(size);

	if (taken > old && !fits(a, taken - old))
		return NULL;
	ASAN_UNPOISON_MEMORY_REGION((*at)->bytes, old);
	struct block *b = realloc(*at, block_bytes(taken));
	ensure(b != NULL || a->max > 0);
	if (b == NULL)
		return NULL;
	*at = b;
	a->bytes = a->bytes - old + taken;
	b->size = taken;
	b->used = taken;
	ASAN_POISON_MEMORY_REGION(b->bytes + size, taken - size);
	return b->bytes;
}

static void *overflow(struct arena *a)
{
	a->overflowed = true;
	return NULL;
}

/* The block of a piece that has one of its own. */
static struct block **find(struct arena *a, const void *p)
{
	struct block **at = &a->blocks;

	while ((*at)->bytes != (const char *)p)
		at = &(*at)->next;
	return at;
}

static bool is_large(size_t size)
{
	return padded(size) > ARENA_BLOCK_BYTES;
}

void *arena_regrow(struct arena *a, void *p, size_t old, size_t size)
{
	void *larger;

	if (is_large(size) && a->overflowed)
		return NULL;
	if (is_large(old)) {
		larger = resize(a, find(a, p), size);
		return larger != NULL ? larger : overflow(a);
	}
	if (is_large(size)) {
		struct block *b = block_new(a, padded(size));

		if (b == NULL)
			return overflow(a);
		link_block(a, b);
		larger = hand_out(b, size);
	} else {
		larger = arena_alloc(a, size);
	}
	if (old > 0)
		memcpy(larger, p, old < size ? old : size);
	return larger;
}

struct arena_mark arena_mark(const struct arena *a)
{
	const struct block *b = a->blocks;

	return (struct arena_mark){
		.block = a->blocks,
		.behind = b != NULL ? b->next : NULL,
		.used = b != NULL ? b->used : 0,
	};
}

void arena_release(struct arena *a, struct arena_mark mark)
{
	while (a->blocks != mark.block)
		drop(a, &a->blocks);
	if (a->blocks == NULL)
		return;
	while (a->blocks->next != mark.behind)
		drop(a, &a->blocks->next);
	block_empty(a->blocks, mark.used);
}

/* --- copies --- */

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
