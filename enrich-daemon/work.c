/*
 * What happens next.
 */
#include "enrich-daemon/work.h"

#include <stdlib.h>

#include "common/clock.h"
#include "common/log.h"
#include "common/mem.h"
#include "enrich-daemon/budget.h"
#include "enrich-daemon/changes.h"
#include "enrich-daemon/counts.h"
#include "enrich-daemon/db.h"
#include "enrich-daemon/erase.h"
#include "enrich-daemon/every.h"
#include "enrich-daemon/fetch.h"
#include "enrich-daemon/job.h"
#include "enrich-daemon/lease.h"
#include "enrich-daemon/queue.h"
#include "enrich-daemon/store.h"
#include "enrich-daemon/store_tx.h"

/* Jobs are held for so many seconds of calls ahead; who comes meanwhile waits
 * for them. Nearly every job takes two calls. */
#define AHEAD_S     2
#define CALLS_A_JOB 2
/* Of the time for a drain, calls get so much; the rest is for giving back. */
#define DRAIN_CALLS 0.7

struct work {
	struct work_options o;
	struct jobs jobs;
	struct lease *lease;
	struct queue *queue;
	struct store *store;
	struct budget *budget;
	struct fetch *fetch;
	struct changes *changes;
	struct erase *erase;
	struct gate gate;
	struct every *poll;
	struct every *promote;
	struct every *sweep;
	struct every *refresh;
	bool poked; /* look for jobs even if the last look found few */
	bool draining;
	int64_t drain_ms; /* since when */
	bool stopped;
};

static void work_step(struct work *w);

/* --- answers -------------------------------------------------------------- */

static enum gate_answer answer_judge(const struct fetch_answer *answer)
{
	switch (answer->status) {
	case 400:
	case 406:
	case 422: /* TMDB is well, our request is not */
		return GATE_GOOD;
	case 401:
	case 403:
		return GATE_REJECTED;
	case 429:
		return GATE_THROTTLED;
	case 503:
		return GATE_OFFLINE;
	default:
		return answer->error == NULL ? GATE_GOOD : GATE_FAULT;
	}
}

static void work_learn(struct work *w, enum gate_answer what,
                       const struct fetch_answer *answer)
{
	enum gate_state before = w->gate.state;
	int64_t pause =
		gate_learn(&w->gate, what, answer->retry_after_ms, clock_ms());

	if (before != GATE_DENIED && gate_is_news(&w->gate))
		log_error("tmdb does not accept our token: put a valid one "
		          "into TMDB_TOKEN_FILE and send SIGHUP, or into "
		          "TMDB_TOKEN and restart",
		          log_int("status", answer->status));
	if (pause > 0) {
		log_warn("tmdb asks for a pause",
		         log_int("status", answer->status),
		         log_int("pause_ms", pause));
		budget_block(w->budget, pause);
	}
}

/* While the gate is not open a failure says nothing about the film, and costs
 * the job no attempt; yet it waits like any other that failed, so that the
 * next trial call is another film's. */
static void job_fail(struct work *w, struct job *job, const char *error)
{
	job->excused = w->gate.state != GATE_OPEN;
	job->error = arena_strdup(job->arena, error);
	job_enter(&w->jobs, job, JOB_FAILED);
}

/* What the database is to know of an answer, beside what the lookup takes. */
static void job_learn(struct job *job, const struct fetch_answer *answer)
{
	job->etag = NULL;
	if (job->want_id == 0)
		return;
	if (lookup_lost(job->lookup) && job->gone_id == 0) {
		job->gone_kind = job->want_kind;
		job->gone_id = job->want_id;
	} else if (answer->etag != NULL) {
		job->etag = arena_strdup(job->arena, answer->etag);
	}
}

/* The job takes the answer. False when it is no good after all. */
static bool job_take(struct work *w, struct job *job,
                     const struct fetch_answer *answer, struct error *err)
{
	if (answer->status == 304) {
		lookup_stored(job->lookup);
		job->renewed = true;
	} else if (!lookup_answer(job->lookup, answer->status, answer->body,
	                          answer->len, err)) {
		return false;
	} else {
		job_learn(job, answer);
	}
	job_enter(&w->jobs, job, JOB_READY);
	return true;
}

static void work_answered(struct work *w, struct job *job,
                          const struct fetch_answer *answer)
{
	enum gate_answer what = answer_judge(answer);
	struct error err;

	if (answer->error == NULL && !job_take(w, job, answer, &err)) {
		what = GATE_FAULT;
		job_fail(w, job, err.message);
	}
	work_learn(w, what, answer);
	if (answer->error == NULL)
		return;
	switch (what) {
	case GATE_THROTTLED:
		job_enter(&w->jobs, job, JOB_WAITING);
		break;
	case GATE_REJECTED:
		job_enter(&w->jobs, job, JOB_UNDONE);
		break;
	case GATE_GOOD:
		job->give_up = true;
		job_fail(w, job, answer->error);
		break;
	case GATE_FAULT:
	case GATE_OFFLINE:
		job_fail(w, job, answer->error);
		break;
	}
}

