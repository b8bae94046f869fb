#ifndef API_SERVER_HANDLERS_EVENTS_H
#define API_SERVER_HANDLERS_EVENTS_H

#include <stdint.h>

#include "api-server/http/route.h"
#include "common/base/attr.h"

struct event_base;
struct pg_pool;

/* GET /v1/enrichment/events: progress, as server-sent events. */
extern const struct route events_routes[];

/* Who is subscribed, and what they were told last. At most max clients. */
struct events;

struct events *events_new(struct event_base *base, struct pg_pool *pool,
                          int max) MUST_CHECK;
/* After events_drain() and after the pool is gone. */
void events_free(struct events **e);
/* A member's progress (0: anybody's) may have changed. */
void events_changed(struct events *e, int64_t member);
/* Ends all streams and takes no new ones. */
void events_drain(struct events *e);

#endif
