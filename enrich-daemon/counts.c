/*
 * The daemon's metrics.
 */
#include "enrich-daemon/counts.h"

#include <stdio.h>

#include "common/attr.h"
#include "common/metrics.h"

#define COUNTER(n, h)                                                          \
	{                                                                      \
		.kind = METRIC_COUNTER, .name = "rewatch_" n "_total",         \
		.help = (h)                                                    \
	}

static struct metric counters[COUNTS] = {
	[COUNT_CLAIMED] = COUNTER("jobs_claimed", "Jobs taken."),
	[COUNT_DONE] = COUNTER("jobs_done", "Jobs finished and stored."),
	[COUNT_FAILED] = COUNTER("jobs_failed", "Attempts that failed."),
	[COUNT_DEAD] = COUNTER("jobs_dead", "Jobs given up."),
	[COUNT_STALE] =
		COUNTER("jobs_stale", "Results dropped because the job was not "
	                              "ours any more."),
	[COUNT_RELEASED] = COUNTER("jobs_released", "Jobs given back."),
	[COUNT_RESCUED] =
		COUNTER("jobs_rescued", "Jobs freed from daemons that died."),
	[COUNT_RECOVERED] = COUNTER("jobs_recovered",
	                            "Own jobs freed whose claim or release "
	                            "was lost with the connection."),
	[COUNT_PROMOTED] = COUNTER("jobs_retried",
	                           "Failed jobs whose time had come again."),
	[COUNT_LEASES_LOST] =
		COUNTER("leases_lost", "Times our lease was found lost."),
	[COUNT_CALLS] = COUNTER("tmdb_calls", "Calls to TMDB."),
	[COUNT_THROTTLED] = COUNTER("tmdb_throttled", "Answers 429."),
	[COUNT_SLOTS_UNUSED] = COUNTER("tmdb_slots_unused",
	                               "Slots of the shared rate taken and "
	                               "not used."),
	[COUNT_STORE_RETRIES] =
		COUNTER("store_retries", "Stores that had to be tried again."),
};

static struct metric calls_by_status = { .kind = METRIC_COUNTER,
	                                 .name = "rewatch_tmdb_answers_total",
	                                 .help = "Calls to TMDB by HTTP "
	                                         "status; 0: no answer.",
	                                 .label = "status" };
static struct metric call_seconds = { .kind = METRIC_HISTOGRAM,
	                              .name = "rewatch_tmdb_call_seconds",
	                              .help = "Duration of calls to TMDB." };
static struct metric queue_depth = { .kind = METRIC_GAUGE,
	                             .name = "rewatch_queue_jobs",
	                             .help = "Jobs in the database by state.",
	                             .label = "state" };
static struct metric queue_oldest = {
	.kind = METRIC_GAUGE,
	.name = "rewatch_queue_oldest_ready_seconds",
	.help = "Since the oldest ready job was made."
};

static int64_t depths[DEPTHS];

void counts_register(void)
{
	for (size_t i = 0; i < COUNTS; i++)
		metric_register(&counters[i]);
	metric_register(&calls_by_status);
	metric_register(&call_seconds);
	metric_register(&queue_depth);
	metric_register(&queue_oldest);
}

void count_add(enum count what, int64_t n)
{
	metric_add(&counters[what], (double)n);
}

int64_t count_of(enum count what)
{
	return (int64_t)metric_value(&counters[what]);
}

void count_call(int status, double seconds)
{
	char label[16];

	(void)snprintf(label, sizeof(label), "%d", status);
	count_add(COUNT_CALLS, 1);
	if (status == 429)
		count_add(COUNT_THROTTLED, 1);
	metric_add_label(&calls_by_status, label, 1);
	metric_observe(&call_seconds, seconds);
}

void count_depth(enum depth what, int64_t jobs)
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

int64_t depth_of(enum depth what)
{
	return depths[what];
}

void count_oldest(double seconds)
{
	metric_set(&queue_oldest, seconds);
}
