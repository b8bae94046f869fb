/*
 * The daemon's metrics.
 */
#include "enrich-daemon/daemon_metrics.h"

#include <stdio.h>

#include "common/base/attr.h"
#include "common/process/metrics.h"

#define COUNTER(n, h)                                                          \
	{                                                                      \
		.kind = METRIC_COUNTER, .name = (n), .help = (h)               \
	}

static struct metric counters[COUNTS] = {
	[COUNT_CLAIMED] = COUNTER("rewatch_jobs_claimed_total", "Jobs taken."),
	[COUNT_DONE] =
		COUNTER("rewatch_jobs_done_total", "Jobs finished and stored."),
	[COUNT_FAILED] =
		COUNTER("rewatch_jobs_failed_total", "Attempts that failed."),
	[COUNT_DEAD] = COUNTER("rewatch_jobs_dead_total", "Jobs given up."),
	[COUNT_STALE] = COUNTER("rewatch_jobs_stale_total",
	                        "Results dropped because the job was not "
	                        "ours any more."),
	[COUNT_RELEASED] =
		COUNTER("rewatch_jobs_released_total", "Jobs given back."),
	[COUNT_RESCUED] = COUNTER("rewatch_jobs_rescued_total",
	                          "Jobs freed from daemons that died."),
	[COUNT_RECOVERED] = COUNTER("rewatch_jobs_recovered_total",
	                            "Own jobs freed whose claim or release "
	                            "was lost with the connection."),
	[COUNT_PROMOTED] = COUNTER("rewatch_jobs_retried_total",
	                           "Failed jobs whose time had come again."),
	[COUNT_REFRESHES] = COUNTER("rewatch_jobs_refresh_total",
	                            "Jobs made for answers that had grown "
	                            "old."),
	[COUNT_CHANGES_PAGES] = COUNTER("rewatch_changes_pages_total",
	                                "Pages read of TMDB's lists of what "
	                                "has changed."),
	[COUNT_CHANGES_TITLES] = COUNTER("rewatch_changes_titles_total",
	                                 "Titles of ours found on them, to be "
	                                 "fetched again."),
	[COUNT_CHANGES_FAILURES] = COUNTER("rewatch_changes_failures_total",
	                                   "Pages of them that could not be "
	                                   "read."),
	[COUNT_LEASES_LOST] = COUNTER("rewatch_leases_lost_total",
	                              "Times our lease was found lost."),
	[COUNT_CALLS] = COUNTER("rewatch_tmdb_calls_total", "Calls to TMDB."),
	[COUNT_THROTTLED] =
		COUNTER("rewatch_tmdb_throttled_total", "Answers 429."),
	[COUNT_SLOTS_UNUSED] = COUNTER("rewatch_tmdb_slots_unused_total",
	                               "Slots of the shared rate taken and "
	                               "not used."),
	[COUNT_STORE_RETRIES] = COUNTER("rewatch_store_retries_total",
	                                "Stores that had to be tried again."),
	[COUNT_INDEX_LOADS] = COUNTER("rewatch_index_loads_total",
	                              "Times the index of titles was "
	                              "loaded."),
	[COUNT_INDEX_FAILURES] = COUNTER("rewatch_index_load_failures_total",
	                                 "Loads of it that failed."),
};

static struct metric calls_by_status = { .kind = METRIC_COUNTER,
	                                 .name = "rewatch_tmdb_answers_total",
	                                 .help = "Calls to TMDB by HTTP "
	                                         "status; 0: no answer.",
	                                 .label = "status" };
static struct metric call_seconds = { .kind = METRIC_HISTOGRAM,
	                              .name = "rewatch_tmdb_call_seconds",
	                              .help = "Duration of calls to TMDB." };
static struct metric found = { .kind = METRIC_COUNTER,
	                       .name = "rewatch_jobs_found_total",
	                       .help = "Jobs done by how the film was found; "
	                               "not_found, ambiguous: it was not.",
	                       .label = "how" };
static struct metric queue_depth = { .kind = METRIC_GAUGE,
	                             .name = "rewatch_queue_jobs",
	                             .help = "Jobs in the database by state.",
	                             .label = "state" };
static struct metric queue_oldest = {
	.kind = METRIC_GAUGE,
	.name = "rewatch_queue_oldest_ready_seconds",
	.help = "Since the oldest ready job was made.",
	.unknown = true
};
static struct metric daemons = { .kind = METRIC_GAUGE,
	                         .name = "rewatch_daemons",
	                         .help = "Daemons with a live lease.",
	                         .unknown = true };
static struct metric breaker = { .kind = METRIC_GAUGE,
	                         .name = "rewatch_tmdb_breaker",
	                         .help = "1 for the state the breaker is in.",
	                         .label = "state" };

static int64_t depths[DEPTHS];

void daemon_metrics_register(void)
{
	for (size_t i = 0; i < COUNTS; i++)
		metric_register(&counters[i]);
	metric_register(&calls_by_status);
	metric_register(&call_seconds);
	metric_register(&found);
	metric_register(&queue_depth);
	metric_register(&queue_oldest);
	metric_register(&daemons);
	metric_register(&breaker);
}

void daemon_metrics_add(enum count what, int64_t n)
{
	metric_add(&counters[what], (double)n);
}

int64_t daemon_metrics_count(enum count what)
{
	return (int64_t)metric_value(&counters[what]);
}

void daemon_metrics_call(int status, double seconds)
{
	char label[16];

	(void)snprintf(label, sizeof(label), "%d", status);
	daemon_metrics_add(COUNT_CALLS, 1);
	if (status == 429)
		daemon_metrics_add(COUNT_THROTTLED, 1);
	metric_add_label(&calls_by_status, label, 1);
	metric_observe(&call_seconds, seconds);
}

double daemon_metrics_call_seconds(void)
{
	return metric_value(&call_seconds);
}

void daemon_metrics_found(const char *how)
{
	metric_add_label(&found, how, 1);
}

void daemon_metrics_set_depth(enum depth what, int64_t jobs)
{
	static const char *const names[DEPTHS] = {
		[DEPTH_READY] = "ready",
		[DEPTH_RUNNING] = "running",
		[DEPTH_PARKED] = "parked",
		[DEPTH_DEAD] = "dead",
	};

	depths[what] = jobs;
	metric_set_label(&queue_depth, names[what], (double)jobs);
}

int64_t daemon_metrics_depth(enum depth what)
{
	return depths[what];
}

void daemon_metrics_forget_queue(void)
{
	metric_forget(&queue_depth);
	metric_forget(&queue_oldest);
	metric_forget(&daemons);
}

void daemon_metrics_set_oldest(double seconds)
{
	metric_set(&queue_oldest, seconds);
}

void daemon_metrics_set_daemons(int64_t n)
{
	metric_set(&daemons, (double)n);
}

void daemon_metrics_set_breaker(const char *state, bool is_in_it)
{
	metric_set_label(&breaker, state, is_in_it);
}
