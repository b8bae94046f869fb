/*
 * The registered metrics are a list in order of registration; each has a list
 * of series, one for each value of its label, or a single one.
 */
#include "common/process/metrics.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/attr.h"
#include "common/base/mem.h"
#include "common/process/process_stat.h"

struct metric_series {
	char *label_value; /* NULL when the metric has no label */
	double value;      /* of a histogram the sum of what was observed */
	uint64_t observed;
	uint64_t buckets[METRIC_BUCKETS]; /* each counted once, see write */
	struct metric_series *next;
};

static const double bounds[METRIC_BUCKETS] = { 0.001, 0.0025, 0.005, 0.01,
	                                       0.025, 0.1,    0.25,  1,
	                                       2.5,   10,     30,    60 };

static struct metric *registered;
static struct metric **registered_end = &registered;

/* --- series --- */

static struct metric_series *series_add(struct metric *m,
                                        const char *label_value)
{
	struct metric_series **end = &m->series;
	struct metric_series *s = xcalloc(1, sizeof(*s));

	while (*end != NULL)
		end = &(*end)->next;
	if (label_value != NULL)
		s->label_value = xstrdup(label_value);
	*end = s;
	return s;
}

static struct metric_series *series_only(struct metric *m)
{
	ensure(m->label == NULL);
	return m->series != NULL ? m->series : series_add(m, NULL);
}

/* The label's series; *n_r: how many there are. */
static struct metric_series *series_find(const struct metric *m,
                                         const char *label_value, int *n_r)
{
	struct metric_series *s = m->series;

	*n_r = 0;
	for (; s != NULL && strcmp(s->label_value, label_value) != 0;
	     s = s->next)
		++*n_r;
	return s;
}

static struct metric_series *series_of(struct metric *m,
                                       const char *label_value)
{
	int n;

	ensure(m->label != NULL);
	struct metric_series *s = series_find(m, label_value, &n);
	if (s == NULL && n >= METRIC_LABELS_MAX) {
		label_value = "other";
		s = series_find(m, label_value, &n);
	}
	return s != NULL ? s : series_add(m, label_value);
}

static void series_free(struct metric_series **series)
{
	struct metric_series *s = *series;

	while (s != NULL) {
		struct metric_series *next = s->next;
		free(s->label_value);
		free(s);
		s = next;
	}
	*series = NULL;
}

/* --- values --- */

void metric_register(struct metric *m)
{
	for (const struct metric *old = registered; old != NULL;
	     old = old->next) {
		if (old == m)
			return;
	}
	*registered_end = m;
	registered_end = &m->next;
	if (m->label == NULL && m->read == NULL && !m->unknown)
		(void)series_only(m);
}

void metric_add(struct metric *m, double value)
{
	series_only(m)->value += value;
}

void metric_set(struct metric *m, double value)
{
	series_only(m)->value = value;
}

void metric_observe(struct metric *m, double seconds)
{
	struct metric_series *s = series_only(m);

	ensure(m->kind == METRIC_HISTOGRAM);
	s->value += seconds;
	s->observed++;
	for (int i = 0; i < METRIC_BUCKETS; i++) {
		if (seconds <= bounds[i]) {
			s->buckets[i]++;
			break;
		}
	}
}

void metric_add_label(struct metric *m, const char *label_value, double v)
{
	series_of(m, label_value)->value += v;
}

void metric_set_label(struct metric *m, const char *label_value, double v)
{
	series_of(m, label_value)->value = v;
}

void metric_forget(struct metric *m)
{
	ensure(m->kind == METRIC_GAUGE);
	series_free(&m->series);
}

double metric_value(const struct metric *m)
{
	double sum = 0;

	if (m->read != NULL)
		return m->read();
	for (const struct metric_series *s = m->series; s != NULL; s = s->next)
		sum += s->value;
	return sum;
}

/* --- the text format --- */

