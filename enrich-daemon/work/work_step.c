/*
 * The step. It puts each job into the state of what the job needs next; then
 * the queue, the rate limit and the store take up the jobs that are in states
 * of theirs. New jobs are claimed last, when it is known how many are in hand.
 */
#include "enrich-daemon/work/work_private.h"

#include <stddef.h>

#include "common/base/attr.h"
#include "common/base/clock.h"
#include "common/base/log.h"
#include "enrich-daemon/client/fetch.h"
#include "enrich-daemon/client/rate_limit.h"
#include "enrich-daemon/match/lookup.h"
#include "enrich-daemon/queue/lease.h"
#include "enrich-daemon/queue/queue.h"
#include "enrich-daemon/queue/upkeep.h"
#include "enrich-daemon/refresh/changes.h"
#include "enrich-daemon/store/store.h"
#include "enrich-daemon/store/store_tx.h"

/* Jobs are held for so many seconds of calls ahead; who comes meanwhile waits
 * for them. Nearly every job takes two calls. */
#define AHEAD_S     2
#define CALLS_A_JOB 2

/* Forgets what belongs to a lease that is not ours any more. */
static void work_drop_foreign(struct work *w)
{
	static const enum job_state states[] = { JOB_READY,   JOB_ASKING,
		                                 JOB_JOINED,  JOB_WAITING,
		                                 JOB_CALLING, JOB_FINISHED,
		                                 JOB_FAILED,  JOB_UNDONE };
	int dropped = 0;

	for (size_t i = 0; i < ARRAY_LEN(states); i++) {
		struct job *job = job_first(&w->jobs, states[i]);

		while (job != NULL) {
			struct job *next = job_next(job);

			if (!lease_owns(w->lease, job->token)) {
				fetch_cancel(&job->call);
				job_free(&w->jobs, &job);
				dropped++;
			}
			job = next;
		}
	}
	if (dropped > 0)
		log_warn("jobs of a lost lease dropped",
		         log_int("jobs", dropped));
}

/* Where a job goes that knows what it has learned so far. */
static void job_route(struct work *w, struct job *job)
{
	enum title_kind kind;
	int64_t id;

	job->path = lookup_wants(job->lookup, &kind, &id);
	if (job->path == NULL) {
		store_tx_prepare(job);
		job->finished_ms = clock_ms();
		job_enter(&w->jobs, job, JOB_FINISHED);
		return;
	}
	if (!lookup_adds(job->lookup)) {
		job->want_kind = kind;
		job->want_id = id;
	}
	job->old_etag = NULL;
	job->renewed = false;
	job_enter(&w->jobs, job, id != 0 ? JOB_ASKING : JOB_WAITING);
}

static void work_route(struct work *w)
{
	struct job *job, *next;

	while ((job = job_first(&w->jobs, JOB_READY)) != NULL)
		job_route(w, job);
	/* Their leader has stored the title by now, or has failed. */
	for (job = job_first(&w->jobs, JOB_JOINED); job != NULL; job = next) {
		next = job_next(job);
		if (!job_has_leader(&w->jobs, job))
			job_enter(&w->jobs, job, JOB_ASKING);
	}
}

/* Milliseconds until calls can be made again. */
static int64_t work_paused_for(const struct work *w)
{
	int64_t breaker = breaker_open_for(&w->breaker, clock_ms());
	int64_t rate_limit = rate_limit_paused_for(w->rate_limit);

	return breaker > rate_limit ? breaker : rate_limit;
}

/* When nothing can be called for long, others or later ones may. */
static void work_give_back(struct work *w)
{
	if (!w->draining &&
	    work_paused_for(w) <= w->o.settings->lease.length / 2)
		return;
	jobs_move(&w->jobs, JOB_ASKING, JOB_UNDONE);
	jobs_move(&w->jobs, JOB_JOINED, JOB_UNDONE);
	jobs_move(&w->jobs, JOB_WAITING, JOB_UNDONE);
}

static int min(int a, int b)
{
	return a < b ? a : b;
}

/* How many jobs that still need calls are to be in hand; where TMDB is slow,
 * no connection is to lack one. */
static int work_ahead(const struct work *w)
{
	const struct settings *s = w->o.settings;
	int calls = (int)s->tmdb.rate * AHEAD_S;
	int jobs = calls / CALLS_A_JOB;
	int busy = min(calls, (int)s->tmdb.connections);

	if (w->breaker.state != BREAKER_CLOSED)
		return 1;
	return min(jobs > busy ? jobs : busy, (int)s->enrich.claim_max);
}

static void work_claim(struct work *w)
{
	int most = (int)w->o.settings->enrich.claim_max;
	int ahead = work_ahead(w);
	int room = min(ahead - jobs_unfinished(&w->jobs), most - w->jobs.total);
	bool worth = room >= (ahead + 3) / 4 && queue_has_more(w->queue);

	if (w->draining || room <= 0 || (!w->woken && !worth) ||
	    !queue_can_claim(w->queue) || upkeep_is_sweeping(w->upkeep) ||
	    work_paused_for(w) > 0)
		return;
	w->woken = false;
	queue_claim(w->queue, room);
}

/* Nothing is ready that we know of, nor about to be. */
static bool work_queue_is_empty(const struct work *w)
{
	return queue_is_empty(w->queue) && !upkeep_is_refreshing(w->upkeep) &&
	       !upkeep_is_sweeping(w->upkeep) && upkeep_has_swept(w->upkeep);
}

/* There is nothing to do for anybody, and TMDB can be called. */
static bool work_has_spare(const struct work *w)
{
	return !w->draining && lease_holds(w->lease) &&
	       work_queue_is_empty(w) && w->jobs.total == 0 &&
	       work_paused_for(w) <= w->o.settings->lease.length / 2;
}

static bool work_is_idle(const struct work *w)
{
	return lease_holds(w->lease) && w->jobs.total == 0 &&
	       work_queue_is_empty(w) && !queue_is_busy(w->queue) &&
	       changes_is_settled(w->changes);
}

void work_step(struct work *w)
{
	if (w->stopped)
		return;
	work_drop_foreign(w);
	work_route(w);
	work_give_back(w);
	queue_ask(w->queue);
	changes_step(w->changes, work_has_spare(w));
	rate_limit_want(w->rate_limit, work_calls_wanted(w));
	store_flush(w->store, w->draining);
	queue_fail(w->queue);
	queue_release(w->queue);
	upkeep_step(w->upkeep);
	work_claim(w);
	if (w->o.idle != NULL && !w->draining && work_is_idle(w))
		w->o.idle();
}
