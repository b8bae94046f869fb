#ifndef ENRICH_DAEMON_CLIENT_RATE_LIMIT_H
#define ENRICH_DAEMON_CLIENT_RATE_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/attr.h"
#include "enrich-daemon/settings.h"

struct event_base;
struct db;

/*
 * The rate limit of calls to TMDB, which all daemons share. A slot is a time at
 * which one call may begin. The database gives slots out (tmdb_rate/take), a
 * period apart, each to one daemon only; so the calls of all daemons together
 * keep the rate in any second, however many daemons there are.
 *
 * Slots are asked for in batches, a little ahead of their time, so that no slot
 * is lost while the question is under way. A batch lasts for eight round trips
 * to the database, but a quarter of a second at least and a second at most. A
 * slot that cannot be used at its time is given up, not used later.
 */
struct rate_limit;

/* on_slot() is called at the time of each slot, and makes one call; false:
 * there is no call to make. settings is borrowed. */
struct rate_limit *rate_limit_new(struct event_base *base, struct db *db,
                                  const struct tmdb_settings *settings,
                                  bool (*on_slot)(void *arg), void *arg);
void rate_limit_free(struct rate_limit **rate_limit);

/* Says how many calls wait for a slot. The number stands until it is said anew:
 * a call that is made takes one off, and it becomes 0 when on_slot() gives
 * false. With 0 no slots are asked for, and those in hand lapse. */
void rate_limit_want(struct rate_limit *rate_limit, int calls);
/* Lets no daemon make a call for ms. */
void rate_limit_block(struct rate_limit *rate_limit, int64_t ms);
/* Adds the calls made since the last time to the number of calls in the
 * database, which the API server shows. To be called now and then, and at the
 * end until rate_limit_is_counted(). */
void rate_limit_count(struct rate_limit *rate_limit);
bool rate_limit_is_counted(const struct rate_limit *rate_limit) MUST_CHECK;
/* Milliseconds until slots can be had, as the database said last; 0: now. */
int64_t rate_limit_paused_for(const struct rate_limit *rate_limit) MUST_CHECK;

#endif
