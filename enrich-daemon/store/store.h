#ifndef ENRICH_DAEMON_STORE_STORE_H
#define ENRICH_DAEMON_STORE_STORE_H

#include "enrich-daemon/queue/job.h"
#include "enrich-daemon/settings.h"

struct event_base;
struct db;

/*
 * Finished jobs to the database: title, people, the film's match and
 * the end of the job in one transaction, which has an effect only for the jobs
 * whose token is still in force; the same transaction notifies the API servers
 * of the members whose films these are. Results are kept until that is known;
 *storing them again is harmless.
 *
 *	JOB_FINISHED -> JOB_STORING -> freed
 *
 * What the database refuses for its data fails alone, not with its batch. What
 * it cannot take in time is tried again as batches of half the size, down to a
 * job alone, which fails; each that is stored is followed by one of twice its
 * size, up to enrich.store_max.
 */
struct store;

struct store_options {
	struct event_base *base;
	struct db *db;
	struct jobs *jobs;
	const struct enrich_settings *settings; /* borrowed */
	void (*changed)(void *arg);
	void *arg;
};

struct store *store_new(const struct store_options *options);
void store_free(struct store **store);

/* Stores a batch when it is full or its oldest result has waited long enough;
 * now: whatever there is. */
void store_flush(struct store *store, bool now);

#endif
