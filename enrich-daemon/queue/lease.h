#ifndef ENRICH_DAEMON_QUEUE_LEASE_H
#define ENRICH_DAEMON_QUEUE_LEASE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/attr.h"
#include "enrich-daemon/settings.h"

struct event_base;
struct db;

/*
 * The right to hold jobs: one row of enrich_daemon, prolonged by heartbeats.
 * The jobs of a daemon without a live lease go back to the queue (job/rescue);
 * whatever it brings then is refused by their tokens.
 */
struct lease;

struct lease_events {
	void (*held)(void *arg); /* registered, or again within the guard */
	void (*lost)(void *arg); /* nothing that is in flight is ours */
	void *arg;
};

/* Registers as soon as the database answers. settings is borrowed. */
struct lease *lease_new(struct event_base *base, struct db *db,
                        const struct lease_settings *settings,
                        const struct lease_events *events);
void lease_free(struct lease **lease);

/*
 * May work be begun? By our own monotonic clock, without asking: false when
 * the last good heartbeat is longer ago than the guard.
 */
bool lease_holds(const struct lease *lease) MUST_CHECK;
/* A new token for a claim; only while lease_holds(). */
int64_t lease_token(struct lease *lease) MUST_CHECK;
/* Does a job with this token belong to the lease in force? */
bool lease_owns(const struct lease *lease, int64_t token) MUST_CHECK;
int64_t lease_epoch(const struct lease *lease) MUST_CHECK;
/* The smallest tag of the last claim, sent with the next heartbeat. */
void lease_low_tag(struct lease *lease, int64_t tag);

/* The end of a drain: gives the lease up. Repeat until lease_left(). */
void lease_leave(struct lease *lease);
bool lease_left(const struct lease *lease) MUST_CHECK;

#endif
