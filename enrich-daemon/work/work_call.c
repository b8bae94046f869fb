/*
 * The calls: how many may be under way at a time (as many as connections, or
 * one that tries whether TMDB is back), and whose is made in a slot: a job's
 * first, the lists of changes' when no job waits.
 */
#include "enrich-daemon/work/work_private.h"

#include <event2/event.h>
#include <stddef.h>

#include "common/base/clock.h"
#include "enrich-daemon/client/fetch.h"
#include "enrich-daemon/queue/lease.h"
#include "enrich-daemon/refresh/changes.h"

static bool work_may_call(const struct work *w)
{
	return !w->draining && lease_holds(w->lease) &&
	       breaker_open_for(&w->breaker, clock_ms()) == 0;
}

static int work_in_flight(const struct work *w)
{
	return w->jobs.counts[JOB_CALLING] + changes_is_calling(w->changes);
}

int work_calls_wanted(const struct work *w)
{
	int most = w->breaker.state == BREAKER_CLOSED
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

static void work_answered_cb(void *arg, const struct fetch_answer *answer)
{
	struct job *job = arg;
	struct work *w = job->work;

	job->call = NULL;
	work_answered(w, job, answer);
	event_active(w->step, EV_TIMEOUT, 0);
}

bool work_call(void *arg)
{
	struct work *w = arg;
	struct job *job = work_next_call(w);
	bool admitted;

	if (work_calls_wanted(w) == 0)
		return false;
	admitted = breaker_admits(&w->breaker, clock_ms(), work_in_flight(w));
	work_show_breaker(w);
	if (!admitted)
		return false;
	if (job == NULL) {
		changes_call(w->changes, w->fetch,
		             breaker_call_limit(&w->breaker));
		return true;
	}
	job->begun = true;
	job->work = w;
	job_enter(&w->jobs, job, JOB_CALLING);
	job->call = fetch_start(w->fetch, job->path, job->old_etag,
	                        work_answered_cb, job);
	fetch_limit(job->call, breaker_call_limit(&w->breaker));
	return true;
}

void work_cancel_calls(struct work *w)
{
	struct job *job;

	while ((job = job_first(&w->jobs, JOB_CALLING)) != NULL) {
		fetch_cancel(&job->call);
		job_enter(&w->jobs, job, JOB_UNDONE);
	}
}
