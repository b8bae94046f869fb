#ifndef COMMON_BASE_LOG_H
#define COMMON_BASE_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/attr.h"

/*
 * One line an event to stderr, logfmt or JSON:
 *
 *	log_info("import committed", log_int("import", id), log_str("file", f));
 *
 * gives one line,
 *
 *	time=2026-11-23T03:04:05.678Z level=info
 *		event="import committed" import=7 file=a.zip
 *
 * The event is a constant phrase; what varies goes into fields. At least one
 * field. A string field may be NULL (left out); control characters are
 * escaped, values over 2,000 bytes are cut. Usable from every thread. Secrets
 * are never passed in.
 *
 * A warning or an error whose first field is a text is about that text (the
 * reason mostly, so put it there): the first is written at once, those that
 * repeat it within the span of log_count_repeats() are counted, and log_tick()
 * writes one line
 *
 *	time=... level=warn event="accept failed" error="Too many open files"
 *		repeated=1234 in_s=60
 *
 * One whose first field is a number is about a thing of its own (a film), and
 * is always written, as is everything below a warning, or while the level is
 * debug.
 *
 * When standard error is the journal (JOURNAL_STREAM), a line begins with the
 * level in its terms ("<4>"), which it takes off.
 */
enum log_level {
	LOG_LEVEL_DEBUG,
	LOG_LEVEL_INFO,
	LOG_LEVEL_WARN,
	LOG_LEVEL_ERROR
};

enum log_format {
	LOG_FORMAT_LOGFMT,
	LOG_FORMAT_JSON
};

enum log_field_kind {
	LOG_FIELD_END,
	LOG_FIELD_INT,
	LOG_FIELD_DBL,
	LOG_FIELD_STR
};

struct log_field {
	enum log_field_kind kind;
	const char *key;
	int64_t i;
	double d;
	const char *s;
};

static inline struct log_field log_int(const char *key, int64_t value)
{
	return (struct log_field){ LOG_FIELD_INT, key, value, 0, 0 };
}

static inline struct log_field log_dbl(const char *key, double value)
{
	return (struct log_field){ LOG_FIELD_DBL, key, 0, value, 0 };
}

static inline struct log_field log_str(const char *key, const char *value)
{
	return (struct log_field){ LOG_FIELD_STR, key, 0, 0, value };
}

#define LOG_FIELDS(...)                                                        \
	((const struct log_field[]){ __VA_ARGS__,                              \
	                             { LOG_FIELD_END, 0, 0, 0, 0 } })
#define log_debug(event, ...)                                                  \
	log_write(LOG_LEVEL_DEBUG, event, LOG_FIELDS(__VA_ARGS__))
#define log_info(event, ...)                                                   \
	log_write(LOG_LEVEL_INFO, event, LOG_FIELDS(__VA_ARGS__))
#define log_warn(event, ...)                                                   \
	log_write(LOG_LEVEL_WARN, event, LOG_FIELDS(__VA_ARGS__))
#define log_error(event, ...)                                                  \
	log_write(LOG_LEVEL_ERROR, event, LOG_FIELDS(__VA_ARGS__))

void log_write(enum log_level level, const char *event,
               const struct log_field *fields);
/* Until set: logfmt, info. program is added to every line ("program="). */
void log_setup(const char *program, enum log_format format,
               enum log_level level);
/* Within span_ms equal warnings are one line; 0, as until set: each is one. */
void log_count_repeats(int64_t span_ms);
/* Writes the counts of repeats whose time has come. Call it every second. */
void log_tick(void);
/* Writes all counts, before the program ends. */
void log_end(void);

#endif
