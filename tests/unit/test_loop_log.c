/* common/process/loop_log: what libevent says is a line of our log. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "common/base/log.h"
#include "common/process/loop_log.h"

/* A loop within itself is what it warns of. */
static void loop_again_cb(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)event_base_loop(arg, EVLOOP_NONBLOCK);
}

static void a_warning_is_a_line_of_ours(void **state)
{
	const struct timeval now = { 0, 0 };
	struct event_base *base = event_base_new();
	char text[4096];
	int captured[2];

	(void)state;
	loop_log_begin();
	log_setup("p", LOG_FORMAT_LOGFMT, LOG_LEVEL_INFO);
	assert_int_equal(pipe2(captured, O_CLOEXEC), 0);
	const int real_stderr = dup(STDERR_FILENO);
	assert_true(dup2(captured[1], STDERR_FILENO) >= 0);
	assert_int_equal(event_base_once(base, -1, EV_TIMEOUT, loop_again_cb,
	                                 base, &now),
	                 0);
	(void)event_base_dispatch(base);
	assert_true(dup2(real_stderr, STDERR_FILENO) >= 0);
	(void)close(real_stderr);
	(void)close(captured[1]);

	const ssize_t got = read(captured[0], text, sizeof(text) - 1);
	(void)close(captured[0]);
	assert_true(got > 0);
	text[got] = '\0';
	assert_memory_equal(text, "time=", 5);
	assert_non_null(strstr(text, " level=warn program=p "
	                             "event=\"libevent warns\" message=\""));
	/* One line, its end our own. */
	assert_ptr_equal(strchr(text, '\n'), text + got - 1);
	event_base_free(base);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_warning_is_a_line_of_ours),
	};

	return cmocka_run_group_tests_name("loop_log", tests, NULL, NULL);
}
