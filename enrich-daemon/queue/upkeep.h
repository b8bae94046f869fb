#ifndef ENRICH_DAEMON_QUEUE_UPKEEP_H
#define ENRICH_DAEMON_QUEUE_UPKEEP_H

#include <stdbool.h>

#include "common/base/attr.h"
#include "enrich-daemon/settings.h"

struct db;
struct jobs;
struct lease;
struct queue;

/*
 * Keeps the queue as a whole in order, for all daemons. Each of the three is
 * one short transaction, sent once at a time, and nothing is sent while the
 * database is not worth trying:
 *
 *	promote  failed jobs whose time has come are ready again
 *	refresh  jobs are made for titles and misses that have grown old, and
 *		 for titles that have changed at TMDB
 *	sweep    jobs of daemons without a live lease are ready again
 *
 * The queue polls again when jobs became ready.
 */
struct upkeep;

struct upkeep_options {
	struct db *db;
	const struct lease *lease;
	struct queue *queue;
	const struct jobs *jobs;                /* in hand */
	const struct enrich_settings *settings; /* borrowed */
	void (*changed)(void *arg);             /* a transaction has ended */
	void *arg;
};

struct upkeep *upkeep_new(const struct upkeep_options *options);
/* After db_free(), which ends what is under way. */
void upkeep_free(struct upkeep **upkeep);

void upkeep_promote(struct upkeep *upkeep);
void upkeep_refresh(struct upkeep *upkeep);
/* A sweep is due; see upkeep_step(). */
void upkeep_sweep(struct upkeep *upkeep);
/* Sends the sweep that is due, under a lease and when no claim is under way: the
 * jobs of the claim would look like lost ones. One that fails is not sent again
 * before it is due again. */
void upkeep_step(struct upkeep *upkeep);

bool upkeep_is_refreshing(const struct upkeep *upkeep) MUST_CHECK;
/* One is due or under way. Nothing may be claimed meanwhile: see
 * upkeep_step(). */
bool upkeep_is_sweeping(const struct upkeep *upkeep) MUST_CHECK;
/* Under the lease that we have: what was held under another is ready again. */
bool upkeep_has_swept(const struct upkeep *upkeep) MUST_CHECK;

#endif
