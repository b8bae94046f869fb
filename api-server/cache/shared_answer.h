#ifndef API_SERVER_CACHE_SHARED_ANSWER_H
#define API_SERVER_CACHE_SHARED_ANSWER_H

#include <stddef.h>
#include <stdint.h>

struct event_base;
struct pg_pool;
struct pg_settings;
struct request;

/*
 * Answers that are computed once per change of a library: routes with .cached.
 * Which kept bodies may be sent is the cache's knowledge (cache.h); here are
 * the ways to the database: LISTEN for what changes, the statement that asks
 * for a library's version, the computation itself. Requests that ask the same
 * at the same time share one computation.
 */
struct cached;

struct cached_options {
	struct pg_pool *pool;
	const struct pg_settings *pg; /* for LISTEN; borrowed */
	size_t bytes_max;
	/* A library (0: a film, so any library) has changed. May be NULL. */
	void (*changed)(int64_t member);
	/* LISTEN is in force, perhaps on another database than before. */
	void (*connected)(void);
	/* LISTEN is no longer: what comes back may be a database that has lost
	 * its last transactions. */
	void (*disconnected)(void);
};

struct cached *cached_new(struct event_base *base,
                          const struct cached_options *options);
/* After the pool is gone: nobody waits any more. */
void cached_free(struct cached **c);

/* Replies to the request, at once or later. */
void cached_serve(struct cached *c, struct request *rq);
/* The member's library may be another now. */
void cached_changed(struct cached *c, int64_t member);

#endif
