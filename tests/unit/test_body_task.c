/* http/body_task: small bodies at once, large ones by the thread, and what happens
 * when that is busy or stopped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include <event2/event.h>
#include <pthread.h>

#include "api-server/http/body.h"
#include "api-server/http/body_task.h"
#include "common/base/attr.h"
#include "common/base/mem.h"
#include "common/process/task_thread.h"

#define LARGE (4 * BODY_TASK_MIN)

static struct event_base *base;
static struct task_thread *thread;
static int finished;

static int begin(void **state)
{
	(void)state;
	finished = 0;
	base = event_base_new();
	thread = task_thread_new(base, 2);
	assert_non_null(thread);
	return 0;
}

static int end(void **state)
{
	(void)state;
	task_thread_free(&thread);
	event_base_free(base);
	libevent_global_shutdown();
	return 0;
}

static struct body *letters(size_t len)
{
	char *text = xmalloc(len);

	memset(text, 'a', len);
	struct body *body = body_new("text/plain", text, len);
	free(text);
	return body;
}

static void finished_cb(void *arg)
{
	(void)arg;
	finished++;
}

static void finish(struct body *body, bool compress)
{
	body_finish(thread, body,
	            &(struct body_finish){ .version = "7-1",
	                                   .compress = compress,
	                                   .done = finished_cb });
}

static void wait_for(int count)
{
	while (finished < count)
		assert_int_equal(event_base_loop(base, EVLOOP_ONCE), 0);
}

static void a_small_one_at_once(void **state)
{
	struct body *body = letters(BODY_TASK_MIN - 1);

	(void)state;
	finish(body, true);
	assert_int_equal(finished, 1);
	assert_non_null(body->gzip);
	assert_memory_equal(body->etag, "7-1-", 4);
	body_unref(&body);
}

/* Also when whoever asked has let go of it meanwhile. */
static void a_large_one_later(void **state)
{
	struct body *body = letters(LARGE);
	struct body *other = body_ref(body);
	struct body *same = letters(LARGE);

	(void)state;
	finish(body, true);
	body_unref(&body);
	assert_int_equal(finished, 0);
	wait_for(1);
	body_tag(same, "7-1");
	assert_string_equal(other->etag, same->etag);
	assert_non_null(other->gzip);
	/* There is nothing left to do. */
	finish(other, true);
	assert_int_equal(finished, 2);
	body_unref(&other);
	body_unref(&same);
}

/* The thread is at it, and somebody replies with it as it is: nothing half made
 * is to be seen, also by a second one who wants it compressed. */
static void not_to_be_seen_half_made(void **state)
{
	struct body *body = letters((size_t)8 << 20);

	(void)state;
	finish(body, true);
	finish(body, true);
	while (finished < 2) {
		assert_true(finished > 0 ||
		            (body->gzip == NULL && !body->gzip_tried &&
		             body->etag[0] == '\0'));
		assert_int_equal(event_base_loop(base, EVLOOP_NONBLOCK), 0);
	}
	assert_non_null(body->gzip);
	assert_memory_equal(body->gzip, "\x1f\x8b", 2);
	body_unref(&body);
}

static void uncompressed_if_nobody_takes_it(void **state)
{
	struct body *body = letters(LARGE);

	(void)state;
	finish(body, false);
	wait_for(1);
	assert_null(body->gzip);
	assert_memory_equal(body->etag, "7-1-", 4);
	body_unref(&body);
}

/* --- a thread that is held up --- */

struct gate {
	struct task task; /* first: the same address */
	pthread_mutex_t lock;
};

static void gate_run(struct task *task)
{
	struct gate *gate = (struct gate *)task;

	(void)pthread_mutex_lock(&gate->lock);
	(void)pthread_mutex_unlock(&gate->lock);
}

static void gate_done(struct task *task)
{
	(void)task;
}

static void close_gate(struct gate *gate)
{
	*gate = (struct gate){ .task = { .run = gate_run, .done = gate_done },
		               .lock = PTHREAD_MUTEX_INITIALIZER };
	assert_int_equal(pthread_mutex_lock(&gate->lock), 0);
	assert_true(task_thread_submit(thread, &gate->task));
}

static void at_once_and_uncompressed_when_too_many_wait(void **state)
{
	struct body *bodies[8];
	struct gate gate;

	(void)state;
	close_gate(&gate);
	for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
		bodies[i] = letters(LARGE);
		finish(bodies[i], true);
	}
	/* Two wait; one more may have taken the gate's place. */
	assert_in_range(finished, 6, 7);
	assert_null(bodies[7]->gzip);
	assert_memory_equal(bodies[7]->etag, "7-1-", 4);
	assert_int_equal(pthread_mutex_unlock(&gate.lock), 0);
	wait_for(8);
	assert_non_null(bodies[0]->gzip);
	for (size_t i = 0; i < ARRAY_LEN(bodies); i++)
		body_unref(&bodies[i]);
}

/* The thread is stopped while it works: whoever waits is told all the same. */
static void each_is_told_when_the_thread_stops(void **state)
{
	struct body *bodies[2];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
		bodies[i] = letters(LARGE);
		finish(bodies[i], true);
	}
	task_thread_free(&thread);
	assert_int_equal(finished, 2);
	for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
		assert_memory_equal(bodies[i]->etag, "7-1-", 4);
		body_unref(&bodies[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_small_one_at_once, begin,
		                                end),
		cmocka_unit_test_setup_teardown(a_large_one_later, begin, end),
		cmocka_unit_test_setup_teardown(not_to_be_seen_half_made, begin,
		                                end),
		cmocka_unit_test_setup_teardown(uncompressed_if_nobody_takes_it,
		                                begin, end),
		cmocka_unit_test_setup_teardown(
			at_once_and_uncompressed_when_too_many_wait, begin,
			end),
		cmocka_unit_test_setup_teardown(
			each_is_told_when_the_thread_stops, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
