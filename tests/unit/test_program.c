/*
 * common/process/program: options, the drain, reloading, what systemd is told.
 * Each case is a process; what its callbacks do is noted in shared memory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <event2/event.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/process/program.h"
#include "tests/unit/child.h"

#define STEP_US 30000

struct settings {
	struct program_settings common;
	int64_t number;
};

static const struct conf_key keys[] = { PROGRAM_KEYS(struct settings, common),
	                                { .path = "test.number",
	                                  .type = CONF_INT,
	                                  .offset = offsetof(struct settings,
	                                                     number),
	                                  .def = "1",
	                                  .env = "TEST_NUMBER",
	                                  .reloadable = true },
	                                { 0 } };

/*
 * One letter a call: s start, o option, r reload, d drain, x stop. Before a
 * reload is noted its number, as a digit.
 */
static struct notes {
	char calls[32];
	char text[4096]; /* standard output */
} * notes;

/* One letter every STEP_US: T SIGTERM, I SIGINT, H SIGHUP, Q SIGQUIT, 1 SIGUSR1
 * and the others that are ignored, D program_drain(), G program_give_up(), n the
 * number becomes 7, w a wrong one; f drained() is true from now on; _ a pause
 * after which SIGHUP is obeyed at once. */
static const char *script;
static bool start_fails;

static struct event_base *base;
static struct event *timer;
static const struct settings *settings;
static bool finished;

static void note(char call)
{
	const size_t n = strlen(notes->calls);

	notes->calls[n] = call;
	notes->calls[n + 1] = '\0';
}

static void act(char letter)
{
	switch (letter) {
	case 'T':
		(void)raise(SIGTERM);
		break;
	case 'I':
		(void)raise(SIGINT);
		break;
	case 'H':
		(void)raise(SIGHUP);
		break;
	case 'Q':
		(void)raise(SIGQUIT);
		break;
	case '1':
		(void)raise(SIGUSR1);
		(void)raise(SIGUSR2);
		(void)raise(SIGALRM);
		(void)raise(SIGVTALRM);
		(void)raise(SIGPIPE);
		break;
	case 'D':
		program_drain();
		program_drain();
		break;
	case 'G':
		program_give_up();
		break;
	case 'n':
		(void)setenv("TEST_NUMBER", "7", 1);
		break;
	case 'w':
		(void)setenv("TEST_NUMBER", "x", 1);
		break;
	case 'f':
		finished = true;
		break;
	default:
		break;
	}
}

static void step_cb(evutil_socket_t fd, short what, void *arg)
{
	const struct timeval later = { *script == '_', STEP_US };

	(void)fd;
	(void)what;
	(void)arg;
	if (*script == '\0')
		return;
	(void)event_add(timer, &later);
	act(*script++);
}

static bool check(const void *s, struct error *err)
{
	const struct settings *checked = s;

	if (checked->number == 13)
		return error_set(err, "13 is no number for a start");
	return true;
}

static bool start(struct event_base *b, void *s, struct error *err)
{
	const struct timeval later = { 0, STEP_US };

	note('s');
	if (start_fails)
		return error_set(err, "the moon is full");
	base = b;
	settings = s;
	timer = evtimer_new(base, step_cb, NULL);
	(void)event_add(timer, &later);
	return true;
}

static void drain(void)
{
	note('d');
}

static bool drained(void)
{
	return finished;
}

static void stop(void)
{
	note('x');
	if (timer != NULL)
		event_free(timer);
}

static void reload(void)
{
	note((char)('0' + settings->number));
	note('r');
}

static void option(const char *name)
{
	note(strcmp(name, "--once") == 0 ? 'o' : '?');
}

static const struct program_option options[] = { { "--once", "just once" },
	                                         { "--other", "another" },
	                                         { 0 } };

static const struct program program = {
	.name = "test-program",
	.help = "Helps.",
	.keys = keys,
	.settings_size = sizeof(struct settings),
	.common_offset = offsetof(struct settings, common),
	.check = check,
	.start = start,
	.drain = drain,
	.drained = drained,
	.stop = stop,
	.reload = reload,
	.options = options,
	.option = option,
};

/* --- running it --- */

static int output[2];

