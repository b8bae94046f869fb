#ifndef API_SERVER_CACHE_CACHE_H
#define API_SERVER_CACHE_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/attr.h"

struct body;

/*
 * Finished bodies by member and key, at most bytes_max of them; the least
 * recently used go first. Pure: the cache knows when a body may be sent, not
 * where bodies come from.
 *
 * A body is computed from a library at a version. The database notifies the
 * server of whatever raises a version, and the cache is told of each
 * notification: cache_drop(), cache_invalidate(), cache_invalidate_all().
 *
 * A body is verified when the server is listening, nothing has invalidated the
 * body since its version was read, and that was less than CACHE_VERIFIED_MS
 * ago. A verified body may be sent. The time is bounded for three reasons: a
 * connection into a black hole looks like one that listens; a notification is
 * addressed to those who had the film when it was written, not to a member whose
 * import was just about to commit; and who restores a database under the server
 * notifies nobody.
 *
 * A body that is not verified may be sent only if the library still has its
 * version. A version that was read less than CACHE_TRUST_MS ago counts as that
 * of now, so that a burst of changes is one question a second.
 *
 * No body is sent for longer than CACHE_AGE_MAX_MS: what TMDB said may be shown
 * for a time only, and nothing notifies of the end of it.
 *
 * Each invalidation begins an epoch. Whoever reads a version or computes a body
 * notes the epoch before it asks the database.
 */
struct cache;

#define CACHE_TRUST_MS     1000
#define CACHE_VERIFIED_MS  5000
#define CACHE_AGE_MAX_MS   (INT64_C(24) * 3600 * 1000)
#define CACHE_VERSION_SIZE 64

/* A version that was read, and when. */
struct version_stamp {
	const char *version;
	uint64_t epoch;   /* cache_epoch() before the question was sent */
	int64_t asked_ms; /* clock_ms() then */
};

struct cache *cache_new(size_t bytes_max) MUST_CHECK;
void cache_free(struct cache **c);

uint64_t cache_epoch(const struct cache *c);
/* Something that the member is shown may have changed. */
void cache_invalidate(struct cache *c, int64_t member);
/* The same for everybody. */
void cache_invalidate_all(struct cache *c);
/* Whether the server listens for notifications; invalidates all each time. */
void cache_set_listening(struct cache *c, bool listening);
/* The member's library has changed: the member's bodies go. */
void cache_drop(struct cache *c, int64_t member);

enum cache_verdict {
	CACHE_NONE,
	CACHE_UNVERIFIED, /* read the version, cache_verify(), find again */
	CACHE_GOOD        /* *body_r may be sent; borrowed */
};

enum cache_verdict cache_find(struct cache *c, int64_t member, const char *key,
                              int64_t now_ms, struct body **body_r) MUST_CHECK;
/* The member's library had this version. Bodies of another one go. */
void cache_verify(struct cache *c, int64_t member,
                  const struct version_stamp *stamp);
/* Keeps a body (by a reference of its own), unless it is too large. */
void cache_put(struct cache *c, int64_t member, const char *key,
               const struct version_stamp *stamp, struct body *body);

size_t cache_bytes(const struct cache *c);

#endif
