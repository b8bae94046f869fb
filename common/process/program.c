/*
 * The life of a program: options, configuration, log, start, loop, stop.
 *
 *	RUNNING --SIGTERM--> DRAINING --drained--> ENDED
 *	                     DRAINING --deadline, second SIGTERM--> ENDED
 *
 * Everything that happens is an event of the loop, signals too, so nothing
 * here runs inside a signal handler.
 */
#include "common/process/program.h"

#include <event2/event.h>
#include <event2/thread.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/process/descriptors.h"
#include "common/process/loop_log.h"
#include "common/process/metrics.h"
#include "common/process/sd_notify.h"

#define STATUS_OK      0
#define STATUS_FAILED  1
#define STATUS_REFUSED 2

#define DRAIN_POLL_US   20000
#define RELOAD_EVERY_MS 1000
#define LOG_TICK_S      1

enum state {
	STATE_RUNNING,
	STATE_DRAINING,
	STATE_ENDED
};

enum {
	SIGNALS = 4
};

struct life {
	const struct program *program;
	const char *file; /* of the configuration; NULL: none */
	bool check;
	void *settings;
	struct event_base *base;
	struct event *signals[SIGNALS];
	struct event *step; /* begins the drain, then looks after it */
	struct event *reload;
	struct event *log_tick;
	int64_t reloaded_ms; /* when last; 0: never */
	enum state state;
	int64_t deadline_ms;
	bool gave_up;
	int status;
};

const char *const program_log_formats[] = {
	[LOG_FORMAT_LOGFMT] = "logfmt", [LOG_FORMAT_JSON] = "json", NULL
};
const char *const program_log_levels[] = { [LOG_LEVEL_DEBUG] = "debug",
	                                   [LOG_LEVEL_INFO] = "info",
	                                   [LOG_LEVEL_WARN] = "warn",
	                                   [LOG_LEVEL_ERROR] = "error",
	                                   NULL };

/* The one that runs, for program_drain(). */
static struct life *current;

static bool read_options(struct life *life, int argc, char **argv);
static bool load_settings(struct life *life);
static void ignore_signals(void);
static void run(struct life *life);
static void drain_begin(struct life *life);
static void drain_poll(struct life *life);
static void reload_soon(struct life *life);

static const struct program_settings *common_settings(const struct life *life)
{
	return (const void *)((const char *)life->settings +
	                      life->program->common_offset);
}

int program_main(const struct program *program, int argc, char **argv)
{
	struct life life = { .program = program, .status = STATUS_FAILED };

	ignore_signals();
	if (!read_options(&life, argc, argv) || !load_settings(&life))
		return life.status;
	if (life.check) {
		printf("ok\n");
		life.status = STATUS_OK;
	} else {
		run(&life);
	}
	conf_free(program->keys, life.settings);
	free(life.settings);
	return life.status;
}

/* --- options --- */

enum {
	OPTION_CONFIG = 1,
	OPTION_CHECK,
	OPTION_KEYS,
	OPTION_VERSION,
	OPTION_HELP,
	OPTION_OWN /* the first of the program's */
};

static const struct option common_options[] = {
	{ "config", required_argument, NULL, OPTION_CONFIG },
	{ "check", no_argument, NULL, OPTION_CHECK },
	{ "keys", no_argument, NULL, OPTION_KEYS },
	{ "version", no_argument, NULL, OPTION_VERSION },
	{ "help", no_argument, NULL, OPTION_HELP },
};

static size_t count_own_options(const struct program *program)
{
	size_t n = 0;

	while (program->options != NULL && program->options[n].name != NULL)
		n++;
	return n;
}

/* The common ones, then the program's; to be freed. */
static struct option *option_table(const struct program *program)
{
	const size_t common = ARRAY_LEN(common_options);
	const size_t own = count_own_options(program);
	struct option *table = xcalloc(common + own + 1, sizeof(*table));

	memcpy(table, common_options, sizeof(common_options));
	for (size_t i = 0; i < own; i++) {
		const char *name = program->options[i].name;

		ensure(strncmp(name, "--", 2) == 0);
		table[common + i] =
			(struct option){ name + 2, no_argument, NULL,
			                 OPTION_OWN + (int)i };
	}
	return table;
}

static void print_help(const struct program *program)
{
	printf("Usage: %s [OPTION]...\n\n%s\n\n"
	       "  --config FILE  read this configuration\n"
	       "  --check        read the configuration, say \"ok\" and exit\n"
	       "  --keys         print the keys of the configuration\n"
	       "  --version      print the version\n"
	       "  --help         print this\n",
	       program->name, program->help);
	for (size_t i = 0; i < count_own_options(program); i++)
		printf("  %-14s %s\n", program->options[i].name,
		       program->options[i].help);
}

