#ifndef ENRICH_DAEMON_CLIENT_RATE_LIMIT_H
#define ENRICH_DAEMON_CLIENT_RATE_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/attr.h"
#include "enrich-daemon/settings.h"

struct event_base;
struct db;

/*
 * The rate limit of TMDB, shared through the database by all daemons: calls
 * are made in slots, which are taken there in small batches a little ahead of
 * their time, so that none is lost to the round trip. The rate holds in any
 * second, however many daemons there are.
 */
struct rate_limit;

/* on_slot(): the time of a slot has come, make one call. False when there is
 * none to make. settings is borrowed. */
struct rate_limit *rate_limit_new(struct event_base *base, struct db *db,
                                  const struct tmdb_settings *settings,
                                  bool (*on_slot)(void *arg), void *arg);
void rate_limit_free(struct rate_limit **rate_limit);

/* So many calls wait for a slot; 0 lets the slots in hand lapse. Each call that
 * is made makes it one less, and false of on_slot() 0, until it is said anew.
 */
void rate_limit_want(struct rate_limit *rate_limit, int calls);
/* No daemon makes a call for so long. */
void rate_limit_block(struct rate_limit *rate_limit, int64_t ms);
/* Adds the calls made since to the number that the API server shows. Now and
 * then, and until rate_limit_is_counted() at the end. */
void rate_limit_count(struct rate_limit *rate_limit);
bool rate_limit_is_counted(const struct rate_limit *rate_limit) MUST_CHECK;
/* Milliseconds until slots can be had, as the database said last; 0: now. */
int64_t rate_limit_paused_for(const struct rate_limit *rate_limit) MUST_CHECK;

#endif
