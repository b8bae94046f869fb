/*
 * The summary line.
 */
#include "enrich-daemon/summary.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/pg/pg_result.h"
#include "common/pg/pg_tx.h"
#include "common/process/ticker.h"
#include "enrich-daemon/daemon_metrics.h"
#include "enrich-daemon/db.h"
#include "enrich-daemon/settings.h"
#include "gen/sql.h"

/* How old the numbers of the queue may be that /metrics shows. */
#define POLL_MS       15000
#define FIRST_POLL_MS 1000

struct summary {
	struct db *db;
	const struct settings *settings;
	const char *(*tmdb)(void);
	struct ticker *line;
	struct ticker *poll;
	int64_t poll_ms;
	int64_t counts[COUNTS]; /* at the last line */
	double call_seconds;    /* likewise */
	int64_t at_ms;
	bool known; /* the numbers of the queue: */
	double oldest;
	int64_t daemons;
	bool asking;
	bool due; /* a line is to be written when the answer is there */
};

/* What was counted since the line before. */
static int64_t since(const struct summary *s, enum count what)
{
	return daemon_metrics_count(what) - s->counts[what];
}

/* A number of the queue, left out while it is not known. */
static struct log_field known(const struct summary *s, struct log_field field)
{
	return s->known ? field : log_str(field.key, NULL);
}

/* Left out when there was none. */
static struct log_field call_ms(const struct summary *s, struct log_field none)
{
	const int64_t calls = since(s, COUNT_CALLS);
	const double seconds = daemon_metrics_call_seconds() - s->call_seconds;

	return calls > 0 ? log_int(none.key,
	                           (int64_t)(seconds * 1000 / (double)calls))
	                 : none;
}

static double calls_per_s(const struct summary *s)
{
	const int64_t ms = clock_ms() - s->at_ms;

	return ms > 0 ? (double)since(s, COUNT_CALLS) * 1000 / (double)ms : 0;
}

static void summary_remember(struct summary *s)
{
	for (int i = 0; i < COUNTS; i++)
		s->counts[i] = daemon_metrics_count((enum count)i);
	s->call_seconds = daemon_metrics_call_seconds();
	s->at_ms = clock_ms();
}

static void summary_log(struct summary *s)
{
	const char *database;

	if (db_ready(s->db, &database))
		database = "ok";
	log_info(
		"summary",
		known(s, log_int("ready", daemon_metrics_depth(DEPTH_READY))),
		known(s,
	              log_int("running", daemon_metrics_depth(DEPTH_RUNNING))),
		known(s, log_int("parked", daemon_metrics_depth(DEPTH_PARKED))),
		known(s, log_int("dead", daemon_metrics_depth(DEPTH_DEAD))),
		known(s, log_dbl("oldest_s", s->oldest)),
		known(s, log_int("daemons", s->daemons)),
		log_int("done", since(s, COUNT_DONE)),
		log_int("failed", since(s, COUNT_FAILED)),
		log_int("stale", since(s, COUNT_STALE)),
		log_str("tmdb", s->tmdb()),
		log_int("rate", s->settings->tmdb.rate),
		log_dbl("calls_per_s", calls_per_s(s)),
		call_ms(s, log_str("call_ms", NULL)),
		log_int("throttled", since(s, COUNT_THROTTLED)),
		log_int("retries", since(s, COUNT_PROMOTED)),
		log_int("rescued", since(s, COUNT_RESCUED)),
		log_int("leases_lost", since(s, COUNT_LEASES_LOST)),
		log_str("database", database));
	summary_remember(s);
}

static void summary_read(struct summary *s, const struct pg_rows *rows)
{
	daemon_metrics_set_depth(DEPTH_READY, pg_int(rows, 0, "ready"));
	daemon_metrics_set_depth(DEPTH_RUNNING, pg_int(rows, 0, "running"));
	daemon_metrics_set_depth(DEPTH_PARKED, pg_int(rows, 0, "parked"));
	daemon_metrics_set_depth(DEPTH_DEAD, pg_int(rows, 0, "dead"));
	s->daemons = pg_int(rows, 0, "daemons");
	daemon_metrics_set_daemons(s->daemons);
	s->oldest = pg_double(rows, 0, "oldest");
	daemon_metrics_set_oldest(s->oldest);
	s->known = true;
}

static void summary_forget(struct summary *s)
{
	daemon_metrics_forget_queue();
	s->known = false;
}

static void summary_cb(void *arg, const struct pg_outcome *outcome)
{
	struct summary *s = arg;

	s->asking = false;
	if (db_learn(s->db, outcome))
		summary_read(s, outcome->results[0]);
	else
		summary_forget(s);
	if (s->due)
		summary_log(s);
	s->due = false;
}

static void summary_poll(void *arg)
{
	struct summary *s = arg;
	struct pg_tx *tx;

	if (s->asking)
		return;
	s->asking = true;
	tx = pg_tx_new();
	pg_tx_add(tx, &SQL_JOB_STATS);
	db_run(s->db, tx, summary_cb, s);
}

static void summary_line(void *arg)
{
	struct summary *s = arg;

	s->due = true;
	summary_poll(s);
}

struct summary *summary_new(struct event_base *base, struct db *db,
                            const struct settings *settings,
                            const char *(*tmdb)(void))
{
	struct summary *s = xcalloc(1, sizeof(*s));

	s->db = db;
	s->settings = settings;
	s->tmdb = tmdb;
	s->at_ms = clock_ms();
	s->poll_ms = POLL_MS;
	s->line = ticker_new(base, &settings->enrich.summary, summary_line, s);
	s->poll = ticker_new(base, &s->poll_ms, summary_poll, s);
	ticker_soon(s->poll, FIRST_POLL_MS);
	return s;
}

void summary_free(struct summary **summary)
{
	if (*summary == NULL)
		return;
	ticker_free(&(*summary)->line);
	ticker_free(&(*summary)->poll);
	free(*summary);
	*summary = NULL;
}