/* True: go on. False: life->status is the exit status. */
static bool take_option(struct life *life, int option)
{
	const struct program *program = life->program;

	switch (option) {
	case OPTION_CONFIG:
		life->file = optarg;
		return true;
	case OPTION_CHECK:
		life->check = true;
		return true;
	case OPTION_KEYS:
		conf_print_keys(program->keys);
		life->status = STATUS_OK;
		return false;
	case OPTION_VERSION:
		printf("%s %s\n", program->name, REWATCH_VERSION);
		life->status = STATUS_OK;
		return false;
	case OPTION_HELP:
		print_help(program);
		life->status = STATUS_OK;
		return false;
	case '?':
		life->status = STATUS_REFUSED;
		return false;
	default:
		program->option(program->options[option - OPTION_OWN].name);
		return true;
	}
}

static bool read_options(struct life *life, int argc, char **argv)
{
	struct option *table = option_table(life->program);
	bool ok = true;
	int option;

	optind = 1;
	while (ok && (option = getopt_long(argc, argv, "", table, NULL)) != -1)
		ok = take_option(life, option);
	free(table);
	if (ok && optind < argc) {
		(void)fprintf(stderr, "%s: unexpected argument '%s'\n", argv[0],
		              argv[optind]);
		life->status = STATUS_REFUSED;
		ok = false;
	}
	if (life->status == STATUS_REFUSED)
		(void)fprintf(stderr, "Try '%s --help'.\n", argv[0]);
	return ok;
}

/* --- configuration --- */

static void setup_log(const struct life *life)
{
	const struct program_settings *s = common_settings(life);

	log_setup(life->program->name, (enum log_format)s->log_format,
	          (enum log_level)s->log_level);
	log_count_repeats(s->log_repeats);
}

static bool load_settings(struct life *life)
{
	const struct program *program = life->program;
	struct error err;

	life->settings = xcalloc(1, program->settings_size);
	if (conf_load(program->keys, life->settings, life->file, &err)) {
		setup_log(life);
		if (program->check == NULL ||
		    program->check(life->settings, &err))
			return true;
		conf_free(program->keys, life->settings);
	}
	(void)fprintf(stderr, "%s: %s\n", program->name, err.message);
	free(life->settings);
	life->settings = NULL;
	life->status = STATUS_REFUSED;
	return false;
}

static void reload(struct life *life)
{
	const struct program *program = life->program;
	struct error err;
	char state[64];
	struct conf_changes changes;

	/* systemd wants the time to tell this reload from an earlier one. */
	(void)snprintf(state, sizeof(state),
	               "RELOADING=1\nMONOTONIC_USEC=%" PRId64, clock_us());
	sd_notify_send(state);
	if (conf_reload(program->keys, life->settings, life->file,
	                program->check, &changes, &err)) {
		setup_log(life);
		if (program->reload != NULL)
			program->reload();
		log_info("configuration reloaded",
		         log_int("changed", changes.taken),
		         log_int("needing_restart", changes.ignored));
	} else {
		log_error("configuration not reloaded, the old one stays",
		          log_str("error", err.message));
	}
	sd_notify_send("READY=1");
}

static void reload_due_cb(evutil_socket_t fd, short what, void *arg)
{
	struct life *life = arg;

	(void)fd;
	(void)what;
	if (life->state != STATE_RUNNING)
		return;
	reload(life);
	life->reloaded_ms = clock_ms();
}

/* At once, or when the second since the last one is over: whoever asks ever so
 * often does not keep the program from its work, and the last to ask is heard. */
static void reload_soon(struct life *life)
{
	const int64_t since = clock_ms() - life->reloaded_ms;
	const int64_t wait = life->reloaded_ms == 0 || since >= RELOAD_EVERY_MS
	                             ? 0
	                             : RELOAD_EVERY_MS - since;
	const struct timeval later = { wait / 1000, wait % 1000 * 1000 };

	if (!event_pending(life->reload, EV_TIMEOUT, NULL))
		ensure(event_add(life->reload, &later) == 0);
}

/* --- the loop --- */

/* The one place that changes the state. */
static void enter(struct life *life, enum state state, const char *why)
{
	static const char *const names[] = { [STATE_RUNNING] = "running",
		                             [STATE_DRAINING] = "draining",
		                             [STATE_ENDED] = "ended" };

	life->state = state;
	log_info("state changed", log_str("state", names[state]),
	         log_str("why", why));
}

static void end(struct life *life, int status, const char *why)
{
	life->status = status;
	enter(life, STATE_ENDED, why);
	(void)event_base_loopbreak(life->base);
}

static void drain_begin(struct life *life)
{
	enter(life, STATE_DRAINING,
	      life->gave_up ? "cannot go on" : "asked to stop");
	sd_notify_send("STOPPING=1");
	life->deadline_ms =
		clock_ms() + common_settings(life)->shutdown_timeout;
	life->program->drain();
	drain_poll(life);
}

