#ifndef ENRICH_DAEMON_WORK_WORK_PRIVATE_H
#define ENRICH_DAEMON_WORK_WORK_PRIVATE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/attr.h"
#include "enrich-daemon/client/breaker.h"
#include "enrich-daemon/queue/job.h"
#include "enrich-daemon/work/work.h"

struct rate_limit;
struct changes;
struct expire;
struct event;
struct ticker;
struct fetch;
struct fetch_answer;
struct lease;
struct queue;
struct store;
struct upkeep;

/* What the parts of the work share: work.c has its life and what wakes it,
 * work_step.c the step, work_call.c the calls, work_answer.c what becomes of
 * their answers. */
struct work {
	struct work_options o;
	/* Activated by whoever changes something: one step follows the
	 * callbacks that are due already, however many of them asked. */
	struct event *step;
	struct jobs jobs;
	struct lease *lease;
	struct queue *queue;
	struct upkeep *upkeep;
	struct store *store;
	struct rate_limit *rate_limit;
	struct fetch *fetch;
	struct changes *changes;
	struct expire *expire;
	struct breaker breaker;
	enum breaker_state shown_breaker; /* as logged, and in the metrics */
	int64_t failed_film;              /* whose call failed last */
	int failures;                     /* of it, in a row */
	struct ticker *poll;
	struct ticker *promote;
	struct ticker *sweep;
	struct ticker *refresh;
	bool woken; /* poll for jobs even if the last poll found few */
	bool draining;
	int64_t drain_ms; /* since when */
	bool stopped;
};

/* Does all that there is to do now; nothing once the work is stopped. */
void work_step(struct work *w);

/* Calls that could be made now if there were slots. */
int work_calls_wanted(const struct work *w) MUST_CHECK;
/* The time of a slot has come (arg: the work): makes one call, for a job or for
 * the lists of changes. False when there is none to make. */
bool work_call(void *arg);
/* Drops the calls under way; their jobs are undone. */
void work_cancel_calls(struct work *w);

/* Shows the state of the breaker: in the log when it has changed, and in the
 * metric. Called at the start, and after each function that may change it. */
void work_show_breaker(struct work *w);
/* The answer to a job's call, which is over: the breaker and all daemons learn
 * from it, and the job goes to the state that it leads to. */
void work_answered(struct work *w, struct job *job,
                   const struct fetch_answer *answer);
/* The same for a call of the lists of changes; see changes_options. */
enum breaker_answer
work_changes_answered(void *arg, const struct fetch_answer *answer, bool good);

#endif
