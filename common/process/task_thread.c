/*
 * Two lists under one lock: tasks that wait for the thread, and tasks that
 * wait for the loop. The thread wakes the loop through an eventfd and never
 * touches libevent.
 */
#include "common/process/task_thread.h"

#include <event2/event.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "common/base/mem.h"

struct tasks {
	struct worker_task *first;
	struct worker_task **end;
};

struct worker {
	pthread_t thread;
	struct event *finished; /* eventfd is readable: see `done` */
	int eventfd;
	int queue_max;

	pthread_mutex_t lock; /* for what follows */
	pthread_cond_t changed;
	struct tasks todo;
	struct tasks done;
	int queued; /* length of todo */
	bool stopping;
};

static void tasks_init(struct tasks *list)
{
	list->first = NULL;
	list->end = &list->first;
}

static void tasks_add(struct tasks *list, struct worker_task *task)
{
	task->next = NULL;
	*list->end = task;
	list->end = &task->next;
}

static struct worker_task *tasks_take(struct tasks *list)
{
	struct worker_task *task = list->first;

	if (task == NULL)
		return NULL;
	list->first = task->next;
	if (list->first == NULL)
		list->end = &list->first;
	task->next = NULL;
	return task;
}

/* --- the thread --- */

static void wake_loop(const struct worker *w)
{
	const uint64_t one = 1;

	ensure(write(w->eventfd, &one, sizeof(one)) == sizeof(one));
}

/* Waits for a task; NULL when it is time to end. */
static struct worker_task *next_task(struct worker *w)
{
	struct worker_task *task = NULL;

	ensure(pthread_mutex_lock(&w->lock) == 0);
	while (w->queued == 0 && !w->stopping)
		ensure(pthread_cond_wait(&w->changed, &w->lock) == 0);
	if (!w->stopping) {
		task = tasks_take(&w->todo);
		w->queued--;
	}
	ensure(pthread_mutex_unlock(&w->lock) == 0);
	return task;
}

static void hand_back(struct worker *w, struct worker_task *task)
{
	ensure(pthread_mutex_lock(&w->lock) == 0);
	tasks_add(&w->done, task);
	ensure(pthread_mutex_unlock(&w->lock) == 0);
	wake_loop(w);
}

static void *thread_main(void *arg)
{
	struct worker *w = arg;
	struct worker_task *task;

	while ((task = next_task(w)) != NULL) {
		task->run(task);
		hand_back(w, task);
	}
	return NULL;
}

/* Signals are for the loop's thread. */
static void start_thread(struct worker *w)
{
	sigset_t all;
	sigset_t before;

	ensure(sigfillset(&all) == 0);
	ensure(pthread_sigmask(SIG_SETMASK, &all, &before) == 0);
	ensure(pthread_create(&w->thread, NULL, thread_main, w) == 0);
	ensure(pthread_sigmask(SIG_SETMASK, &before, NULL) == 0);
}

/* --- the loop's side --- */

static struct worker_task *next_done(struct worker *w)
{
	ensure(pthread_mutex_lock(&w->lock) == 0);
	struct worker_task *task = tasks_take(&w->done);
	ensure(pthread_mutex_unlock(&w->lock) == 0);
	return task;
}

static void deliver(struct worker *w)
{
	struct worker_task *task;
	uint64_t count;

	/* Only empties it; how many there are, the list says. */
	ensure(read(w->eventfd, &count, sizeof(count)) == sizeof(count));
	while ((task = next_done(w)) != NULL)
		task->done(task);
}

static void finished_cb(evutil_socket_t fd, short what, void *arg)
{
	struct worker *w = arg;

	(void)fd;
	(void)what;
	deliver(w);
}

struct worker *worker_new(struct event_base *base, int queue_max)
{
	struct worker *w = xcalloc(1, sizeof(*w));

	w->queue_max = queue_max;
	tasks_init(&w->todo);
	tasks_init(&w->done);
	ensure(pthread_mutex_init(&w->lock, NULL) == 0);
	ensure(pthread_cond_init(&w->changed, NULL) == 0);
	w->eventfd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	ensure(w->eventfd >= 0);
	w->finished = event_new(base, w->eventfd, EV_READ | EV_PERSIST,
	                        finished_cb, w);
	ensure(w->finished != NULL);
	ensure(event_add(w->finished, NULL) == 0);
	start_thread(w);
	return w;
}

bool worker_submit(struct worker *w, struct worker_task *task)
{
	ensure(pthread_mutex_lock(&w->lock) == 0);
	const bool accepted = !w->stopping && w->queued < w->queue_max;
	if (accepted) {
		tasks_add(&w->todo, task);
		w->queued++;
		ensure(pthread_cond_signal(&w->changed) == 0);
	}
	ensure(pthread_mutex_unlock(&w->lock) == 0);
	return accepted;
}

static void join_thread(struct worker *w)
{
	ensure(pthread_mutex_lock(&w->lock) == 0);
	w->stopping = true;
	ensure(pthread_cond_signal(&w->changed) == 0);
	ensure(pthread_mutex_unlock(&w->lock) == 0);
	ensure(pthread_join(w->thread, NULL) == 0);
}

void worker_free(struct worker **wp)
{
	struct worker *w = *wp;
	struct worker_task *task;

	if (w == NULL)
		return;
	join_thread(w);
	while ((task = tasks_take(&w->done)) != NULL)
		task->done(task);
	while ((task = tasks_take(&w->todo)) != NULL)
		task->done(task);
	event_free(w->finished);
	ensure(close(w->eventfd) == 0);
	ensure(pthread_cond_destroy(&w->changed) == 0);
	ensure(pthread_mutex_destroy(&w->lock) == 0);
	free(w);
	*wp = NULL;
}