static void write_escaped(struct buf *out, const char *s, bool quotes)
{
	for (; *s != '\0'; s++) {
		if (*s == '\n')
			buf_add_str(out, "\\n");
		else if (*s == '\\' || (quotes && *s == '"'))
			buf_printf(out, "\\%c", *s);
		else
			buf_add_char(out, *s);
	}
}

static void write_head(const struct metric *m, struct buf *out)
{
	static const char *const types[] = {
		[METRIC_COUNTER] = "counter",
		[METRIC_GAUGE] = "gauge",
		[METRIC_HISTOGRAM] = "histogram",
	};

	buf_printf(out, "# HELP %s ", m->name);
	write_escaped(out, m->help, false);
	buf_printf(out, "\n# TYPE %s %s\n", m->name, types[m->kind]);
}

static void write_histogram(const struct metric *m, struct buf *out)
{
	const struct metric_series *s = m->series;
	uint64_t below = 0;

	for (int i = 0; i < METRIC_BUCKETS; i++) {
		below += s->buckets[i];
		buf_printf(out, "%s_bucket{le=\"%g\"} %" PRIu64 "\n", m->name,
		           bounds[i], below);
	}
	buf_printf(out, "%s_bucket{le=\"+Inf\"} %" PRIu64 "\n", m->name,
	           s->observed);
	buf_printf(out, "%s_sum %.15g\n", m->name, s->value);
	buf_printf(out, "%s_count %" PRIu64 "\n", m->name, s->observed);
}

static void write_series(const struct metric *m, const struct metric_series *s,
                         struct buf *out)
{
	buf_add_str(out, m->name);
	if (s->label_value != NULL) {
		buf_printf(out, "{%s=\"", m->label);
		write_escaped(out, s->label_value, true);
		buf_add_str(out, "\"}");
	}
	buf_printf(out, " %.15g\n", s->value);
}

static void write_metric(const struct metric *m, struct buf *out)
{
	write_head(m, out);
	if (m->read != NULL) {
		buf_printf(out, "%s %.15g\n", m->name, m->read());
	} else if (m->kind == METRIC_HISTOGRAM) {
		write_histogram(m, out);
	} else {
		for (const struct metric_series *s = m->series; s != NULL;
		     s = s->next)
			write_series(m, s, out);
	}
}

/* Always 1; what it is about is the label. */
static void write_build(struct buf *out)
{
	char version[] = REWATCH_VERSION;
	struct metric_series series = { .label_value = version, .value = 1 };
	const struct metric build = { .kind = METRIC_GAUGE,
		                      .name = "rewatch_build_info",
		                      .help = "The version that runs.",
		                      .label = "version",
		                      .series = &series };

	write_metric(&build, out);
}

void metrics_write(struct buf *out)
{
	static const struct metric process[] = {
		{ .kind = METRIC_COUNTER,
		  .name = "process_cpu_seconds_total",
		  .help = "User and system CPU time spent.",
		  .read = process_cpu_seconds },
		{ .kind = METRIC_GAUGE,
		  .name = "process_resident_memory_bytes",
		  .help = "Resident memory.",
		  .read = process_resident_bytes },
		{ .kind = METRIC_GAUGE,
		  .name = "process_open_fds",
		  .help = "Open file descriptors.",
		  .read = process_open_files },
		{ .kind = METRIC_GAUGE,
		  .name = "process_max_fds",
		  .help = "Most open file descriptors.",
		  .read = process_max_files },
		{ .kind = METRIC_GAUGE,
		  .name = "process_start_time_seconds",
		  .help = "Start time of the process since 1970.",
		  .read = process_start_seconds },
	};

	for (const struct metric *m = registered; m != NULL; m = m->next)
		write_metric(m, out);
	for (size_t i = 0; i < ARRAY_LEN(process); i++)
		write_metric(&process[i], out);
	write_build(out);
}

void metrics_deinit(void)
{
	struct metric *next;

	for (struct metric *m = registered; m != NULL; m = next) {
		next = m->next;
		series_free(&m->series);
		m->next = NULL;
	}
	registered = NULL;
	registered_end = &registered;
}