static void run(void *arg)
{
	char *const *argv = arg;
	int argc = 0;

	while (argv[argc] != NULL)
		argc++;
	(void)dup2(output[1], STDOUT_FILENO);
	(void)close(output[0]);
	exit(program_main(&program, argc, arg));
}

/* Arguments are given as one string. The exit status, or -1. */
static int run_program(const char *arguments, const char *with_script)
{
	char line[256];
	char *argv[8] = { NULL };
	char *at = line;
	int argc = 0;

	*notes = (struct notes){ "", "" };
	script = with_script;
	(void)snprintf(line, sizeof(line), "test-program %s", arguments);
	for (char *word; argc < 7 && (word = strsep(&at, " ")) != NULL;)
		if (*word != '\0')
			argv[argc++] = word;

	assert_int_equal(pipe(output), 0);
	(void)fflush(NULL);
	const int status = child_run(run, argv);
	(void)close(output[1]);
	const ssize_t got =
		read(output[0], notes->text, sizeof(notes->text) - 1);
	(void)close(output[0]);
	assert_true(got >= 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int share_notes(void **state)
{
	(void)state;
	notes = mmap(NULL, sizeof(*notes), PROT_READ | PROT_WRITE,
	             MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return notes == MAP_FAILED;
}

static int unshare_notes(void **state)
{
	(void)state;
	return munmap(notes, sizeof(*notes));
}

/* --- the cases --- */

static void takes_options(void **state)
{
	static const struct {
		const char *arguments;
		int status;
		const char *output; /* a part of it */
		const char *calls;
	} rows[] = {
		{ "--version", 0, "test-program " REWATCH_VERSION "\n", "" },
		{ "--help", 0, "Usage: test-program [OPTION]...\n\nHelps.\n",
		  "" },
		{ "--help", 0, "\n  --other        another\n", "" },
		{ "--keys", 0, "\ntest.number ", "" },
		{ "--check", 0, "ok\n", "" },
		{ "--check --once", 0, "ok\n", "o" },
		{ "--unknown", 2, "", "" },
		{ "--config", 2, "", "" },
		{ "word", 2, "", "" },
		{ "--config /nowhere", 2, "", "" },
		{ "--check --config /nowhere", 2, "", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_int_equal(run_program(rows[i].arguments, ""),
		                 rows[i].status);
		assert_non_null(strstr(notes->text, rows[i].output));
		assert_string_equal(notes->calls, rows[i].calls);
	}
}

static void lives(void **state)
{
	static const struct {
		const char *script, *timeout, *calls;
		int status;
	} rows[] = {
		{ "fT", "10s", "sdx", 0 },
		{ "fI", "10s", "sdx", 0 },
		{ "Tf", "10s", "sdx", 0 },
		{ "D..f", "10s", "sdx", 0 },
		{ "fD", "10s", "sdx", 0 },
		/* drained, yet not well */
		{ "fG", "10s", "sdx", 1 },
		{ "G..f", "10s", "sdx", 1 },
		/* too late to say so */
		{ "TGf", "10s", "sdx", 0 },
		/* longer than allowed */
		{ "T", "50ms", "sdx", 1 },
		{ "T", "0ms", "sdx", 1 },
		/* drained at the last moment counts */
		{ "fT", "0ms", "sdx", 0 },
		/* a second signal ends it at once */
		{ "TT", "10s", "sdx", 1 },
		{ "TI", "10s", "sdx", 1 },
		{ "DT", "10s", "sdx", 1 },
		/* a wrong new configuration changes nothing */
		{ "HnH_wH_fT", "10s", "s1r7rdx", 0 },
		/* the first and the last of many, and what it found */
		{ "HHHHHHnHHH_fT", "10s", "s1r7rdx", 0 },
		{ "H_H_H_fT", "10s", "s1r1r1rdx", 0 },
		{ "HHTf", "10s", "s1rdx", 0 },
		/* at once, and not by the hand of the kernel */
		{ "Q", "10s", "sx", 1 },
		{ "TQ", "10s", "sdx", 1 },
		{ "11fT", "10s", "sdx", 0 },
		/* nothing is reloaded while it drains */
		{ "THf", "10s", "sdx", 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char path[] = "/tmp/test_program.XXXXXX";
		char text[64];
		char arguments[64];
		const int fd = mkstemp(path);
		const int len =
			snprintf(text, sizeof(text),
		                 "shutdown:\n  timeout: %s\n", rows[i].timeout);

		assert_true(fd >= 0);
		assert_int_equal(write(fd, text, (size_t)len), len);
		assert_int_equal(close(fd), 0);
		(void)snprintf(arguments, sizeof(arguments), "--config %s",
		               path);
		const int64_t before = clock_ms();
		assert_int_equal(run_program(arguments, rows[i].script),
		                 rows[i].status);
		assert_string_equal(notes->calls, rows[i].calls);
		assert_true(clock_ms() - before < 5000);
		assert_int_equal(unlink(path), 0);
	}
}

static void refuses_settings_that_contradict(void **state)
{
	(void)state;
	assert_int_equal(setenv("TEST_NUMBER", "13", 1), 0);
	assert_int_equal(run_program("--check", ""), 2);
	assert_string_equal(notes->text, "");
	assert_int_equal(run_program("", "fT"), 2);
	assert_string_equal(notes->calls, "");
	assert_int_equal(unsetenv("TEST_NUMBER"), 0);
}

static void says_when_it_cannot_start(void **state)
{
	(void)state;
	start_fails = true;
	assert_int_equal(run_program("--once", ""), 1);
	assert_string_equal(notes->calls, "osx");
	start_fails = false;
}

/* --- systemd --- */

/* The datagrams that came, each ended by '|'; the time is left out. */
static void receive_all(int fd, char *all, size_t size)
{
	char state[256];
	size_t used = 0;
	ssize_t got;

	all[0] = '\0';
	while ((got = recv(fd, state, sizeof(state) - 1, MSG_DONTWAIT)) > 0) {
		state[got] = '\0';
		char *time = strstr(state, "MONOTONIC_USEC=");
		if (time != NULL) {
			assert_true(strtoll(time + 15, NULL, 10) > 0);
			time[15] = '\0';
		}
		used += (size_t)snprintf(all + used, size - used, "%s|", state);
		assert_true(used < size);
	}
}

/* A datagram socket at name; a leading '@' makes it abstract. */
static int open_socket(const char *name)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const size_t len = strlen(name);
	const int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	assert_true(fd >= 0);
	memcpy(address.sun_path, name, len);
	if (name[0] == '@')
		address.sun_path[0] = '\0';
	assert_int_equal(
		bind(fd, (const struct sockaddr *)&address,
	             (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)),
		0);
	return fd;
}

static void tells_systemd(void **state)
{
	static const char *const prefixes[] = { "/tmp/", "@" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(prefixes); i++) {
		char name[64];
		char all[512];

		(void)snprintf(name, sizeof(name), "%stest_program_%d",
		               prefixes[i], (int)getpid());
		const int fd = open_socket(name);
		assert_int_equal(setenv("NOTIFY_SOCKET", name, 1), 0);
		assert_int_equal(run_program("", "HfT"), 0);
		assert_int_equal(unsetenv("NOTIFY_SOCKET"), 0);
		receive_all(fd, all, sizeof(all));
		assert_string_equal(all, "READY=1|RELOADING=1\nMONOTONIC_USEC=|"
		                         "READY=1|STOPPING=1|");
		(void)close(fd);
		(void)unlink(name);
	}
}

static void runs_without_a_working_socket(void **state)
{
	static const char *const names[] = { "", "x", "/nowhere/socket", "@" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		assert_int_equal(setenv("NOTIFY_SOCKET", names[i], 1), 0);
		assert_int_equal(run_program("", "fT"), 0);
		assert_int_equal(unsetenv("NOTIFY_SOCKET"), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_options),
		cmocka_unit_test(lives),
		cmocka_unit_test(refuses_settings_that_contradict),
		cmocka_unit_test(says_when_it_cannot_start),
		cmocka_unit_test(tells_systemd),
		cmocka_unit_test(runs_without_a_working_socket),
	};

	return cmocka_run_group_tests_name("program", tests, share_notes,
	                                   unshare_notes);
}
