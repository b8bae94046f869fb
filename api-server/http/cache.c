/*
 * The cache: entries in a table hashed by member and key, in a list by use,
 * and in a list of their member's, where the version that was last read of the
 * library is kept.
 */
#include "api-server/http/cache.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "api-server/http/body.h"
#include "common/mem.h"

#define BUCKETS 1024

struct entry {
	struct library *library;
	char *key;
	char version[CACHE_VERSION_SIZE];
	uint64_t epoch; /* sure while it is the cache's */
	int64_t made_ms;
	struct body *body;
	size_t size;
	LIST_ENTRY(entry) in_bucket;
	LIST_ENTRY(entry) in_library;
	TAILQ_ENTRY(entry) in_use;
};

LIST_HEAD(entry_list, entry);
TAILQ_HEAD(entry_queue, entry);

/* What is known of one member's library; lives while it has entries. */
struct library {
	int64_t member;
	char version[CACHE_VERSION_SIZE]; /* last read, */
	int64_t asked_ms;                 /* asked for then */
	struct entry_list entries;
	LIST_ENTRY(library) in_bucket;
};

LIST_HEAD(library_list, library);

struct cache {
	struct entry_list entries[BUCKETS];
	struct library_list libraries[BUCKETS];
	struct entry_queue by_use; /* most recent first */
	size_t bytes;
	size_t bytes_max;
	int count;
	uint64_t epoch;
	bool hearing;
};

struct cache *cache_new(size_t bytes_max)
{
	struct cache *c = xcalloc(1, sizeof(*c));

	c->bytes_max = bytes_max;
	TAILQ_INIT(&c->by_use);
	return c;
}

static void entry_remove(struct cache *c, struct entry *e)
{
	struct library *library = e->library;

	LIST_REMOVE(e, in_bucket);
	LIST_REMOVE(e, in_library);
	TAILQ_REMOVE(&c->by_use, e, in_use);
	c->bytes -= e->size;
	c->count--;
	body_unref(&e->body);
	free(e->key);
	free(e);
	if (LIST_EMPTY(&library->entries)) {
		LIST_REMOVE(library, in_bucket);
		free(library);
	}
}

/* Removes the least recently used until there is room for size. */
static void make_room(struct cache *c, size_t size)
{
	struct entry *e = TAILQ_LAST(&c->by_use, entry_queue);

	while (e != NULL && c->bytes + size > c->bytes_max) {
		struct entry *more_recent = TAILQ_PREV(e, entry_queue, in_use);
		entry_remove(c, e);
		e = more_recent;
	}
}

void cache_free(struct cache **c)
{
	if (*c == NULL)
		return;
	c[0]->bytes_max = 0;
	make_room(*c, 0);
	free(*c);
	*c = NULL;
}

uint64_t cache_epoch(const struct cache *c)
{
	return c->epoch;
}

void cache_doubt(struct cache *c)
{
	c->epoch++;
}

void cache_set_hearing(struct cache *c, bool hearing)
{
	c->hearing = hearing;
	cache_doubt(c);
}

static size_t entry_bucket(int64_t member, const char *key)
{
	uint64_t hash = (uint64_t)member * UINT64_C(0x9E3779B97F4A7C15);

	for (; *key != '\0'; key++)
		hash = (hash ^ (unsigned char)*key) * UINT64_C(1099511628211);
	return hash % BUCKETS;
}

static struct entry *entry_find(struct cache *c, int64_t member,
                                const char *key)
{
	struct entry *e;

	for (e = LIST_FIRST(&c->entries[entry_bucket(member, key)]); e != NULL;
	     e = LIST_NEXT(e, in_bucket)) {
		if (e->library->member == member && strcmp(e->key, key) == 0)
			return e;
	}
	return NULL;
}

static struct library_list *library_bucket(struct cache *c, int64_t member)
{
	return &c->libraries[(uint64_t)member % BUCKETS];
}

static struct library *library_find(struct cache *c, int64_t member)
{
	struct library *library;

