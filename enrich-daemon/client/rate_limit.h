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
struct budget;

/* on_slot(): the time of a slot has come, make one call. False when there is
 * none to make. settings is borrowed. */
struct budget *budget_new(struct event_base *base, struct db *db,
                          const struct tmdb_settings *settings,
                          bool (*on_slot)(void *arg), void *arg);
void budget_free(struct budget **budget);

/* So many calls wait for a slot; 0 lets the slots in hand lapse. Each call that
 * is made makes it one less, and false of on_slot() 0, until it is said anew.
 */
void budget_want(struct budget *budget, int calls);
/* No daemon makes a call for so long. */
void budget_block(struct budget *budget, int64_t ms);
/* Adds the calls made since to the number that the API server shows. Now and
 * then, and until budget_is_counted() at the end. */
void budget_count(struct budget *budget);
bool budget_is_counted(const struct budget *budget) MUST_CHECK;
/* Milliseconds until slots can be had, as the database said last; 0: now. */
int64_t budget_closed_for(const struct budget *budget) MUST_CHECK;

#endif
