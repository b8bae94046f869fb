#ifndef API_SERVER_CACHE_SHARED_ANSWER_H
#define API_SERVER_CACHE_SHARED_ANSWER_H

#include <stddef.h>
#include <stdint.h>

struct event_base;
struct pg_pool;
struct pg_settings;
struct request;

/*
 * Answers that are computed once for all who ask the same, and kept by the
 * version of the library: routes with .cached. Which kept bodies may be sent is
 * the cache's knowledge (cache.h); here are the ways to the database: LISTEN
 * for what changes, the statement that reads a library's version, the
 * computation of an answer.
 */
struct shared_answers;

struct shared_answers_options {
	struct pg_pool *pool;
	struct task_thread *body_thread; /* finishes large bodies */
	const struct pg_settings *pg;    /* for LISTEN; borrowed */
	size_t bytes_max;
	/* What this member (0: anybody) is shown may have changed. */
	void (*changed)(int64_t member);
	/* LISTEN is in force, perhaps on another database than before. */
	void (*connected)(void);
	/* LISTEN is no longer: what comes back may be a database that has lost
	 * its last transactions. */
	void (*disconnected)(void);
};

struct shared_answers *
shared_answers_new(struct event_base *base,
                   const struct shared_answers_options *options);
/* After the pool and the thread are gone: nobody waits any more. */
void shared_answers_free(struct shared_answers **s);

/* Replies to the request, at once or later. */
void shared_answers_serve(struct shared_answers *s, struct request *rq);
/* The member's library may be another now: kept answers go, and those under
 * way are not kept. */
void shared_answers_drop(struct shared_answers *s, int64_t member);

#endif