	for (library = LIST_FIRST(library_bucket(c, member)); library != NULL;
	     library = LIST_NEXT(library, in_bucket)) {
		if (library->member == member)
			return library;
	}
	return NULL;
}

/* Removes the member's entries of other versions; NULL: all. */
static void library_purge(struct cache *c, int64_t member, const char *version)
{
	struct library *library = library_find(c, member);
	struct entry *e = library ? LIST_FIRST(&library->entries) : NULL;

	while (e != NULL) {
		struct entry *next = LIST_NEXT(e, in_library);
		if (version == NULL || strcmp(e->version, version) != 0)
			entry_remove(c, e);
		e = next;
	}
}

void cache_drop(struct cache *c, int64_t member)
{
	library_purge(c, member, NULL);
}

static bool is_sure(const struct cache *c, const struct entry *e)
{
	return c->hearing && e->epoch == c->epoch;
}

static bool has_recent_version(const struct entry *e, int64_t now_ms)
{
	const struct library *library = e->library;

	return now_ms - library->asked_ms < CACHE_TRUST_MS &&
	       strcmp(e->version, library->version) == 0;
}

enum cache_verdict cache_find(struct cache *c, int64_t member, const char *key,
                              int64_t now_ms, struct body **body_r)
{
	struct entry *e = entry_find(c, member, key);

	if (e == NULL)
		return CACHE_NONE;
	if (now_ms - e->made_ms >= CACHE_AGE_MAX_MS) {
		entry_remove(c, e);
		return CACHE_NONE;
	}
	if (!is_sure(c, e) && !has_recent_version(e, now_ms))
		return CACHE_UNSURE;
	TAILQ_REMOVE(&c->by_use, e, in_use);
	TAILQ_INSERT_HEAD(&c->by_use, e, in_use);
	*body_r = e->body;
	return CACHE_GOOD;
}

static void library_read(struct library *library,
                         const struct cache_reading *reading)
{
	snprintf(library->version, sizeof(library->version), "%s",
	         reading->version);
	library->asked_ms = reading->asked_ms;
}

void cache_verify(struct cache *c, int64_t member,
                  const struct cache_reading *reading)
{
	struct library *library;
	struct entry *e;

	library_purge(c, member, reading->version);
	library = library_find(c, member);
	if (library == NULL)
		return;
	library_read(library, reading);
	for (e = LIST_FIRST(&library->entries); e != NULL;
	     e = LIST_NEXT(e, in_library))
		e->epoch = reading->epoch;
}

static struct library *library_get(struct cache *c, int64_t member)
{
	struct library *library = library_find(c, member);

	if (library == NULL) {
		library = xcalloc(1, sizeof(*library));
		library->member = member;
		LIST_INSERT_HEAD(library_bucket(c, member), library, in_bucket);
	}
	return library;
}

void cache_put(struct cache *c, int64_t member, const char *key,
               const struct cache_reading *reading, struct body *body)
{
	const size_t size = body_size(body) + strlen(key) +
	                    sizeof(struct entry) + sizeof(struct library);
	struct entry *old = entry_find(c, member, key);

	if (old != NULL)
		entry_remove(c, old);
	if (size > c->bytes_max)
		return;
	make_room(c, size);

	struct entry *e = xcalloc(1, sizeof(*e));
	e->library = library_get(c, member);
	library_read(e->library, reading);
	e->key = xstrdup(key);
	snprintf(e->version, sizeof(e->version), "%s", reading->version);
	e->epoch = reading->epoch;
	e->made_ms = reading->asked_ms;
	e->body = body_ref(body);
	e->size = size;
	c->bytes += size;
	c->count++;
	LIST_INSERT_HEAD(&c->entries[entry_bucket(member, key)], e, in_bucket);
	LIST_INSERT_HEAD(&e->library->entries, e, in_library);
	TAILQ_INSERT_HEAD(&c->by_use, e, in_use);
}

size_t cache_bytes(const struct cache *c)
{
	return c->bytes;
}

int cache_count(const struct cache *c)
{
	return c->count;
}