static void drain_poll(struct life *life)
{
	const struct timeval soon = { 0, DRAIN_POLL_US };

	if (life->program->drained())
		end(life, life->gave_up ? STATUS_FAILED : STATUS_OK, "drained");
	else if (clock_ms() >= life->deadline_ms)
		end(life, STATUS_FAILED, "not drained in time");
	else
		ensure(event_add(life->step, &soon) == 0);
}

static void step_cb(evutil_socket_t fd, short what, void *arg)
{
	struct life *life = arg;

	(void)fd;
	(void)what;
	switch (life->state) {
	case STATE_RUNNING:
		drain_begin(life);
		break;
	case STATE_DRAINING:
		drain_poll(life);
		break;
	case STATE_ENDED:
		break;
	}
}

static void stop_cb(evutil_socket_t signal_number, short what, void *arg)
{
	struct life *life = arg;

	(void)signal_number;
	(void)what;
	switch (life->state) {
	case STATE_RUNNING:
		drain_begin(life);
		break;
	case STATE_DRAINING:
		end(life, STATUS_FAILED, "asked to stop at once");
		break;
	case STATE_ENDED:
		break;
	}
}

static void quit_cb(evutil_socket_t signal_number, short what, void *arg)
{
	struct life *life = arg;

	(void)signal_number;
	(void)what;
	if (life->state != STATE_ENDED)
		end(life, STATUS_FAILED, "asked to stop at once");
}

static void reload_cb(evutil_socket_t signal_number, short what, void *arg)
{
	struct life *life = arg;

	(void)signal_number;
	(void)what;
	if (life->state == STATE_RUNNING)
		reload_soon(life);
}

static void log_tick_cb(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	log_tick();
}

void program_drain(void)
{
	if (current != NULL && current->state == STATE_RUNNING)
		event_active(current->step, EV_TIMEOUT, 0);
}

void program_give_up(void)
{
	if (current != NULL && current->state == STATE_RUNNING)
		current->gave_up = true;
	program_drain();
}

void program_fail(void)
{
	if (current != NULL && current->state != STATE_ENDED)
		end(current, STATUS_FAILED, "failed");
}

/* --- open and close --- */

/* Of those that would end a program, what nobody here means anything by; a
 * logrotate made for others sends SIGUSR1. */
static void ignore_signals(void)
{
	static const int ignored[] = { SIGPIPE, SIGUSR1, SIGUSR2, SIGALRM,
		                       SIGVTALRM };

	for (size_t i = 0; i < ARRAY_LEN(ignored); i++)
		ensure(signal(ignored[i], SIG_IGN) != SIG_ERR);
}

static void handle_signals(struct life *life)
{
	static const struct {
		int number;
		event_callback_fn callback;
	} handled[SIGNALS] = {
		{ SIGTERM, stop_cb },
		{ SIGINT, stop_cb },
		{ SIGQUIT, quit_cb },
		{ SIGHUP, reload_cb },
	};

	for (int i = 0; i < SIGNALS; i++) {
		life->signals[i] = evsignal_new(life->base, handled[i].number,
		                                handled[i].callback, life);
		ensure(life->signals[i] != NULL);
		ensure(event_add(life->signals[i], NULL) == 0);
	}
}

static void open_loop(struct life *life)
{
	const struct timeval tick = { LOG_TICK_S, 0 };

	loop_log_begin();
	ensure(evthread_use_pthreads() == 0);
	life->base = event_base_new();
	ensure(life->base != NULL);
	handle_signals(life);
	life->step = evtimer_new(life->base, step_cb, life);
	life->reload = evtimer_new(life->base, reload_due_cb, life);
	life->log_tick =
		event_new(life->base, -1, EV_PERSIST, log_tick_cb, NULL);
	ensure(life->step != NULL && life->reload != NULL &&
	       life->log_tick != NULL);
	ensure(event_add(life->log_tick, &tick) == 0);
	current = life;
}

static void close_loop(struct life *life)
{
	current = NULL;
	event_free(life->log_tick);
	event_free(life->reload);
	event_free(life->step);
	for (int i = 0; i < SIGNALS; i++)
		event_free(life->signals[i]);
	event_base_free(life->base);
	metrics_deinit();
	libevent_global_shutdown();
	log_end();
}

static void run(struct life *life)
{
	const struct program *program = life->program;
	struct error err;

	descriptors_raise();
	open_loop(life);
	if (program->start(life->base, life->settings, &err)) {
		enter(life, STATE_RUNNING, "started");
		sd_notify_send("READY=1");
		ensure(event_base_dispatch(life->base) >= 0);
	} else {
		log_error("cannot start", log_str("error", err.message));
	}
	program->stop();
	close_loop(life);
}
