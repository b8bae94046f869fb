#ifndef COMMON_PROCESS_TASK_THREAD_H
#define COMMON_PROCESS_TASK_THREAD_H

#include <stdbool.h>

#include "common/base/attr.h"

struct event_base;

/*
 * One thread beside the loop for work that would block it (unpacking, parsing,
 * asking a server of names). A task owns copies of all it needs: it never sees
 * a request, a connection or anything else of the loop's.
 *
 * A thread is left in one of two ways. task_thread_free() waits for the running
 * task; task_thread_abandon() does not, for work that nothing can interrupt and
 * nobody wants any more. An accepted task gets exactly one of done() and
 * drop().
 */
struct task_thread;

struct task {
	/* On the thread. */
	void (*run)(struct task *task);
	/* On the loop's thread, later; owns the task again. */
	void (*done)(struct task *task);
	/* In place of done() when the thread has been abandoned: frees the task
	 * and calls nobody. On the thread when the task was running then, else
	 * within task_thread_abandon(). NULL: the thread is never abandoned. */
	void (*drop)(struct task *task);
	struct task *next; /* task_thread's */
};

/* queue_max: how many tasks may wait, besides the one that runs. NULL: no
 * thread or no file descriptor is left. */
struct task_thread *task_thread_new(struct event_base *base,
                                    int queue_max) MUST_CHECK;
/*
 * Waits for the running task, then calls done() of every task that was
 * accepted; those that had not begun have not run. Not from done().
 */
void task_thread_free(struct task_thread **thread);
/*
 * Returns at once; no done() is called any more. The running task ends by
 * itself, later, and the thread with it. Also from done().
 */
void task_thread_abandon(struct task_thread **thread);

/* False when the queue is full: the caller keeps the task. */
bool task_thread_submit(struct task_thread *thread,
                        struct task *task) MUST_CHECK;

#endif