static void work_answered_cb(void *arg, const struct fetch_answer *answer)
{
	struct job *job = arg;
	struct work *w = job->work;

	job->call = NULL;
	count_call(answer->status, answer->seconds);
	work_answered(w, job, answer);
	work_step(w);
}

static enum gate_answer
work_changes_answered(void *arg, const struct fetch_answer *answer, bool good)
{
	struct work *w = arg;
	enum gate_answer what = answer->error == NULL && !good
	                                ? GATE_FAULT
	                                : answer_judge(answer);

	count_call(answer->status, answer->seconds);
	work_learn(w, what, answer);
	return what;
}

/* --- calls ---------------------------------------------------------------- */

static bool work_may_call(const struct work *w)
{
	return !w->draining && lease_holds(w->lease) &&
	       gate_closed_for(&w->gate, clock_ms()) == 0;
}

static int work_in_flight(const struct work *w)
{
	return w->jobs.counts[JOB_CALLING] + changes_is_calling(w->changes);
}

/* Calls that could be made now if there were slots. */
static int work_calls_wanted(const struct work *w)
{
	int most = w->gate.state == GATE_OPEN
	                   ? (int)w->o.settings->tmdb.connections
	                   : 1;
	int room = most - work_in_flight(w);
	int waiting =
		w->jobs.counts[JOB_WAITING] + changes_wants_call(w->changes);

	if (!work_may_call(w) || room < 0)
		return 0;
	return waiting < room ? waiting : room;
}

/* What has begun is finished first. */
static struct job *work_next_call(const struct work *w)
{
	struct job *job;

	JOB_EACH(job, &w->jobs, JOB_WAITING) {
		if (job->begun)
			return job;
	}
	return job_first(&w->jobs, JOB_WAITING);
}

static bool work_call(void *arg)
{
	struct work *w = arg;
	struct job *job = work_next_call(w);

	if (work_calls_wanted(w) == 0 ||
	    !gate_admits(&w->gate, clock_ms(), work_in_flight(w)))
		return false;
	if (job == NULL) {
		changes_call(w->changes, w->fetch, gate_call_limit(&w->gate));
		return true;
	}
	job->begun = true;
	job->work = w;
	job_enter(&w->jobs, job, JOB_CALLING);
	job->call = fetch_start(w->fetch, job->path, job->old_etag,
	                        work_answered_cb, job);
	fetch_limit(job->call, gate_call_limit(&w->gate));
	return true;
}

/* --- the parts of a step -------------------------------------------------- */

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
	job->want_kind = kind;
	job->want_id = id;
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
static int64_t work_closed_for(const struct work *w)
{
	int64_t gate = gate_closed_for(&w->gate, clock_ms());
	int64_t budget = budget_closed_for(w->budget);

	return gate > budget ? gate : budget;
}

/* When nothing can be called for long, others or later ones may. */
static void work_give_back(struct work *w)
{
	if (!w->draining &&
	    work_closed_for(w) <= w->o.settings->lease.length / 2)
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

	if (w->gate.state != GATE_OPEN)
		return 1;
	return min(jobs > busy ? jobs : busy, (int)s->enrich.claim_max);
}

static void work_claim(struct work *w)
{
	int most = (int)w->o.settings->enrich.claim_max;
	int ahead = work_ahead(w);
	int room = min(ahead - jobs_unfinished(&w->jobs), most - w->jobs.total);
	bool worth = room >= (ahead + 3) / 4 && queue_has_more(w->queue);

	if (w->draining || room <= 0 || (!w->poked && !worth) ||
	    !queue_can_claim(w->queue) || work_closed_for(w) > 0)
		return;
	w->poked = false;
	queue_claim(w->queue, room);
}

/* There is nothing to do for anybody, and TMDB can be called. */
static bool work_has_spare(const struct work *w)
{
	return !w->draining && lease_holds(w->lease) &&
	       queue_is_empty(w->queue) && w->jobs.total == 0 &&
	       work_closed_for(w) <= w->o.settings->lease.length / 2;
}

static void work_step(struct work *w)
{
	if (w->stopped)
		return;
	work_drop_foreign(w);
	work_route(w);
	work_give_back(w);
	queue_ask(w->queue);
	changes_step(w->changes, work_has_spare(w));
	budget_want(w->budget, work_calls_wanted(w));
	store_flush(w->store, w->draining);
	queue_fail(w->queue);
	queue_release(w->queue);
	work_claim(w);
	if (w->o.idle != NULL && !w->draining && w->jobs.total == 0 &&
	    queue_is_empty(w->queue) && !queue_is_busy(w->queue) &&
	    changes_is_settled(w->changes))
		w->o.idle();
}

/* --- what wakes it -------------------------------------------------------- */

static void work_changed(void *arg)
{
	work_step(arg);
}

