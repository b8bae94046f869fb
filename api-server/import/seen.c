/* A set of strings with a count: uthash under a seeded FNV-1a. */
#include "api-server/import/seen.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/backoff.h"
#include "common/mem.h"

#define uthash_malloc(size)    xmalloc(size)
#define uthash_free(ptr, size) free(ptr)
#include <uthash.h>

struct node {
	struct seen_key key;
	UT_hash_handle hh;
	char text[];
};

struct seen {
	struct node *nodes;
	uint64_t seed;
};

struct seen *seen_new(void)
{
	struct seen *s = xcalloc(1, sizeof(*s));

	s->seed = random_u64();
	return s;
}

void seen_free(struct seen **s)
{
	if (*s == NULL)
		return;

	struct node *node = (*s)->nodes;
	HASH_CLEAR(hh, (*s)->nodes);
	for (struct node *next; node != NULL; node = next) {
		next = node->hh.next;
		free(node);
	}
	free(*s);
	*s = NULL;
}

static unsigned hash(const struct seen *s, const char *key)
{
	uint64_t h = s->seed;

	for (; *key != '\0'; key++)
		h = (h ^ (unsigned char)*key) * UINT64_C(0x100000001b3);
	return (unsigned)(h ^ (h >> 32));
}

static struct node *node_new(const char *key, size_t len, struct seen_key where)
{
	struct node *node = xcalloc(1, sizeof(*node) + len + 1);

	memcpy(node->text, key, len);
	node->key = where;
	return node;
}

struct seen_key seen_add(struct seen *s, const char *key, const char *file,
                         int line)
{
	const size_t len = strlen(key);
	const unsigned value = hash(s, key);
	struct node *node;

	HASH_FIND_BYHASHVALUE(hh, s->nodes, key, len, value, node);
	if (node == NULL) {
		node = node_new(key, len, (struct seen_key){ file, line, 0 });
		HASH_ADD_KEYPTR_BYHASHVALUE(hh, s->nodes, node->text, len,
		                            value, node);
	}
	const struct seen_key key_before = node->key;
	node->key.count++;
	return key_before;
}
