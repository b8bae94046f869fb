/* common/process/task_thread: order, threads, the bound of the queue, ending
 * early, being abandoned. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <event2/event.h>

#include "common/process/task_thread.h"

/* A task that notes what happens to it. gate: wait there while running. */
struct noting_task {
	struct task task; /* first: the same address */
	int number;
	bool has_run;
	pthread_t ran_on;
	pthread_mutex_t *gate;
};

static struct event_base *base;
static struct task_thread *thread;
static int order[16]; /* numbers of the tasks in the order of done() */
static int done;

static void run(struct task *task)
{
	struct noting_task *t = (struct noting_task *)task;

	if (t->gate != NULL) {
		(void)pthread_mutex_lock(t->gate);
		(void)pthread_mutex_unlock(t->gate);
	}
	t->has_run = true;
	t->ran_on = pthread_self();
}

static void note_done(struct task *task)
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
	thread = task_thread_new(base, 4);
	assert_non_null(thread);
	return 0;
}

static int end(void **state)
{
	(void)state;
	task_thread_free(&thread);
	assert_null(thread);
	task_thread_free(&thread);
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
		assert_true(task_thread_submit(thread, &tasks[i].task));
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
		if (task_thread_submit(thread, &tasks[i].task))
			accepted++;
	}
	assert_in_range(accepted, 4, 5);
	assert_int_equal(done, 0);
	assert_int_equal(pthread_mutex_unlock(&gate), 0);
	loop_until_done(accepted);
	for (int i = 0; i < 8; i++)
		assert_int_equal(tasks[i].has_run, i < accepted);

	/* There is room again. */
	assert_true(task_thread_submit(thread, &tasks[7].task));
	loop_until_done(accepted + 1);
}

/* A task that, when done, submits itself again. */
struct chain {
	struct task task;
	int left;
};

static void chain_run(struct task *task)
{
	struct chain *c = (struct chain *)task;

	c->left--;
}

static void chain_done(struct task *task)
{
	const struct chain *c = (const struct chain *)task;

	if (c->left > 0)
		assert_true(task_thread_submit(thread, task));
	else
		done++;
}

static void may_submit_in_done(void **state)
{
	struct chain c = { .task = { .run = chain_run, .done = chain_done },
		           .left = 500 };

	(void)state;
	assert_true(task_thread_submit(thread, &c.task));
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
		assert_true(task_thread_submit(thread, &tasks[i].task));
	}
	task_thread_free(&thread);
	assert_int_equal(done, 4);
	for (int i = 0; i < 4; i++)
		assert_int_equal(order[i], i);
	/* What ran, ran before what did not. */
	for (int i = 1; i < 4; i++)
		assert_true(tasks[i - 1].has_run || !tasks[i].has_run);
	assert_false(event_base_get_num_events(base, EVENT_BASE_COUNT_ADDED) >
	             0);
}

/* --- abandoning --- */

/* What came of a task that is freed by then. */
struct outcome {
	bool has_run;
	int dropped;
	pthread_t dropped_on;
};

struct dropped_task {
	struct task task;
	struct outcome *outcome;
	sem_t *begun; /* posted when it runs; then it waits for gate */
	pthread_mutex_t *gate;
	sem_t *dropped; /* posted when it is dropped on the thread */
	char *mine;     /* a leak unless it is dropped */
};

static void dropped_run(struct task *task)
{
	struct dropped_task *t = (struct dropped_task *)task;

	t->outcome->has_run = true;
	if (t->begun == NULL)
		return;
	assert_int_equal(sem_post(t->begun), 0);
	(void)pthread_mutex_lock(t->gate);
	(void)pthread_mutex_unlock(t->gate);
}

static void dropped_done(struct task *task)
{
	(void)task;
	fail_msg("nothing is called back after abandoning");
}

static void dropped_drop(struct task *task)
{
	struct dropped_task *t = (struct dropped_task *)task;
	sem_t *dropped = t->dropped;

	t->outcome->dropped++;
	t->outcome->dropped_on = pthread_self();
	free(t->mine);
	free(t);
	if (dropped != NULL)
		(void)sem_post(dropped);
}

static struct dropped_task *dropped_task(struct outcome *outcome)
{
	struct dropped_task *t = calloc(1, sizeof(*t));

	assert_non_null(t);
	t->task = (struct task){ .run = dropped_run,
		                 .done = dropped_done,
		                 .drop = dropped_drop };
	t->outcome = outcome;
	t->mine = malloc(64);
	return t;
}

