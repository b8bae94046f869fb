#ifndef COMMON_PROCESS_TASK_THREAD_H
#define COMMON_PROCESS_TASK_THREAD_H

#include <stdbool.h>

#include "common/base/attr.h"

struct event_base;

/*
 * One thread beside the loop for work that would block it (unpacking,
 * parsing). A task owns copies of all it needs: it never sees a request, a
 * connection or anything else of the loop's.
 */
struct worker;

struct worker_task {
	/* On the worker's thread. */
	void (*run)(struct worker_task *task);
	/* On the loop's thread, later, exactly once; owns the task again. */
	void (*done)(struct worker_task *task);
	struct worker_task *next; /* worker's */
};

struct worker *worker_new(struct event_base *base, int queue_max);
/*
 * Waits for the running task, then calls done() of every task that was
 * accepted; those that had not begun have not run.
 */
void worker_free(struct worker **w);
/* False when the queue is full: the caller keeps the task. */
bool worker_submit(struct worker *w, struct worker_task *task) MUST_CHECK;

#endif
