#ifndef API_SERVER_PROGRESS_TOPICS_H
#define API_SERVER_PROGRESS_TOPICS_H

#include <stdint.h>

#include "common/base/attr.h"

struct event_base;
struct pg_pool;
struct request;

/*
 * The progress of the enrichment as server-sent events, for clients that follow
 * it: a topic a member.
 */
struct topics;

/* At most max clients in this process. */
struct topics *topics_new(struct event_base *base, struct pg_pool *pool,
                          int max) MUST_CHECK;
/* After topics_drain() and after the pool is gone. */
void topics_free(struct topics **all);

/* Makes the request a stream of the member's progress, or replies with a
 * problem. */
void topics_subscribe(struct topics *all, struct request *rq);
/* A member's progress (0: anybody's) may have changed. */
void topics_changed(struct topics *all, int64_t member);
/* Ends all streams and takes no new ones. */
void topics_drain(struct topics *all);

#endif
