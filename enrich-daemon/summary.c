/*
 * The summary line.
 */
#include "enrich-daemon/summary.h"

#include <stdlib.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/pg/pg_result.h"
#include "common/pg/pg_tx.h"
#include "common/process/ticker.h"
#include "enrich-daemon/daemon_metrics.h"
#include "enrich-daemon/db.h"
#include "gen/sql.h"

/* How old the numbers of the queue may be that /metrics shows. */
#define LOOK_MS       15000
#define FIRST_LOOK_MS 1000

struct summary {
	struct db *db;
	struct every *line;
	struct every *look;
	int64_t look_ms;
	int64_t counts[COUNTS]; /* at the last line */
	int64_t at_ms;
	double oldest;
	int64_t daemons;
	bool asking;
	bool due; /* a line is to be written when the answer is there */
};

/* What was counted since the line before. */
static int64_t since(const struct summary *s, enum count what)
{
	return count_of(what) - s->counts[what];
}

static void summary_log(struct summary *s)
{
	double elapsed = (double)(clock_ms() - s->at_ms) / 1000.0;
	const char *database;

	if (db_ready(s->db, &database))
		database = "ok";
	log_info("summary", log_int("ready", depth_of(DEPTH_READY)),
	         log_int("running", depth_of(DEPTH_RUNNING)),
	         log_int("parked", depth_of(DEPTH_PARKED)),
	         log_int("dead", depth_of(DEPTH_DEAD)),
	         log_dbl("oldest_s", s->oldest), log_int("daemons", s->daemons),
	         log_int("done", since(s, COUNT_DONE)),
	         log_int("failed", since(s, COUNT_FAILED)),
	         log_int("stale", since(s, COUNT_STALE)),
	         log_dbl("calls_per_s",
	                 elapsed > 0 ? (double)since(s, COUNT_CALLS) / elapsed
	                             : 0),
	         log_int("throttled", since(s, COUNT_THROTTLED)),
	         log_int("retries", since(s, COUNT_PROMOTED)),
	         log_int("rescued", since(s, COUNT_RESCUED)),
	         log_int("leases_lost", since(s, COUNT_LEASES_LOST)),
	         log_str("database", database));
	for (int i = 0; i < COUNTS; i++)
		s->counts[i] = count_of((enum count)i);
	s->at_ms = clock_ms();
}

static void summary_read(struct summary *s, const struct pg_rows *rows)
{
	count_depth(DEPTH_READY, pg_int(rows, 0, "ready"));
	count_depth(DEPTH_RUNNING, pg_int(rows, 0, "running"));
	count_depth(DEPTH_PARKED, pg_int(rows, 0, "parked"));
	count_depth(DEPTH_DEAD, pg_int(rows, 0, "dead"));
	s->daemons = pg_int(rows, 0, "daemons");
	count_daemons(s->daemons);
	s->oldest = pg_double(rows, 0, "oldest");
	count_oldest(s->oldest);
}

static void summary_cb(void *arg, const struct pg_outcome *outcome)
{
	struct summary *s = arg;

	s->asking = false;
	if (db_learn(s->db, outcome))
		summary_read(s, outcome->results[0]);
	if (s->due)
		summary_log(s);
	s->due = false;
}

static void summary_look(void *arg)
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
	summary_look(s);
}

struct summary *summary_new(struct event_base *base, struct db *db,
                            const int64_t *interval)
{
	struct summary *s = xcalloc(1, sizeof(*s));

	s->db = db;
	s->at_ms = clock_ms();
	s->look_ms = LOOK_MS;
	s->line = every_new(base, interval, summary_line, s);
	s->look = every_new(base, &s->look_ms, summary_look, s);
	every_soon(s->look, FIRST_LOOK_MS);
	return s;
}

void summary_free(struct summary **summary)
{
	if (*summary == NULL)
		return;
	every_free(&(*summary)->line);
	every_free(&(*summary)->look);
	free(*summary);
	*summary = NULL;
}
