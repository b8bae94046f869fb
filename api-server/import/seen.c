/*
 * A set of strings with a count: chains in a table that doubles. When there is
 * no memory for a larger table the chains grow; who reads the upload gives up
 * soon (arena.h).
 */
#include "api-server/import/seen.h"

#include <sodium.h>
#include <stdint.h>
#include <string.h>

#define BUCKETS_MIN 16

struct node {
	struct node *next;
	const char *file;
	int line;
	unsigned count;
	char text[];
};

struct seen {
	struct arena *arena;
	struct node **buckets;
	size_t bucket_count; /* a power of two */
	size_t count;
	unsigned char secret[crypto_shorthash_KEYBYTES];
};

struct seen *seen_new(struct arena *arena)
{
	struct seen *s = arena_alloc(arena, sizeof(*s));

	s->arena = arena;
	s->bucket_count = BUCKETS_MIN;
	s->buckets = arena_alloc(arena, BUCKETS_MIN * sizeof(struct node *));
	crypto_shorthash_keygen(s->secret);
	return s;
}

static struct node **bucket_of(const struct seen *s, const char *text)
{
	uint64_t hash;

	_Static_assert(sizeof(hash) == crypto_shorthash_BYTES, "one value");
	(void)crypto_shorthash((unsigned char *)&hash,
	                       (const unsigned char *)text, strlen(text),
	                       s->secret);
	return &s->buckets[hash & (s->bucket_count - 1)];
}

static void push(struct seen *s, struct node *node)
{
	struct node **bucket = bucket_of(s, node->text);

	node->next = *bucket;
	*bucket = node;
}

/* Twice the buckets. */
static void grow(struct seen *s)
{
	const size_t count = s->bucket_count;
	const size_t size = count * sizeof(struct node *);
	struct node **larger =
		arena_regrow(s->arena, s->buckets, size, 2 * size);

	if (larger == NULL)
		return;
	memset(larger + count, 0, size);
	s->buckets = larger;
	s->bucket_count = 2 * count;
	for (size_t i = 0; i < count; i++) {
		struct node *node = larger[i];
		struct node *next;

		for (larger[i] = NULL; node != NULL; node = next) {
			next = node->next;
			push(s, node);
		}
	}
}

static struct node *find(const struct seen *s, const char *text)
{
	struct node *node = *bucket_of(s, text);

	while (node != NULL && strcmp(node->text, text) != 0)
		node = node->next;
	return node;
}

static struct node *add(struct seen *s, const char *text)
{
	const size_t len = strlen(text);

	if (s->count == s->bucket_count)
		grow(s);
	struct node *node = arena_alloc(s->arena, sizeof(*node) + len + 1);
	memcpy(node->text, text, len);
	push(s, node);
	s->count++;
	return node;
}

struct seen_key seen_add(struct seen *s, const char *key, const char *file,
                         int line)
{
	struct node *node = find(s, key);

	if (node == NULL) {
		node = add(s, key);
		node->file = file;
		node->line = line;
	}
	return (struct seen_key){ node->file, node->line, node->count++ };
}
