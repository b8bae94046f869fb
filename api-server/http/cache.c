/*
 * The cache: a hash of entries by "member key", a list of them by use, and a
 * hash of members with the version last read for each.
 */
#include "api-server/http/cache.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

/* uthash's own default falls through between its cases, which clang minds. */
#define HASH_FUNCTION(key, len, hash) HASH_FNV(key, len, hash)
#include <uthash.h>

#include "api-server/http/body.h"
#include "common/mem.h"

/* What was last read of one member's library. Lives as long as it has
 * entries. */
struct library {
	int64_t member;
	char version[CACHE_VERSION_SIZE];
	int64_t asked_ms;
	int entries;
	UT_hash_handle hh;
};

struct entry {
	char *name; /* "member key" */
	struct library *library;
	char version[CACHE_VERSION_SIZE];
	uint64_t epoch; /* sure while it is the cache's */
	struct body *body;
	size_t size;
	TAILQ_ENTRY(entry) use;
	UT_hash_handle hh;
};

TAILQ_HEAD(entry_list, entry);

struct cache {
	struct entry *entries;
	struct library *libraries;
	struct entry_list by_use; /* most recent first */
	size_t bytes;
	size_t bytes_max;
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

	HASH_DEL(c->entries, e);
	TAILQ_REMOVE(&c->by_use, e, use);
	c->bytes -= e->size;
	body_unref(&e->body);
	free(e->name);
	free(e);
	if (--library->entries == 0) {
		HASH_DEL(c->libraries, library);
		free(library);
	}
}

void cache_free(struct cache **c)
{
	if (*c == NULL)
		return;
	while (!TAILQ_EMPTY(&c[0]->by_use))
		entry_remove(*c, TAILQ_FIRST(&c[0]->by_use));
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

void cache_drop(struct cache *c, int64_t member)
{
	struct entry *e = TAILQ_FIRST(&c->by_use);

	while (e != NULL) {
		struct entry *next = TAILQ_NEXT(e, use);
		if (e->library->member == member)
			entry_remove(c, e);
		e = next;
	}
}

static char *entry_name(int64_t member, const char *key)
{
	return xasprintf("%" PRId64 " %s", member, key);
}

static struct entry *entry_find(struct cache *c, int64_t member,
                                const char *key)
{
	char *name = entry_name(member, key);
	struct entry *e;

	HASH_FIND_STR(c->entries, name, e);
	free(name);
	return e;
}

static struct library *library_find(struct cache *c, int64_t member)
{
	struct library *library;

	HASH_FIND(hh, c->libraries, &member, sizeof(member), library);
	return library;
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
	if (!is_sure(c, e) && !has_recent_version(e, now_ms))
		return CACHE_UNSURE;
	TAILQ_REMOVE(&c->by_use, e, use);
	TAILQ_INSERT_HEAD(&c->by_use, e, use);
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
	struct library *library = library_find(c, member);
	struct entry *e = TAILQ_FIRST(&c->by_use);

	if (library != NULL)
		library_read(library, reading);
	while (e != NULL) {
		struct entry *next = TAILQ_NEXT(e, use);
		const bool same = strcmp(e->version, reading->version) == 0;
		if (e->library->member == member && same)
			e->epoch = reading->epoch;
		else if (e->library->member == member)
			entry_remove(c, e);
		e = next;
	}
}

static struct library *library_get(struct cache *c, int64_t member)
{
	struct library *library = library_find(c, member);

	if (library == NULL) {
		library = xcalloc(1, sizeof(*library));
		library->member = member;
		HASH_ADD(hh, c->libraries, member, sizeof(member), library);
	}
	return library;
}

void cache_put(struct cache *c, int64_t member, const char *key,
               const struct cache_reading *reading, struct body *body)
{
	struct entry *old = entry_find(c, member, key);
	char *name = entry_name(member, key);
	const size_t size =
		body_size(body) + strlen(name) + sizeof(struct entry);

	if (old != NULL)
		entry_remove(c, old);
	if (size > c->bytes_max) {
		free(name);
		return;
	}
	while (c->bytes + size > c->bytes_max)
		entry_remove(c, TAILQ_LAST(&c->by_use, entry_list));

	struct entry *e = xcalloc(1, sizeof(*e));
	e->name = name;
	e->library = library_get(c, member);
	e->library->entries++;
	library_read(e->library, reading);
	snprintf(e->version, sizeof(e->version), "%s", reading->version);
	e->epoch = reading->epoch;
	e->body = body_ref(body);
	e->size = size;
	c->bytes += size;
	HASH_ADD_KEYPTR(hh, c->entries, e->name, strlen(e->name), e);
	TAILQ_INSERT_HEAD(&c->by_use, e, use);
}

size_t cache_bytes(const struct cache *c)
{
	return c->bytes;
}

int cache_count(const struct cache *c)
{
	return (int)HASH_COUNT(c->entries);
}
