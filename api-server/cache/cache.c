/*
 * A table of libraries by member; in each a table of its bodies by key, and the
 * version that was last read. One list of all bodies by use.
 */
#include "api-server/cache/cache.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "api-server/http/body.h"
#include "common/base/mem.h"

#define uthash_malloc(size)           xmalloc(size)
#define uthash_free(memory, size)     free(memory)
#define HASH_FUNCTION(key, len, hash) HASH_FNV(key, len, hash)
#include <uthash.h>

struct entry {
	struct library *library;
	char *key;
	char version[CACHE_VERSION_SIZE];
	uint64_t epoch;      /* of the stamp that verified it last, */
	int64_t verified_ms; /* asked for then */
	int64_t made_ms;
	struct body *body;
	size_t size;
	TAILQ_ENTRY(entry) by_use;
	UT_hash_handle hh;
};

TAILQ_HEAD(entry_queue, entry);

/* What is known of one member's library; lives while it has entries. */
struct library {
	int64_t member;
	char version[CACHE_VERSION_SIZE]; /* last read, */
	int64_t asked_ms;                 /* asked for then */
	uint64_t invalidated;             /* the last epoch that did */
	struct entry *entries;
	UT_hash_handle hh;
};

struct cache {
	struct library *libraries;
	struct entry_queue by_use; /* most recent first */
	size_t bytes;
	size_t bytes_max;
	uint64_t epoch;
	uint64_t all_invalidated; /* the last epoch that did */
	bool listening;
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

	HASH_DEL(library->entries, e);
	TAILQ_REMOVE(&c->by_use, e, by_use);
	c->bytes -= e->size;
	body_unref(&e->body);
	free(e->key);
	free(e);
	if (library->entries == NULL) {
		ensure(c->libraries != NULL);
		HASH_DEL(c->libraries, library);
		free(library);
	}
}

/* Removes the least recently used until there is room for size. */
static void make_room(struct cache *c, size_t size)
{
	struct entry *e = TAILQ_LAST(&c->by_use, entry_queue);

	while (e != NULL && c->bytes + size > c->bytes_max) {
		struct entry *more_recent = TAILQ_PREV(e, entry_queue, by_use);
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

static struct library *library_find(const struct cache *c, int64_t member)
{
	struct library *library;

	HASH_FIND(hh, c->libraries, &member, sizeof(member), library);
	return library;
}

static struct library *library_get(struct cache *c, int64_t member)
{
	struct library *library = library_find(c, member);

	if (library != NULL)
		return library;
	library = xcalloc(1, sizeof(*library));
	library->member = member;
	/* Nobody took note for it before it was here. */
	library->invalidated = c->epoch;
	HASH_ADD(hh, c->libraries, member, sizeof(library->member), library);
	return library;
}

static struct entry *entry_find(const struct cache *c, int64_t member,
                                const char *key)
{
	const struct library *library = library_find(c, member);
	struct entry *e = NULL;

	if (library != NULL)
		HASH_FIND_STR(library->entries, key, e);
	return e;
}

/* Removes the member's entries of other versions; NULL: all. */
static void library_purge(struct cache *c, int64_t member, const char *version)
{
	struct library *library = library_find(c, member);
	struct entry *e = library != NULL ? library->entries : NULL;

	while (e != NULL) {
		struct entry *next = e->hh.next;
		if (version == NULL || strcmp(e->version, version) != 0)
			entry_remove(c, e);
		e = next;
	}
}

/* --- notifications --- */

uint64_t cache_epoch(const struct cache *c)
{
	return c->epoch;
}

void cache_invalidate(struct cache *c, int64_t member)
{
	struct library *library = library_find(c, member);

	c->epoch++;
	if (library != NULL)
		library->invalidated = c->epoch;
}

void cache_invalidate_all(struct cache *c)
{
	c->all_invalidated = ++c->epoch;
}

void cache_set_listening(struct cache *c, bool listening)
{
	c->listening = listening;
	cache_invalidate_all(c);
}

void cache_drop(struct cache *c, int64_t member)
{
	c->epoch++;
	library_purge(c, member, NULL);
}

/* --- bodies --- */

static bool is_verified(const struct cache *c, const struct entry *e,
                        int64_t now_ms)
{
	return c->listening && e->epoch >= c->all_invalidated &&
	       e->epoch >= e->library->invalidated &&
	       now_ms - e->verified_ms < CACHE_VERIFIED_MS;
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
	if (!is_verified(c, e, now_ms) && !has_recent_version(e, now_ms))
		return CACHE_UNVERIFIED;
	TAILQ_REMOVE(&c->by_use, e, by_use);
	TAILQ_INSERT_HEAD(&c->by_use, e, by_use);
	*body_r = e->body;
	return CACHE_GOOD;
}

static void library_read(struct library *library,
                         const struct version_stamp *stamp)
{
	snprintf(library->version, sizeof(library->version), "%s",
	         stamp->version);
	library->asked_ms = stamp->asked_ms;
}

void cache_verify(struct cache *c, int64_t member,
                  const struct version_stamp *stamp)
{
	struct library *library;

	library_purge(c, member, stamp->version);
	library = library_find(c, member);
	if (library == NULL)
		return;
	library_read(library, stamp);
	for (struct entry *e = library->entries; e != NULL; e = e->hh.next) {
		e->epoch = stamp->epoch;
		e->verified_ms = stamp->asked_ms;
	}
}

void cache_put(struct cache *c, int64_t member, const char *key,
               const struct version_stamp *stamp, struct body *body)
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
	library_read(e->library, stamp);
	e->key = xstrdup(key);
	snprintf(e->version, sizeof(e->version), "%s", stamp->version);
	e->epoch = stamp->epoch;
	e->verified_ms = e->made_ms = stamp->asked_ms;
	e->body = body_ref(body);
	e->size = size;
	c->bytes += size;
	HASH_ADD_KEYPTR(hh, e->library->entries, e->key, strlen(e->key), e);
	TAILQ_INSERT_HEAD(&c->by_use, e, by_use);
}

size_t cache_bytes(const struct cache *c)
{
	return c->bytes;
}
