/* common/process/task_thread: order, threads, the bound of the queue, ending
 * early. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>

#include <event2/event.h>

#include "common/process/task_thread.h"

/* A task that notes what happens to it. gate: wait there while running. */
struct noting_task {
	struct worker_task task; /* first: the same address */
	int number;
	bool has_run;
	pthread_t ran_on;
	pthread_mutex_t *gate;
};

static struct event_base *base;
static struct worker *worker;
static int order[16]; /* numbers of the tasks in the order of done() */
static int done;

static void run(struct worker_task *task)
{
	struct noting_task *t = (struct noting_task *)task;

	if (t->gate != NULL) {
		(void)pthread_mutex_lock(t->gate);
		(void)pthread_mutex_unlock(t->gate);
	}
	t->has_run = true;
	t->ran_on = pthread_self();
}

static void note_done(struct worker_task *task)
{
	const struct noting_task *t = (const struct noting_task *)task;

	order[done++] = t->number;
}

static struct noting_task noting_task(int number)
{
	return (struct noting_task){ .task = { .run = run, .done = note_done },
		                     .number = number };
}

static int begin(void **state)
{
	(void)state;
	done = 0;
	base = event_base_new();
	worker = worker_new(base, 4);
	return 0;
}

static int end(void **state)
{
	(void)state;
	worker_free(&worker);
	assert_null(worker);
	worker_free(&worker);
	event_base_free(base);
	libevent_global_shutdown();
	return 0;
}

static void loop_until_done(int count)
{
	while (done < count)
		assert_int_equal(event_base_loop(base, EVLOOP_ONCE), 0);
}

static void runs_beside_the_loop_in_order(void **state)
{
	struct noting_task tasks[4];

	(void)state;
	for (int i = 0; i < 4; i++) {
		tasks[i] = noting_task(i);
		assert_true(worker_submit(worker, &tasks[i].task));
	}
	loop_until_done(4);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(order[i], i);
		assert_true(tasks[i].has_run);
		assert_false(pthread_equal(tasks[i].ran_on, pthread_self()));
	}
}

static void refuses_when_full(void **state)
{
	pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
	struct noting_task tasks[8];
	int accepted = 0;

	(void)state;
	assert_int_equal(pthread_mutex_lock(&gate), 0);
	for (int i = 0; i < 8; i++) {
		tasks[i] = noting_task(i);
		tasks[i].gate = &gate;
	}
	/* Four wait; a fifth when the thread has taken the first. */
	for (int i = 0; i < 8; i++) {
		if (worker_submit(worker, &tasks[i].task))
			accepted++;
	}
	assert_in_range(accepted, 4, 5);
	assert_int_equal(done, 0);
	assert_int_equal(pthread_mutex_unlock(&gate), 0);
	loop_until_done(accepted);
	for (int i = 0; i < 8; i++)
		assert_int_equal(tasks[i].has_run, i < accepted);

	/* There is room again. */
	assert_true(worker_submit(worker, &tasks[7].task));
	loop_until_done(accepted + 1);
}

/* A task that, when done, submits itself again. */
struct chain {
	struct worker_task task;
	int left;
};

static void chain_run(struct worker_task *task)
{
	struct chain *c = (struct chain *)task;

	c->left--;
}

static void chain_done(struct worker_task *task)
{
	const struct chain *c = (const struct chain *)task;

	if (c->left > 0)
		assert_true(worker_submit(worker, task));
	else
		done++;
}

static void may_submit_in_done(void **state)
{
	struct chain c = { .task = { .run = chain_run, .done = chain_done },
		           .left = 500 };

	(void)state;
	assert_true(worker_submit(worker, &c.task));
	loop_until_done(1);
	assert_int_equal(c.left, 0);
}

/* The first runs or not, as it happens; each gets done() exactly once. */
static void ends_with_all_done(void **state)
{
	struct noting_task tasks[4];

	(void)state;
	for (int i = 0; i < 4; i++) {
		tasks[i] = noting_task(i);
		assert_true(worker_submit(worker, &tasks[i].task));
	}
	worker_free(&worker);
	assert_int_equal(done, 4);
	for (int i = 0; i < 4; i++)
		assert_int_equal(order[i], i);
	/* What ran, ran before what did not. */
	for (int i = 1; i < 4; i++)
		assert_true(tasks[i - 1].has_run || !tasks[i].has_run);
	assert_false(event_base_get_num_events(base, EVENT_BASE_COUNT_ADDED) >
	             0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(runs_beside_the_loop_in_order,
		                                begin, end),
		cmocka_unit_test_setup_teardown(refuses_when_full, begin, end),
		cmocka_unit_test_setup_teardown(may_submit_in_done, begin, end),
		cmocka_unit_test_setup_teardown(ends_with_all_done, begin, end),
	};

	return cmocka_run_group_tests_name("worker", tests, NULL, NULL);
}
