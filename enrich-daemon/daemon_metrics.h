#ifndef ENRICH_DAEMON_DAEMON_METRICS_H
#define ENRICH_DAEMON_DAEMON_METRICS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The daemon's metrics. The counters are in one table, of which the summary
 * line is made as well.
 */
enum count {
	COUNT_CLAIMED,
	COUNT_DONE,
	COUNT_FAILED,
	COUNT_DEAD,
	COUNT_STALE,
	COUNT_RELEASED,
	COUNT_RESCUED,
	COUNT_RECOVERED,
	COUNT_PROMOTED,
	COUNT_REFRESHES,
	COUNT_CHANGES_PAGES,
	COUNT_CHANGES_TITLES,
	COUNT_CHANGES_FAILURES,
	COUNT_LEASES_LOST,
	COUNT_CALLS,
	COUNT_THROTTLED,
	COUNT_SLOTS_UNUSED,
	COUNT_STORE_RETRIES,
	COUNT_INDEX_LOADS,
	COUNT_INDEX_FAILURES,
	COUNTS
};

/* States of the jobs in the database, as of the last poll. */
enum depth {
	DEPTH_READY,
	DEPTH_RUNNING,
	DEPTH_PARKED,
	DEPTH_DEAD,
	DEPTHS
};

void daemon_metrics_register(void);
void daemon_metrics_add(enum count what, int64_t n);
int64_t daemon_metrics_count(enum count what);
/* A call has ended; status 0: without an answer. */
void daemon_metrics_call(int status, double seconds);
/* How long all calls together took so far, in seconds. */
double daemon_metrics_call_seconds(void);
/* A film is finished. how: the method of its match, or why it has none. */
void daemon_metrics_found(const char *how);
void daemon_metrics_set_depth(enum depth what, int64_t jobs);
int64_t daemon_metrics_depth(enum depth what);
/* The numbers of the queue could not be read: depth, oldest and daemons are not
 * known until they are set. */
void daemon_metrics_forget_queue(void);
/* Seconds since the oldest ready job was made. */
void daemon_metrics_set_oldest(double seconds);
/* Daemons with a live lease, this one among them. */
void daemon_metrics_set_daemons(int64_t n);
/* One value for each state of the circuit breaker: is the breaker in it? */
void daemon_metrics_set_breaker(const char *state, bool is_in_it);

#endif
