/*
 * One task on a thread of its own, as a resolver's. What the thread needs is in
 * `request`. The loop frees it once the task is done; given up before, it is
 * dropped.
 */
#include "common/pg/pg_cancel.h"

#include <stdlib.h>
#include <time.h>

#include "common/base/mem.h"
#include "common/process/task_thread.h"

/* A request that meets the server's session between two statements is lost. */
#define TIMES   4
#define WAIT_NS 250000000L

struct request {
	struct task task;        /* first, so that one is the other */
	PGcancel *key;           /* where to, and of whom */
	struct pg_cancel *owner; /* the loop's */
};

struct pg_cancel {
	struct task_thread *thread;
	void (*on_done)(void *arg);
	void *arg;
};

static void request_free(struct request *r)
{
	PQfreeCancel(r->key);
	free(r);
}

/* --- the thread --- */

/* Nobody reads why it failed: then the session ends as it would have without,
 * at its own time-outs. */
static void request_run_cb(struct task *task)
{
	static const struct timespec wait = { .tv_nsec = WAIT_NS };
	PGcancel *key = ((struct request *)task)->key;
	char why[256];

	for (int i = 0; i < TIMES; i++) {
		if (i > 0)
			(void)nanosleep(&wait, NULL);
		(void)PQcancel(key, why, sizeof(why));
	}
}

static void request_drop_cb(struct task *task)
{
	request_free((struct request *)task);
}

/* --- the loop's side --- */

static void request_done_cb(struct task *task)
{
	struct request *r = (struct request *)task;
	struct pg_cancel *c = r->owner;

	request_free(r);
	c->on_done(c->arg);
}

static struct request *request_new(PGcancel *key, struct pg_cancel *owner)
{
	struct request *r = xmalloc(sizeof(*r));

	*r = (struct request){ .task = { .run = request_run_cb,
		                         .done = request_done_cb,
		                         .drop = request_drop_cb },
		               .key = key,
		               .owner = owner };
	return r;
}

struct pg_cancel *pg_cancel_new(struct event_base *base, PGconn *pg,
                                void (*on_done)(void *arg), void *arg)
{
	PGcancel *key = PQgetCancel(pg);
	struct task_thread *thread;
	struct pg_cancel *c;

	if (key == NULL)
		return NULL;
	thread = task_thread_new(base, 1);
	if (thread == NULL) {
		PQfreeCancel(key);
		return NULL;
	}
	c = xmalloc(sizeof(*c));
	*c = (struct pg_cancel){ .thread = thread,
		                 .on_done = on_done,
		                 .arg = arg };
	ensure(task_thread_submit(thread, &request_new(key, c)->task));
	return c;
}

void pg_cancel_free(struct pg_cancel **cancel)
{
	struct pg_cancel *c = *cancel;

	if (c == NULL)
		return;
	task_thread_abandon(&c->thread);
	free(c);
	*cancel = NULL;
}
