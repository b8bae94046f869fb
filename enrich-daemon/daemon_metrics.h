#ifndef ENRICH_DAEMON_DAEMON_METRICS_H
#define ENRICH_DAEMON_DAEMON_METRICS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * What the daemon counts, in one table: the metrics, and what the summary line
 * is made of.
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

/* States of jobs in the database, as of the last look. */
enum depth {
	DEPTH_READY,
	DEPTH_RUNNING,
	DEPTH_PARKED,
	DEPTH_DEAD,
	DEPTHS
};

void counts_register(void);
void count_add(enum count what, int64_t n);
int64_t count_of(enum count what);
/* A call has ended; status 0: without an answer. */
void count_call(int status, double seconds);
/* A film is finished; how: the method of its match, or why it has none. */
void count_found(const char *how);
void count_depth(enum depth what, int64_t jobs);
int64_t depth_of(enum depth what);
/* Seconds since the oldest ready job was made. */
void count_oldest(double seconds);
/* Daemons with a live lease, this one among them. */
void count_daemons(int64_t n);
/* The gate before TMDB is in this state now, or is not. */
void count_gate(const char *state, bool is_in_it);

#endif
