/*
 * The work's life: its parts, what wakes it, and how it ends.
 */
#include "enrich-daemon/work/work.h"

#include <event2/event.h>
#include <stdlib.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/process/ticker.h"
#include "enrich-daemon/client/fetch.h"
#include "enrich-daemon/client/rate_limit.h"
#include "enrich-daemon/db.h"
#include "enrich-daemon/queue/lease.h"
#include "enrich-daemon/queue/queue.h"
#include "enrich-daemon/queue/upkeep.h"
#include "enrich-daemon/refresh/changes.h"
#include "enrich-daemon/refresh/expire.h"
#include "enrich-daemon/store/store.h"
#include "enrich-daemon/work/work_private.h"

/* Of the time for a drain, calls get so much; the rest is for giving back. */
#define DRAIN_CALLS 0.7

/* --- what wakes it -------------------------------------------------------- */

static void work_step_cb(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	work_step(arg);
}

static void work_changed(void *arg)
{
	struct work *w = arg;

	event_active(w->step, EV_TIMEOUT, 0);
}

void work_wake(struct work *w)
{
	w->woken = true;
	work_changed(w);
}

void work_reload(struct work *w)
{
	breaker_retry(&w->breaker);
	work_show_breaker(w);
	work_wake(w);
}

static void work_poll(void *arg)
{
	work_wake(arg);
}

static void work_promote(void *arg)
{
	struct work *w = arg;

	upkeep_promote(w->upkeep);
	rate_limit_count(w->rate_limit);
}

static void work_sweep(void *arg)
{
	struct work *w = arg;

	upkeep_sweep(w->upkeep);
}

static void work_refresh(void *arg)
{
	struct work *w = arg;

	/* First: what is erased is asked for again without its ETag. */
	expire_run(w->expire);
	upkeep_refresh(w->upkeep);
}

/* The lease is ours: a daemon that never runs for long refreshes as well. What
 * our predecessor held, or we under a lease that is lost, is taken up again
 * now. */
static void work_begin(void *arg)
{
	work_refresh(arg);
	work_sweep(arg);
	work_wake(arg);
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
	w->upkeep = upkeep_new(&(struct upkeep_options){
		.db = w->o.db,
		.lease = w->lease,
		.queue = w->queue,
		.jobs = &w->jobs,
		.settings = &s->enrich,
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
	w->expire = expire_new(w->o.db);
}

struct work *work_new(const struct work_options *options)
{
	const struct settings *s = options->settings;
	struct work *w = xcalloc(1, sizeof(*w));

	w->o = *options;
	w->step = event_new(w->o.base, -1, 0, work_step_cb, w);
	ensure(w->step != NULL);
	jobs_init(&w->jobs);
	breaker_init(&w->breaker);
	work_show_breaker(w);
	work_make_database_parts(w);
	w->rate_limit =
		rate_limit_new(w->o.base, w->o.db, &s->tmdb, work_call, w);
	w->fetch = fetch_new(w->o.base, &s->tmdb);
	w->poll = ticker_new(w->o.base, &s->enrich.poll, work_poll, w);
	w->promote = ticker_new(w->o.base, &s->enrich.promote, work_promote, w);
	w->sweep = ticker_new(w->o.base, &s->lease.sweep, work_sweep, w);
	w->refresh = ticker_new(w->o.base, &s->enrich.refresh_every,
	                        work_refresh, w);
	return w;
}

void work_drain(struct work *w)
{
	log_info("draining", log_int("jobs", w->jobs.total),
	         log_int("calls", w->jobs.counts[JOB_CALLING]));
	w->draining = true;
	changes_stop(w->changes);
	w->drain_ms = clock_ms();
	work_changed(w);
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
	rate_limit_count(w->rate_limit);
	if (!rate_limit_is_counted(w->rate_limit))
		return false;
	lease_leave(w->lease);
	return lease_left(w->lease);
}

bool work_is_registered(const struct work *w)
{
	return lease_holds(w->lease);
}

enum breaker_state work_breaker(const struct work *w)
{
	return w->breaker.state;
}

const char *work_tmdb(const struct work *w)
{
	if (w->breaker.state == BREAKER_TOKEN_REFUSED)
		return "denied";
	return w->breaker.state == BREAKER_CLOSED &&
	                       rate_limit_paused_for(w->rate_limit) == 0
	               ? "ok"
	               : "paused";
}

void work_stop(struct work *w)
{
	if (w == NULL)
		return;
	w->stopped = true;
	rate_limit_want(w->rate_limit, 0);
	ticker_free(&w->poll);
	ticker_free(&w->promote);
	ticker_free(&w->sweep);
	ticker_free(&w->refresh);
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
	rate_limit_free(&w->rate_limit);
	changes_free(&w->changes);
	expire_free(&w->expire);
	store_free(&w->store);
	upkeep_free(&w->upkeep);
	queue_free(&w->queue);
	lease_free(&w->lease);
	jobs_deinit(&w->jobs);
	event_free(w->step);
	free(w);
}
