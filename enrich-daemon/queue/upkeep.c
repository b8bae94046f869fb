/*
 * Three transactions on all jobs, alike in how they are sent and ended.
 */
#include "enrich-daemon/queue/upkeep.h"

#include <stdint.h>
#include <stdlib.h>

#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/pg/pg_array.h"
#include "common/pg/pg_result.h"
#include "common/pg/pg_tx.h"
#include "enrich-daemon/daemon_metrics.h"
#include "enrich-daemon/db.h"
#include "enrich-daemon/queue/job.h"
#include "enrich-daemon/queue/lease.h"
#include "enrich-daemon/queue/queue.h"
#include "gen/sql.h"

#define PROMOTE_MAX 1000

/* A transaction on the queue as a whole, one at a time. */
struct chore {
	struct upkeep *upkeep;
	void (*count)(struct upkeep *u, const struct pg_rows *rows);
	bool busy; /* under way */
};

struct upkeep {
	struct upkeep_options o;
	struct chore promote;
	struct chore refresh;
	struct chore sweep;
	bool sweep_due;
	int64_t sweep_epoch; /* of the lease that it was sent under */
	int64_t swept_epoch; /* of the last one that committed */
};

/* Whoever waited for it to end may go on now. */
static void chore_done_cb(void *arg, const struct pg_outcome *outcome)
{
	struct chore *c = arg;
	struct upkeep *u = c->upkeep;

	c->busy = false;
	if (db_learn(u->o.db, outcome))
		c->count(u, outcome->results[0]);
	u->o.changed(u->o.arg);
}

static void chore_run(struct chore *c, struct pg_tx *tx)
{
	c->busy = true;
	db_run(c->upkeep->o.db, tx, chore_done_cb, c);
}

/* --- promote -------------------------------------------------------------- */

static void count_promoted(struct upkeep *u, const struct pg_rows *rows)
{
	int64_t promoted = pg_int(rows, 0, "promoted");

	daemon_metrics_add(COUNT_PROMOTED, promoted);
	if (promoted > 0)
		queue_poll_again(u->o.queue);
}

void upkeep_promote(struct upkeep *u)
{
	struct pg_tx *tx;

	if (u->promote.busy || !db_open(u->o.db))
		return;
	tx = pg_tx_new();
	pg_tx_add(tx, &SQL_JOB_PROMOTE);
	PG_INT(tx, SQL_JOB_PROMOTE, MOST, PROMOTE_MAX);
	chore_run(&u->promote, tx);
}

/* --- refresh -------------------------------------------------------------- */

static void count_refreshed(struct upkeep *u, const struct pg_rows *rows)
{
	int64_t jobs = pg_int(rows, 0, "jobs");

	daemon_metrics_add(COUNT_REFRESHES, jobs);
	if (jobs == 0)
		return;
	log_info("old answers are asked for again", log_int("jobs", jobs));
	queue_poll_again(u->o.queue);
}

void upkeep_refresh(struct upkeep *u)
{
	struct pg_tx *tx;

	if (u->refresh.busy || !db_open(u->o.db))
		return;
	tx = pg_tx_new();
	pg_tx_add(tx, &SQL_JOB_REFRESH);
	PG_REAL(tx, SQL_JOB_REFRESH, FRESH,
	        (double)u->o.settings->fresh / 1000.0);
	PG_INT(tx, SQL_JOB_REFRESH, MOST, u->o.settings->refresh_max);
	chore_run(&u->refresh, tx);
}

/* --- sweep ---------------------------------------------------------------- */

static void count_swept(struct upkeep *u, const struct pg_rows *rows)
{
	int64_t rescued = pg_int(rows, 0, "rescued");
	int64_t recovered = pg_int(rows, 0, "recovered");
	int64_t dead = pg_int(rows, 0, "dead");

	u->swept_epoch = u->sweep_epoch;
	daemon_metrics_add(COUNT_RESCUED, rescued);
	daemon_metrics_add(COUNT_RECOVERED, recovered);
	daemon_metrics_add(COUNT_DEAD, dead);
	if (rescued + recovered + dead == 0)
		return;
	log_info("jobs rescued", log_int("rescued", rescued),
	         log_int("recovered", recovered), log_int("dead", dead));
	queue_poll_again(u->o.queue);
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

void upkeep_sweep(struct upkeep *u)
{
	u->sweep_due = true;
	upkeep_step(u);
}

void upkeep_step(struct upkeep *u)
{
	struct pg_tx *tx;

	if (!u->sweep_due || u->sweep.busy || queue_is_busy(u->o.queue) ||
	    !lease_holds(u->o.lease) || !db_open(u->o.db))
		return;
	u->sweep_due = false;
	u->sweep_epoch = lease_epoch(u->o.lease);
	tx = pg_tx_new();
	pg_tx_add(tx, &SQL_JOB_RESCUE);
	PG_INT(tx, SQL_JOB_RESCUE, RESCUES, u->o.settings->rescues);
	PG_INT(tx, SQL_JOB_RESCUE, EPOCH, u->sweep_epoch);
	add_held(tx, u->o.jobs);
	chore_run(&u->sweep, tx);
}

/* --- what others call ----------------------------------------------------- */

bool upkeep_is_refreshing(const struct upkeep *u)
{
	return u->refresh.busy;
}

bool upkeep_is_sweeping(const struct upkeep *u)
{
	return u->sweep_due || u->sweep.busy;
}

bool upkeep_has_swept(const struct upkeep *u)
{
	return u->swept_epoch == lease_epoch(u->o.lease);
}

struct upkeep *upkeep_new(const struct upkeep_options *options)
{
	struct upkeep *u = xmalloc(sizeof(*u));

	*u = (struct upkeep){
		.o = *options,
		.promote = { .upkeep = u, .count = count_promoted },
		.refresh = { .upkeep = u, .count = count_refreshed },
		.sweep = { .upkeep = u, .count = count_swept },
	};
	return u;
}

void upkeep_free(struct upkeep **upkeep)
{
	free(*upkeep);
	*upkeep = NULL;
}
