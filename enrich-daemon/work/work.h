#ifndef ENRICH_DAEMON_WORK_WORK_H
#define ENRICH_DAEMON_WORK_WORK_H

#include <stdbool.h>

#include "common/base/attr.h"
#include "enrich-daemon/client/breaker.h"
#include "enrich-daemon/settings.h"

struct event_base;
struct db;

/*
 * The daemon's work: claims jobs, takes them from call to call, and has their
 * verdicts stored. All of it is one step, which is repeated after whatever has
 * happened; events that come together are followed by one step. What the step
 * does depends only on the states that things are in. So a step too many is
 * harmless, and a lost wake-up is made good by the next poll.
 */
struct work;

struct work_options {
	struct event_base *base;
	struct db *db;
	const struct settings *settings; /* borrowed */
	/* Nothing ready and nothing in hand. May be NULL. */
	void (*idle)(void);
	/* TMDB does not accept the token, which has been logged. May be NULL.
	 */
	void (*token_refused)(void);
};

struct work *work_new(const struct work_options *options);
/* Before db_free(): what is in a transaction lives until it has ended. */
void work_stop(struct work *work);
void work_free(struct work **work);

/* There may be new jobs: poll now, not when it is time. */
void work_wake(struct work *work);
/* The settings have changed, and TMDB's token with them maybe. */
void work_reload(struct work *work);
/* Claims nothing more; calls under way may end, their results are stored, all
 * else is given back, and the lease after it. */
void work_drain(struct work *work);
bool work_drained(struct work *work) MUST_CHECK;

bool work_is_registered(const struct work *work) MUST_CHECK;
enum breaker_state work_breaker(const struct work *work) MUST_CHECK;
/* A word for people: "ok" (calls may be made), "paused" (not now, or one to try),
 * "denied" (the token is not accepted). */
const char *work_tmdb(const struct work *work) MUST_CHECK;

#endif
