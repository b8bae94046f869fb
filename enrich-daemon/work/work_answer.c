/*
 * What an answer of TMDB's means: first for the breaker, and for the rate limit
 * when TMDB asks all daemons for a pause; then for the job that made the call.
 * refresh/changes.c deals with the answers to its own calls, but the breaker
 * learns from them in the same way.
 */
#include "enrich-daemon/work/work_private.h"

#include "common/base/arena.h"
#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "enrich-daemon/client/fetch.h"
#include "enrich-daemon/client/rate_limit.h"
#include "enrich-daemon/daemon_metrics.h"
#include "enrich-daemon/match/lookup.h"
#include "enrich-daemon/tmdb/tmdb_error.h"

static enum breaker_answer answer_judge(const struct fetch_answer *answer)
{
	if (answer->unmade != NULL)
		return ANSWER_UNMADE;
	switch (answer->status) {
	case 400:
	case 406:
	case 422: /* TMDB is well, our request is not; if TMDB says so */
		return tmdb_is_error(answer->body, answer->len) ? ANSWER_GOOD
		                                                : ANSWER_FAULT;
	case 401:
	case 403:
		return ANSWER_REJECTED;
	case 429:
		return ANSWER_THROTTLED;
	case 503:
		return ANSWER_OFFLINE;
	default:
		return answer->error == NULL ? ANSWER_GOOD : ANSWER_FAULT;
	}
}

void work_show_breaker(struct work *w)
{
	if (w->shown_breaker != w->breaker.state)
		log_info("tmdb breaker",
		         log_str("from", breaker_state_name(w->shown_breaker)),
		         log_str("to", breaker_state_name(w->breaker.state)));
	w->shown_breaker = w->breaker.state;
	for (int i = 0; i < BREAKER_STATES; i++) {
		const enum breaker_state state = (enum breaker_state)i;

		daemon_metrics_set_breaker(breaker_state_name(state),
		                           state == w->breaker.state);
	}
}

static void work_token_refused(const struct work *w, int status)
{
	log_error("tmdb does not accept our token: put a valid one into "
	          "TMDB_TOKEN_FILE and send SIGHUP, or into TMDB_TOKEN and "
	          "restart",
	          log_int("status", status));
	if (w->o.token_refused != NULL)
		w->o.token_refused();
}

static void work_learn(struct work *w, enum breaker_answer what,
                       const struct fetch_answer *answer)
{
	enum breaker_state before = w->breaker.state;
	int64_t pause = breaker_learn(&w->breaker, what, answer->retry_after_ms,
	                              clock_ms());

	if (answer->unmade != NULL)
		log_warn("no call could be made",
		         log_str("error", answer->unmade));
	work_show_breaker(w);
	if (before != BREAKER_TOKEN_REFUSED &&
	    breaker_token_refused_now(&w->breaker))
		work_token_refused(w, answer->status);
	if (pause > 0) {
		log_warn("tmdb asks for a pause",
		         log_int("status", answer->status),
		         log_int("pause_ms", pause));
		rate_limit_block(w->rate_limit, pause);
	}
}

static void job_fail(struct work *w, struct job *job, const char *error)
{
	job_set_error(job, error);
	job_enter(&w->jobs, job, JOB_FAILED);
}

/*
 * When does a failure cost the job an attempt? When it is likely to be the
 * film's fault: the answer before it was good, and the breaker is closed still.
 * Any other failure is TMDB's or the network's, and the job is excused: it gets
 * its attempt back.
 *
 * An excused job waits for its next attempt none the less, so that the next
 * call is made for another film. The wait grows with every failure of the same
 * film in a row, since without others to try that film would be called for
 * again and again.
 */
static void job_excuse(struct work *w, struct job *job, bool was_well)
{
	job->excused = !was_well || w->breaker.state != BREAKER_CLOSED;
	if (!job->excused || w->failed_film != job->film_id)
		w->failures = 0;
	w->failed_film = job->film_id;
	w->failures++;
	if (job->waits < w->failures)
		job->waits = w->failures;
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
	const bool adds = lookup_adds(job->lookup);

	if (answer->status == 304) {
		lookup_stored(job->lookup);
		job->renewed = true;
	} else if (!lookup_answer(job->lookup, answer->status, answer->body,
	                          answer->len, err)) {
		return false;
	} else if (!adds) {
		job_learn(job, answer);
	}
	job_enter(&w->jobs, job, JOB_READY);
	return true;
}

static void count_call(const struct fetch_answer *answer)
{
	if (answer->unmade == NULL)
		daemon_metrics_call(answer->status, answer->seconds);
}

void work_answered(struct work *w, struct job *job,
                   const struct fetch_answer *answer)
{
	enum breaker_answer what = answer_judge(answer);
	const bool was_well = w->breaker.well;
	const char *error = answer->error;
	struct error err;

	count_call(answer);
	if (error == NULL && !job_take(w, job, answer, &err)) {
		what = ANSWER_FAULT;
		error = err.message;
	}
	/* That a title is gone is also what a server says that has none. */
	if (error != NULL || answer->status != 404)
		work_learn(w, what, answer);
	if (error == NULL)
		return;
	switch (what) {
	case ANSWER_THROTTLED:
	case ANSWER_UNMADE:
		job_enter(&w->jobs, job, JOB_WAITING);
		break;
	case ANSWER_REJECTED:
		job_enter(&w->jobs, job, JOB_UNDONE);
		break;
	case ANSWER_GOOD:
		job->give_up = true;
		job_fail(w, job, error);
		break;
	case ANSWER_FAULT:
	case ANSWER_OFFLINE:
		job_excuse(w, job, was_well);
		job_fail(w, job, error);
		break;
	}
}

enum breaker_answer
work_changes_answered(void *arg, const struct fetch_answer *answer, bool good)
{
	struct work *w = arg;
	enum breaker_answer what = answer->error == NULL && !good
	                                   ? ANSWER_FAULT
	                                   : answer_judge(answer);

	count_call(answer);
	work_learn(w, what, answer);
	return what;
}