static void submit_dropped(struct dropped_task *t)
{
	assert_true(task_thread_submit(thread, &t->task));
}

static void assert_loop_is_empty(void)
{
	assert_int_equal(event_base_loop(base, 0), 1);
	assert_int_equal(done, 0);
}

/* One has run and waits for the loop, one runs, one has not begun. */
static void abandoned_tasks_are_dropped(void **state)
{
	enum {
		RAN,
		RUNS,
		WAITS,
		TASKS
	};
	pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
	struct outcome outcomes[TASKS] = { 0 };
	struct dropped_task *tasks[TASKS];
	sem_t begun;
	sem_t dropped;

	(void)state;
	assert_int_equal(sem_init(&begun, 0, 0), 0);
	assert_int_equal(sem_init(&dropped, 0, 0), 0);
	assert_int_equal(pthread_mutex_lock(&gate), 0);
	for (int i = 0; i < TASKS; i++)
		tasks[i] = dropped_task(&outcomes[i]);
	tasks[RUNS]->begun = &begun;
	tasks[RUNS]->gate = &gate;
	tasks[RUNS]->dropped = &dropped;
	for (int i = 0; i < TASKS; i++)
		submit_dropped(tasks[i]);
	assert_int_equal(sem_wait(&begun), 0);

	task_thread_abandon(&thread);
	assert_null(thread);
	assert_loop_is_empty();
	assert_int_equal(outcomes[RUNS].dropped, 0);

	assert_int_equal(pthread_mutex_unlock(&gate), 0);
	assert_int_equal(sem_wait(&dropped), 0);
	for (int i = 0; i < TASKS; i++) {
		assert_int_equal(outcomes[i].dropped, 1);
		assert_int_equal(outcomes[i].has_run, i != WAITS);
		assert_int_equal(
			!pthread_equal(outcomes[i].dropped_on, pthread_self()),
			i == RUNS);
	}
	assert_int_equal(sem_destroy(&begun), 0);
	assert_int_equal(sem_destroy(&dropped), 0);
}

static void abandons_an_idle_thread(void **state)
{
	struct noting_task t = noting_task(7);

	(void)state;
	assert_true(task_thread_submit(thread, &t.task));
	loop_until_done(1);
	task_thread_abandon(&thread);
	assert_null(thread);
	task_thread_abandon(&thread);
	assert_int_equal(done, 1);
	assert_int_equal(event_base_loop(base, 0), 1);
}

static void abandon_done(struct task *task)
{
	note_done(task);
	task_thread_abandon(&thread);
}

/* The second has run, or runs, or waits, as it happens. */
static void may_abandon_in_done(void **state)
{
	struct noting_task first = noting_task(1);
	struct outcome outcome = { 0 };
	struct dropped_task *second = dropped_task(&outcome);
	sem_t dropped;

	(void)state;
	assert_int_equal(sem_init(&dropped, 0, 0), 0);
	second->dropped = &dropped;
	first.task.done = abandon_done;
	assert_true(task_thread_submit(thread, &first.task));
	submit_dropped(second);
	loop_until_done(1);
	assert_null(thread);
	assert_int_equal(sem_wait(&dropped), 0);
	assert_int_equal(outcome.dropped, 1);
	assert_int_equal(event_base_loop(base, 0), 1);
	assert_int_equal(done, 1);
	assert_int_equal(sem_destroy(&dropped), 0);
}

/* --- creating --- */

static void no_descriptor_left_is_told(void **state)
{
	struct rlimit before;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	const struct rlimit none = { 0, before.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	assert_null(task_thread_new(base, 1));
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(runs_beside_the_loop_in_order,
		                                begin, end),
		cmocka_unit_test_setup_teardown(refuses_when_full, begin, end),
		cmocka_unit_test_setup_teardown(may_submit_in_done, begin, end),
		cmocka_unit_test_setup_teardown(ends_with_all_done, begin, end),
		cmocka_unit_test_setup_teardown(abandoned_tasks_are_dropped,
		                                begin, end),
		cmocka_unit_test_setup_teardown(abandons_an_idle_thread, begin,
		                                end),
		cmocka_unit_test_setup_teardown(may_abandon_in_done, begin,
		                                end),
		cmocka_unit_test_setup_teardown(no_descriptor_left_is_told,
		                                begin, end),
	};

	return cmocka_run_group_tests_name("task_thread", tests, NULL, NULL);
}
