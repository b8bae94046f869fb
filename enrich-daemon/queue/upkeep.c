/*
 * What keeps the queue as a whole in order, for all daemons: jobs become ready
 * again, and jobs are made for what has grown old.
 */
#include <stdint.h>

#include "common/base/log.h"
#include "common/pg/pg_array.h"
#include "common/pg/pg_result.h"
#include "common/pg/pg_tx.h"
#include "enrich-daemon/daemon_metrics.h"
#include "enrich-daemon/db.h"
#include "enrich-daemon/queue/job.h"
#include "enrich-daemon/queue/lease.h"
#include "enrich-daemon/queue/queue_private.h"
#include "gen/sql.h"

#define PROMOTE_MAX 1000

/* Whoever waited for it to end may go on now. */
static void upkeep_done_cb(void *arg, const struct pg_outcome *outcome)
{
	struct upkeep *u = arg;
	struct queue *q = u->queue;

	u->busy = false;
	if (db_learn(q->o.db, outcome))
		u->count(q, outcome->results[0]);
	queue_changed(q);
}

static void upkeep_run(struct upkeep *u, struct pg_tx *tx)
{
	u->busy = true;
	db_run(u->queue->o.db, tx, upkeep_done_cb, u);
}

/* --- promote -------------------------------------------------------------- */

static void count_promoted(struct queue *q, const struct pg_rows *rows)
{
	int64_t promoted = pg_int(rows, 0, "promoted");

	count_add(COUNT_PROMOTED, promoted);
	if (promoted > 0)
		queue_look_again(q);
}

void queue_promote(struct queue *q)
{
	struct pg_tx *tx;

	if (q->promote.busy || !db_open(q->o.db))
		return;
	tx = pg_tx_new();
	pg_tx_add(tx, &SQL_JOB_PROMOTE);
	PG_INT(tx, SQL_JOB_PROMOTE, MOST, PROMOTE_MAX);
	upkeep_run(&q->promote, tx);
}

/* --- refresh -------------------------------------------------------------- */

static void count_refreshed(struct queue *q, const struct pg_rows *rows)
{
	int64_t jobs = pg_int(rows, 0, "jobs");

	count_add(COUNT_REFRESHES, jobs);
	if (jobs == 0)
		return;
	log_info("old answers are asked for again", log_int("jobs", jobs));
	queue_look_again(q);
}

void queue_refresh(struct queue *q)
{
	struct pg_tx *tx;

	if (q->refresh.busy || !db_open(q->o.db))
		return;
	tx = pg_tx_new();
	pg_tx_add(tx, &SQL_JOB_REFRESH);
	PG_REAL(tx, SQL_JOB_REFRESH, FRESH,
	        (double)q->o.settings->fresh / 1000.0);
	PG_INT(tx, SQL_JOB_REFRESH, MOST, q->o.settings->refresh_max);
	upkeep_run(&q->refresh, tx);
}

/* --- sweep ---------------------------------------------------------------- */

static void count_swept(struct queue *q, const struct pg_rows *rows)
{
	int64_t rescued = pg_int(rows, 0, "rescued");
	int64_t recovered = pg_int(rows, 0, "recovered");
	int64_t dead = pg_int(rows, 0, "dead");

	count_add(COUNT_RESCUED, rescued);
	count_add(COUNT_RECOVERED, recovered);
	count_add(COUNT_DEAD, dead);
	if (rescued + recovered + dead == 0)
		return;
	log_info("jobs rescued", log_int("rescued", rescued),
	         log_int("recovered", recovered), log_int("dead", dead));
	queue_look_again(q);
}

static void add_held(struct pg_tx *tx, const struct jobs *jobs)
{
	struct pg_array *films = pg_array_new();
	struct pg_array *tokens = pg_array_new();

	for (int state = 0; state < JOB_STATES; state++) {
		const struct job *job;

		JOB_EACH(job, jobs, (enum job_state)state) {
			pg_array_int(films, job->film_id);
			pg_array_int(tokens, job->token);
		}
	}
	PG_ARRAY(tx, SQL_JOB_RESCUE, FILMS, films);
	PG_ARRAY(tx, SQL_JOB_RESCUE, TOKENS, tokens);
}

void queue_sweep(struct queue *q)
{
	struct pg_tx *tx;

	if (q->sweep.busy || queue_is_busy(q) || !lease_holds(q->o.lease) ||
	    !db_open(q->o.db))
		return;
	tx = pg_tx_new();
	pg_tx_add(tx, &SQL_JOB_RESCUE);
	PG_INT(tx, SQL_JOB_RESCUE, RESCUES, q->o.settings->rescues);
	PG_INT(tx, SQL_JOB_RESCUE, EPOCH, lease_epoch(q->o.lease));
	add_held(tx, q->o.jobs);
	upkeep_run(&q->sweep, tx);
}

/* --- life ----------------------------------------------------------------- */

void queue_upkeep_init(struct queue *q)
{
	q->promote = (struct upkeep){ .queue = q, .count = count_promoted };
	q->refresh = (struct upkeep){ .queue = q, .count = count_refreshed };
	q->sweep = (struct upkeep){ .queue = q, .count = count_swept };
}
