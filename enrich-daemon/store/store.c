/*
 * Batches of results.
 */
#include "enrich-daemon/store/store.h"

#include <event2/event.h>
#include <stdlib.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/pg/pg_result.h"
#include "common/pg/pg_tx.h"
#include "enrich-daemon/daemon_metrics.h"
#include "enrich-daemon/db.h"
#include "enrich-daemon/store/store_columns.h"
#include "enrich-daemon/store/store_tx.h"
#include "gen/sql.h"

struct store {
	struct store_options o;
	struct event *timer;
	int64_t batch_max; /* as many as the database can take at a time */
};

static void job_log_done(const struct job *job)
{
	const struct lookup_verdict *v = lookup_verdict(job->lookup);
	bool matched = v->state == LOOKUP_MATCHED;

	log_info("job done", log_int("film", job->film_id),
	         log_str("title", job->film),
	         log_str("verdict", match_state_name(v->state)),
	         log_str("kind",
	                 matched ? title_kind_name(v->title->kind) : NULL),
	         log_int("tmdb", matched ? v->title->id : 0),
	         log_str("method", matched ? v->method : NULL),
	         log_str("confidence", v->confidence),
	         log_int("calls", v->calls), log_int("attempt", job->attempt),
	         log_int("ms", clock_ms() - job->claimed_ms));
}

static const char *how_found(const struct lookup_verdict *v)
{
	return v->state == LOOKUP_MATCHED ? v->method
	                                  : match_state_name(v->state);
}

/* --- a batch -------------------------------------------------------------- */

static void store_done(struct store *s, const struct pg_rows *stored)
{
	struct job *job;

	while ((job = job_first(s->o.jobs, JOB_STORING)) != NULL) {
		if (pg_find_int(stored, "film_id", job->film_id) >= 0) {
			job_log_done(job);
			daemon_metrics_add(COUNT_DONE, 1);
			daemon_metrics_found(
				how_found(lookup_verdict(job->lookup)));
		} else {
			log_warn("stale completion dropped",
			         log_int("film", job->film_id),
			         log_str("title", job->film),
			         log_int("attempt", job->attempt));
			daemon_metrics_add(COUNT_STALE, 1);
		}
		job_free(s->o.jobs, &job);
	}
}

static void store_again(struct store *s)
{
	daemon_metrics_add(COUNT_STORE_RETRIES, 1);
	jobs_move(s->o.jobs, JOB_STORING, JOB_FINISHED);
}

/* It is the fault of the batch, or may be. If that is but one job, it fails.
 * True: it was. */
static bool store_fail_single(struct store *s, const char *error)
{
	struct job *job = job_first(s->o.jobs, JOB_STORING);

	if (s->o.jobs->counts[JOB_STORING] > 1)
		return false;
	job_set_error(job, error);
	job_enter(s->o.jobs, job, JOB_FAILED);
	return true;
}

/* Some job of the batch cannot be stored: all are tried again by themselves. */
static void store_refused(struct store *s, const struct pg_outcome *outcome)
{
	if (store_fail_single(s, outcome->message))
		return;
	daemon_metrics_add(COUNT_STORE_RETRIES, 1);
	jobs_move_apart(s->o.jobs, JOB_STORING, JOB_FINISHED);
}

/* The batch was too much, and so would be the same one again. */
static void store_shrink(struct store *s, const struct pg_outcome *outcome)
{
	s->batch_max = (s->o.jobs->counts[JOB_STORING] + 1) / 2;
	if (!store_fail_single(s, outcome->message))
		store_again(s);
}

/* Twice as many next time, up to what the settings say. */
static void store_grow(struct store *s)
{
	if (s->batch_max < s->o.settings->store_max)
		s->batch_max *= 2;
}

static void store_stored_cb(void *arg, const struct pg_outcome *outcome)
{
	struct store *s = arg;

	if (db_refuses_data(outcome)) {
		store_refused(s, outcome);
	} else if (db_learn(s->o.db, outcome)) {
		store_done(s, outcome->results[outcome->count - 1]);
		store_grow(s);
	} else if (db_is_overtaxed(outcome)) {
		store_shrink(s, outcome);
	} else {
		store_again(s);
	}
	s->o.changed(s->o.arg);
}

static int64_t store_batch(const struct store *s)
{
	const int64_t most = s->o.settings->store_max;

	return s->batch_max < most ? s->batch_max : most;
}

/* Milliseconds until a batch is due. */
static int64_t store_due_in(const struct store *s, bool now)
{
	const struct jobs *jobs = s->o.jobs;
	const struct job *oldest = job_first(jobs, JOB_FINISHED);
	int64_t age = clock_ms() - oldest->finished_ms;

	if (now || jobs->counts[JOB_FINISHED] >= store_batch(s) ||
	    age >= s->o.settings->store_delay)
		return 0;
	return s->o.settings->store_delay - age;
}

void store_flush(struct store *s, bool now)
{
	struct jobs *jobs = s->o.jobs;
	int64_t wait;
	struct timeval delay;

	if (jobs->counts[JOB_FINISHED] == 0 || jobs->counts[JOB_STORING] > 0 ||
	    !db_open(s->o.db))
		return;
	wait = store_due_in(s, now);
	if (wait > 0) {
		delay = (struct timeval){ wait / 1000, wait % 1000 * 1000 };
		ensure(event_add(s->timer, &delay) == 0);
		return;
	}
	jobs_move_batch(jobs, JOB_FINISHED, JOB_STORING, (int)store_batch(s));
	db_run(s->o.db, store_tx_new(jobs), store_stored_cb, s);
}

static void store_timer_cb(evutil_socket_t fd, short what, void *arg)
{
	struct store *s = arg;

	(void)fd;
	(void)what;
	store_flush(s, false);
}

struct store *store_new(const struct store_options *options)
{
	struct store *s = xmalloc(sizeof(*s));

	*s = (struct store){ .o = *options,
		             .batch_max = options->settings->store_max };
	s->timer = evtimer_new(options->base, store_timer_cb, s);
	ensure(s->timer != NULL);
	return s;
}

void store_free(struct store **store)
{
	if (*store == NULL)
		return;
	event_free((*store)->timer);
	free(*store);
	*store = NULL;
}
