/*
 * Two lists under one lock: tasks that wait for the thread, and tasks that
 * wait for the loop. The thread wakes the loop through an eventfd and never
 * touches libevent. Lists and lock belong to both sides: the one that needs
 * them last frees them.
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
	struct task *first;
	struct task **end;
};

struct task_thread {
	pthread_t thread;
	struct event *finished; /* eventfd is readable: see `done` */
	int queue_max;

	pthread_mutex_t lock; /* for what follows */
	pthread_cond_t changed;
	struct tasks todo;
	struct tasks done;
	int queued; /* length of todo */
	bool stopping;
	bool abandoned; /* eventfd is closed */
	int eventfd;
	int users; /* the thread, the loop, a delivery in progress */
};

static void tasks_init(struct tasks *list)
{
	list->first = NULL;
	list->end = &list->first;
}

static void tasks_add(struct tasks *list, struct task *task)
{
	task->next = NULL;
	*list->end = task;
	list->end = &task->next;
}

static struct task *tasks_take(struct tasks *list)
{
	struct task *task = list->first;

	if (task == NULL)
		return NULL;
	list->first = task->next;
	if (list->first == NULL)
		list->end = &list->first;
	task->next = NULL;
	return task;
}

/* --- both sides --- */

static void lock(struct task_thread *t)
{
	ensure(pthread_mutex_lock(&t->lock) == 0);
}

static void unlock(struct task_thread *t)
{
	ensure(pthread_mutex_unlock(&t->lock) == 0);
}

static void leave(struct task_thread *t)
{
	lock(t);
	const bool last = --t->users == 0;
	unlock(t);
	if (!last)
		return;
	ensure(pthread_cond_destroy(&t->changed) == 0);
	ensure(pthread_mutex_destroy(&t->lock) == 0);
	free(t);
}

/* --- the thread --- */

/* Waits for a task; NULL when it is time to end. */
static struct task *next_task(struct task_thread *t)
{
	struct task *task = NULL;

	lock(t);
	while (t->queued == 0 && !t->stopping)
		ensure(pthread_cond_wait(&t->changed, &t->lock) == 0);
	if (!t->stopping) {
		task = tasks_take(&t->todo);
		t->queued--;
	}
	unlock(t);
	return task;
}

static void hand_back(struct task_thread *t, struct task *task)
{
	const uint64_t one = 1;

	lock(t);
	const bool wanted = !t->abandoned;
	if (wanted) {
		tasks_add(&t->done, task);
		ensure(write(t->eventfd, &one, sizeof(one)) == sizeof(one));
	}
	unlock(t);
	if (!wanted)
		task->drop(task);
}

static void *thread_main(void *arg)
{
	struct task_thread *t = arg;
	struct task *task;

	while ((task = next_task(t)) != NULL) {
		task->run(task);
		hand_back(t, task);
	}
	leave(t);
	return NULL;
}

/* Signals are for the loop's thread. */
static bool start_thread(struct task_thread *t)
{
	sigset_t all;
	sigset_t before;

	ensure(sigfillset(&all) == 0);
	ensure(pthread_sigmask(SIG_SETMASK, &all, &before) == 0);
	const bool started =
		pthread_create(&t->thread, NULL, thread_main, t) == 0;
	ensure(pthread_sigmask(SIG_SETMASK, &before, NULL) == 0);
	return started;
}

/* --- the loop's side --- */

static struct task *next_done(struct task_thread *t)
{
	lock(t);
	struct task *task = tasks_take(&t->done);
	unlock(t);
	return task;
}

static void deliver(struct task_thread *t)
{
	struct task *task;
	uint64_t count;

	/* Only empties it; how many there are, the list says. */
	ensure(read(t->eventfd, &count, sizeof(count)) == sizeof(count));
	/* done() may abandon t: then the list is empty, but must be there. */
	lock(t);
	t->users++;
	unlock(t);
	while ((task = next_done(t)) != NULL)
		task->done(task);
	leave(t);
}

static void finished_cb(evutil_socket_t fd, short what, void *arg)
{
	struct task_thread *t = arg;

	(void)fd;
	(void)what;
	deliver(t);
}

struct task_thread *task_thread_new(struct event_base *base, int queue_max)
{
	struct task_thread *t = xcalloc(1, sizeof(*t));

	t->queue_max = queue_max;
	t->users = 2;
	tasks_init(&t->todo);
	tasks_init(&t->done);
	ensure(pthread_mutex_init(&t->lock, NULL) == 0);
	ensure(pthread_cond_init(&t->changed, NULL) == 0);
	t->eventfd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (t->eventfd < 0 || !start_thread(t)) {
		if (t->eventfd >= 0)
			ensure(close(t->eventfd) == 0);
		t->users = 1;
		leave(t);
		return NULL;
	}
	t->finished = event_new(base, t->eventfd, EV_READ | EV_PERSIST,
	                        finished_cb, t);
	ensure(t->finished != NULL);
	ensure(event_add(t->finished, NULL) == 0);
	return t;
}

bool task_thread_submit(struct task_thread *t, struct task *task)
{
	lock(t);
	const bool accepted = !t->stopping && t->queued < t->queue_max;
	if (accepted) {
		tasks_add(&t->todo, task);
		t->queued++;
		ensure(pthread_cond_signal(&t->changed) == 0);
	}
	unlock(t);
	return accepted;
}

static void stop_thread(struct task_thread *t, bool abandon)
{
	lock(t);
	t->stopping = true;
	t->abandoned = abandon;
	if (abandon)
		ensure(close(t->eventfd) == 0);
	ensure(pthread_cond_signal(&t->changed) == 0);
	unlock(t);
}

void task_thread_free(struct task_thread **thread)
{
	struct task_thread *t = *thread;
	struct task *task;

	if (t == NULL)
		return;
	stop_thread(t, false);
	ensure(pthread_join(t->thread, NULL) == 0);
	while ((task = tasks_take(&t->done)) != NULL)
		task->done(task);
	while ((task = tasks_take(&t->todo)) != NULL)
		task->done(task);
	event_free(t->finished);
	ensure(close(t->eventfd) == 0);
	leave(t);
	*thread = NULL;
}

/* Once it stops the thread leaves both lists alone. */
void task_thread_abandon(struct task_thread **thread)
{
	struct task_thread *t = *thread;
	struct task *task;

	if (t == NULL)
		return;
	event_free(t->finished);
	ensure(pthread_detach(t->thread) == 0);
	stop_thread(t, true);
	while ((task = tasks_take(&t->done)) != NULL)
		task->drop(task);
	while ((task = tasks_take(&t->todo)) != NULL)
		task->drop(task);
	leave(t);
	*thread = NULL;
}
