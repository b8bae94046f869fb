#ifndef COMMON_PROCESS_PROGRAM_H
#define COMMON_PROCESS_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/attr.h"
#include "common/base/error.h"
#include "common/conf/conf.h"

struct event_base;

/*
 * The one life cycle of both programs:
 *
 *	options -> configuration -> log -> start() -> loop
 *	  SIGTERM or SIGINT: drain(), then the loop ends as soon as drained()
 *	    or after shutdown_timeout; a second one ends it at once, as does
 *	    SIGQUIT
 *	  SIGHUP: conf_reload(), then reload(); once a second at most, those
 *	    that come meanwhile are one, at the end of the second
 *	-> stop() -> exit
 *
 * Options of every program: --config FILE, --check (read the configuration,
 * check() it, say "ok", exit), --keys (print the configuration keys),
 * --version, --help. Exit status: 0 after a drain, 1 when it could not start or
 * was cut short, 2 for wrong options or configuration. SIGPIPE, SIGUSR1,
 * SIGUSR2, SIGALRM and SIGVTALRM are ignored.
 *
 * With NOTIFY_SOCKET set (systemd Type=notify) READY=1, RELOADING=1 and
 * STOPPING=1 are sent.
 */
struct program {
	const char *name;            /* "api-server" */
	const char *help;            /* a paragraph for --help */
	const struct conf_key *keys; /* the program's own and PROGRAM_KEYS */
	size_t settings_size;
	/* Offset in settings of the struct program_settings. */
	size_t common_offset;
	/* What no single key can say, like one being less than another. Asked
	 * with the configuration just read; false: err says why, exit status 2,
	 * or after SIGHUP the old one stays. May be NULL. */
	conf_check *check;

	/* Starts everything on base. False: err says why, exit status 1. */
	bool (*start)(struct event_base *base, void *settings,
	              struct error *err);
	/* Accept and claim nothing new. Called once. */
	void (*drain)(void);
	/* Nothing is in flight any more? Asked every 20 ms after drain(). */
	bool (*drained)(void);
	/* Release everything; also after a failed start(). */
	void (*stop)(void);
	/* Reloadable settings have changed. May be NULL. */
	void (*reload)(void);
	/* Program-specific flags; the last has no name. May be NULL. option()
	 * is called for each one given, before start(). */
	const struct program_option *options;
	void (*option)(const char *name);
};

struct program_option {
	const char *name; /* "--once" */
	const char *help; /* a line behind it */
};

struct program_settings {
	int log_format;           /* enum log_format */
	int log_level;            /* enum log_level */
	int64_t log_repeats;      /* ms, see log_count_repeats() */
	int64_t shutdown_timeout; /* ms */
};

/* The rows for struct program_settings at member m of struct s. */
#define PROGRAM_KEYS(s, m)                                                     \
	{ .path = "log.format",                                                \
	  .type = CONF_CHOICE,                                                 \
	  .offset = offsetof(s, m) +                                           \
		    offsetof(struct program_settings, log_format),             \
	  .def = "logfmt",                                                     \
	  .choices = program_log_formats,                                      \
	  .env = "REWATCH_LOG_FORMAT" },                                       \
		{ .path = "log.level",                                         \
		  .type = CONF_CHOICE,                                         \
		  .offset = offsetof(s, m) +                                   \
		            offsetof(struct program_settings, log_level),      \
		  .def = "info",                                               \
		  .choices = program_log_levels,                               \
		  .env = "REWATCH_LOG_LEVEL",                                  \
		  .reloadable = true },                                        \
		{ .path = "log.repeats",                                       \
		  .type = CONF_DURATION,                                       \
		  .offset = offsetof(s, m) +                                   \
		            offsetof(struct program_settings, log_repeats),    \
		  .def = "1m",                                                 \
		  .env = "REWATCH_LOG_REPEATS",                                \
		  .min = 0,                                                    \
		  .max = 3600000,                                              \
		  .reloadable = true },                                        \
	{                                                                      \
		.path = "shutdown.timeout", .type = CONF_DURATION,             \
		.offset = offsetof(s, m) +                                     \
		          offsetof(struct program_settings, shutdown_timeout), \
		.def = "10s", .min = 0, .max = 600000, .reloadable = true      \
	}

extern const char *const program_log_formats[];
extern const char *const program_log_levels[];

int program_main(const struct program *program, int argc, char **argv);
/* Ends the loop as a SIGTERM would (for --once). */
void program_drain(void);
/* The same, but the exit status is 1: the work cannot be done. Has been logged.
 */
void program_give_up(void);
/* Ends the loop at once, with exit status 1. Has been logged. */
void program_fail(void);

#endif
