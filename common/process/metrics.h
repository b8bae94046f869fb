#ifndef COMMON_PROCESS_METRICS_H
#define COMMON_PROCESS_METRICS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/buf.h"

/*
 * Prometheus metrics. Each module declares its own as static variables and
 * registers them once at start; they live as long as the process. Single
 * threaded: the loop's thread only.
 *
 *	static struct metric done = { .kind = METRIC_COUNTER,
 *		.name = "rewatch_jobs_done_total", .help = "Jobs finished." };
 *	static struct metric calls = { .kind = METRIC_COUNTER,
 *		.name = "rewatch_tmdb_calls_total",
 *		.help = "Calls to TMDB by status.", .label = "status" };
 *
 *	metric_register(&done);
 *	metric_add(&done, 1);
 *	metric_add_label(&calls, "200", 1);
 */
enum metric_kind {
	METRIC_COUNTER,
	METRIC_GAUGE,
	METRIC_HISTOGRAM /* seconds; buckets from 1 ms to 60 s */
};

/* More label values than this go to "other": a label is never unbounded. */
#define METRIC_LABELS_MAX 64
#define METRIC_BUCKETS    12

struct metric_series;

struct metric {
	enum metric_kind kind;
	/* A gauge without a value until it is set, which is left out as long:
	 * what is not known is not zero. */
	bool unknown;
	const char *name;
	const char *help;
	const char *label; /* name of the one label, or NULL */
	/* A gauge may be computed when it is read. */
	double (*read)(void);
	struct metric_series *series; /* owned by metrics.c */
	struct metric *next;
};

/* Registering again does nothing. */
void metric_register(struct metric *m);
void metric_add(struct metric *m, double value);
void metric_set(struct metric *m, double value);
void metric_observe(struct metric *m, double seconds);
void metric_add_label(struct metric *m, const char *label_value, double v);
void metric_set_label(struct metric *m, const char *label_value, double v);
/* The values of a gauge are not known any more: they are left out. */
void metric_forget(struct metric *m);
/* The sum over all labels; of a histogram the sum of what was observed. */
double metric_value(const struct metric *m);

/* Prometheus text format of all that is registered, and of the process
 * (version, resident memory, open files, CPU seconds, start time). */
void metrics_write(struct buf *out);
/* Frees what the registered ones hold (leak-free exit). */
void metrics_deinit(void);

#endif
