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

/* Of arenas beside each other. */
struct account {
	int arenas;
	size_t max;   /* 0: none */
	size_t bytes; /* of all blocks but the reserves */
	bool overflowed;
};

struct arena {
	struct block *blocks;
	struct account *account;
	/* Once it overflowed it is the block in use; NULL: no maximum. */
	struct block *reserve;
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

static bool fits(const struct account *account, size_t more)
{
	return account->max == 0 || (account->bytes <= account->max &&
	                             more <= account->max - account->bytes);
}

/* NULL: there is a maximum, and it would be passed. */
static struct block *block_new(struct account *account, size_t size)
{
	const size_t bytes = block_bytes(size);

	if (!fits(account, bytes))
		return NULL;
	struct block *b = calloc(1, bytes);
	ensure(b != NULL || account->max > 0);
	if (b == NULL)
		return NULL;
	account->bytes += bytes;
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
	a->account->overflowed = true;
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
	if (!a->account->overflowed)
		b = block_new(a->account, size > ARENA_BLOCK_BYTES
		                                  ? size
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
	a->account->bytes -= block_bytes(b->size);
	block_free(b);
}

/* --- the arena --- */

struct arena *arena_new(void)
{
	struct arena *a = xcalloc(1, sizeof(*a));

	a->account = xcalloc(1, sizeof(*a->account));
	a->account->arenas = 1;
	return a;
}

/* False: there is no memory for it. */
static bool add_reserve(struct arena *a, size_t size)
{
	struct block *b = malloc(block_bytes(size));

	if (b == NULL)
		return false;
	*b = (struct block){ 0 };
	a->reserve = block_init(b, size);
	return true;
}

struct arena *arena_new_bounded(size_t max, size_t reserve)
{
	ensure(max > 0 && max < SIZE_MAX / 4 && reserve < SIZE_MAX / 4);

	struct arena *a = arena_new();
	a->account->max = max;
	if (!add_reserve(a, reserve))
		arena_free(&a);
	return a;
}

struct arena *arena_new_beside(struct arena *a, size_t reserve)
{
	struct arena *beside = xcalloc(1, sizeof(*beside));

	ensure(a->account->max > 0);
	beside->account = a->account;
	beside->account->arenas++;
	if (!add_reserve(beside, reserve))
		arena_free(&beside);
	return beside;
}

bool arena_overflowed(const struct arena *a)
{
	return a->account->overflowed;
}

size_t arena_bytes(const struct arena *a)
{
	return a->account->bytes;
}

void arena_free(struct arena **a)
{
	if (*a == NULL)
		return;
	while ((*a)->blocks != NULL)
		drop(*a, &(*a)->blocks);
	if ((*a)->reserve != NULL)
		block_free((*a)->reserve);
	if (--(*a)->account->arenas == 0)
		free((*a)->account);
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
static void *resize(struct account *account, struct block **at, size_t size)
{
	const size_t old = (*at)->size;
	const size_t taken = padded(size);

	if (taken > old && !fits(account, taken - old))
		return NULL;
	ASAN_UNPOISON_MEMORY_REGION((*at)->bytes, old);
	struct block *b = realloc(*at, block_bytes(taken));
	ensure(b != NULL || account->max > 0);
	if (b == NULL)
		return NULL;
	*at = b;
	account->bytes = account->bytes - old + taken;
	b->size = taken;
	b->used = taken;
	ASAN_POISON_MEMORY_REGION(b->bytes + size, taken - size);
	return b->bytes;
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

/* A piece with a block of its own, or NULL. */
static void *alloc_large(struct arena *a, size_t size)
{
	struct block *b = block_new(a->account, padded(size));

	if (b == NULL)
		return NULL;
	link_block(a, b);
	return hand_out(b, size);
}

void *arena_regrow(struct arena *a, void *p, size_t old, size_t size)
{
	void *larger = NULL;

	if ((is_large(old) || is_large(size)) && a->account->overflowed)
		return NULL;
	if (is_large(old))
		larger = resize(a->account, find(a, p), size);
	else if (is_large(size))
		larger = alloc_large(a, size);
	else
		larger = arena_alloc(a, size);
	if (larger == NULL)
		a->account->overflowed = true;
	else if (old > 0 && !is_large(old))
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
