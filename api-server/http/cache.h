#ifndef API_SERVER_HTTP_CACHE_H
#define API_SERVER_HTTP_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/attr.h"

struct body;

/*
 * Finished bodies by member and key, at most bytes_max of them, the least
 * recently used go first. Pure: it knows when a body may be sent, not where
 * bodies come from.
 *
 * A body is computed from a library at a version. It is sure as long as
 * everything that could change a version would have been heard of: hearing
 * (cache_set_hearing) and no doubt (cache_doubt) since the version was read.
 * An unsure body may be sent only if the library still has its version, and a
 * version that was read less than CACHE_TRUST_MS ago still counts. No body is
 * sent for longer than CACHE_AGE_MAX_MS: what TMDB said may be shown for a time
 * only, and nothing says when that ends.
 *
 * Time is divided into epochs: each doubt begins one. Whoever reads a version
 * or computes a body notes the epoch before it asks the database.
 */
struct cache;

#define CACHE_TRUST_MS     1000
#define CACHE_AGE_MAX_MS   (INT64_C(24) * 3600 * 1000)
#define CACHE_VERSION_SIZE 64

/* A version that was read. */
struct cache_reading {
	const char *version;
	uint64_t epoch;   /* before the question was sent */
	int64_t asked_ms; /* clock_ms() then */
};

struct cache *cache_new(size_t bytes_max) MUST_CHECK;
void cache_free(struct cache **c);

uint64_t cache_epoch(const struct cache *c);
/* Something has changed for anybody. */
void cache_doubt(struct cache *c);
/* Whether changes are heard of; a doubt each time. */
void cache_set_hearing(struct cache *c, bool hearing);
/* A member's library has changed: its bodies go. */
void cache_drop(struct cache *c, int64_t member);

enum cache_verdict {
	CACHE_NONE,
	CACHE_UNSURE, /* ask for the version, cache_verify(), look again */
	CACHE_GOOD    /* *body_r may be sent; borrowed */
};

enum cache_verdict cache_find(struct cache *c, int64_t member, const char *key,
                              int64_t now_ms, struct body **body_r) MUST_CHECK;
/* The member's library had this version. Bodies of another one go. */
void cache_verify(struct cache *c, int64_t member,
                  const struct cache_reading *reading);
/* Keeps a body (by a reference of its own), unless it is too large. */
void cache_put(struct cache *c, int64_t member, const char *key,
               const struct cache_reading *reading, struct body *body);

size_t cache_bytes(const struct cache *c);
int cache_count(const struct cache *c);

#endif