void work_poke(struct work *w)
{
	w->poked = true;
	work_step(w);
}

void work_reload(struct work *w)
{
	gate_retry(&w->gate);
	work_poke(w);
}

static void work_poll(void *arg)
{
	work_poke(arg);
}

static void work_promote(void *arg)
{
	struct work *w = arg;

	queue_promote(w->queue);
	budget_count(w->budget);
	store_notify(w->store);
}

static void work_sweep(void *arg)
{
	struct work *w = arg;

	queue_sweep(w->queue);
}

static void work_refresh(void *arg)
{
	struct work *w = arg;

	/* First: what is erased is asked for again without its ETag. */
	erase_run(w->erase);
	queue_refresh(w->queue);
}

/* The lease is ours: a daemon that never runs for long refreshes as well. */
static void work_begin(void *arg)
{
	work_refresh(arg);
	work_poke(arg);
}

/* --- life ----------------------------------------------------------------- */

static void work_make_database_parts(struct work *w)
{
	const struct settings *s = w->o.settings;
	const struct lease_events events = { .held = work_begin,
		                             .lost = work_changed,
		                             .arg = w };

	w->lease = lease_new(w->o.base, w->o.db, &s->lease, &events);
	w->queue = queue_new(&(struct queue_options){
		.db = w->o.db,
		.lease = w->lease,
		.jobs = &w->jobs,
		.settings = &s->enrich,
		.index = s->tmdb.index,
		.changed = work_changed,
		.arg = w,
	});
	w->store = store_new(&(struct store_options){
		.base = w->o.base,
		.db = w->o.db,
		.jobs = &w->jobs,
		.settings = &s->enrich,
		.changed = work_changed,
		.arg = w,
	});
	w->changes = changes_new(&(struct changes_options){
		.db = w->o.db,
		.lease = w->lease,
		.settings = s,
		.answered = work_changes_answered,
		.read = work_refresh,
		.changed = work_changed,
		.arg = w,
	});
	w->erase = erase_new(w->o.db);
}

struct work *work_new(const struct work_options *options)
{
	const struct settings *s = options->settings;
	struct work *w = xcalloc(1, sizeof(*w));

	w->o = *options;
	jobs_init(&w->jobs);
	gate_init(&w->gate);
	work_make_database_parts(w);
	w->budget = budget_new(w->o.base, w->o.db, &s->tmdb, work_call, w);
	w->fetch = fetch_new(w->o.base, &s->tmdb);
	w->poll = every_new(w->o.base, &s->enrich.poll, work_poll, w);
	w->promote = every_new(w->o.base, &s->enrich.promote, work_promote, w);
	w->sweep = every_new(w->o.base, &s->lease.sweep, work_sweep, w);
	w->refresh =
		every_new(w->o.base, &s->enrich.refresh_every, work_refresh, w);
	return w;
}

void work_drain(struct work *w)
{
	log_info("draining", log_int("jobs", w->jobs.total),
	         log_int("calls", w->jobs.counts[JOB_CALLING]));
	w->draining = true;
	changes_stop(w->changes);
	w->drain_ms = clock_ms();
	work_step(w);
}

static void work_cancel_calls(struct work *w)
{
	struct job *job;

	while ((job = job_first(&w->jobs, JOB_CALLING)) != NULL) {
		fetch_cancel(&job->call);
		job_enter(&w->jobs, job, JOB_UNDONE);
	}
}

bool work_drained(struct work *w)
{
	int64_t limit = w->o.settings->common.shutdown_timeout;
	const char *why;

	if ((double)(clock_ms() - w->drain_ms) > DRAIN_CALLS * (double)limit)
		work_cancel_calls(w);
	work_step(w);
	if (w->jobs.total > 0 || queue_is_busy(w->queue))
		return false;
	if (!db_ready(w->o.db, &why))
		return true;
	store_notify(w->store);
	budget_count(w->budget);
	if (!store_is_quiet(w->store) || !budget_is_counted(w->budget))
		return false;
	lease_leave(w->lease);
	return lease_left(w->lease);
}

bool work_is_registered(const struct work *w)
{
	return lease_holds(w->lease);
}

enum gate_state work_gate(const struct work *w)
{
	return w->gate.state;
}

void work_stop(struct work *w)
{
	if (w == NULL)
		return;
	w->stopped = true;
	budget_want(w->budget, 0);
	every_free(&w->poll);
	every_free(&w->promote);
	every_free(&w->sweep);
	every_free(&w->refresh);
	changes_stop(w->changes);
	work_cancel_calls(w);
}

void work_free(struct work **work)
{
	struct work *w = *work;

	if (w == NULL)
		return;
	*work = NULL;
	fetch_free(&w->fetch);
	budget_free(&w->budget);
	changes_free(&w->changes);
	erase_free(&w->erase);
	store_free(&w->store);
	queue_free(&w->queue);
	lease_free(&w->lease);
	jobs_deinit(&w->jobs);
	free(w);
}
