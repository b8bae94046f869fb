/*
 * A line is put together on the stack and leaves with one write(), so lines
 * of several threads do not mix and logging works when memory has run out. A
 * field that no longer fits into the line is left out as a whole. What repeats
 * is counted in a table of constant size (log_repeats.h).
 */
#include "common/base/log.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/log_repeats.h"
#include "common/base/str.h"

#define LINE_MAX_LEN  16384
#define VALUE_MAX_LEN 2000

struct line {
	enum log_format format;
	bool full;
	bool begun; /* has a field */
	size_t len;
	char text[LINE_MAX_LEN];
};

static const struct {
	const char *name;
	const char *priority; /* of the journal: syslog's, sd-daemon(3) */
} levels[] = {
	[LOG_LEVEL_DEBUG] = { "debug", "<7>" },
	[LOG_LEVEL_INFO] = { "info", "<6>" },
	[LOG_LEVEL_WARN] = { "warn", "<4>" },
	[LOG_LEVEL_ERROR] = { "error", "<3>" },
};

static const char *_Atomic program_name;
static _Atomic(enum log_format) current_format = LOG_FORMAT_LOGFMT;
static _Atomic(enum log_level) current_level = LOG_LEVEL_INFO;
static _Atomic int64_t repeats_span_ms;
static _Atomic bool to_journal;

/* Of the table in log_repeats.c. */
static pthread_mutex_t repeats_lock = PTHREAD_MUTEX_INITIALIZER;

/* Is standard error what the variable says the journal's stream is? */
static bool is_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	char own[64];
	struct stat st;

	if (stream == NULL || fstat(STDERR_FILENO, &st) != 0)
		return false;
	(void)snprintf(own, sizeof(own), "%ju:%ju", (uintmax_t)st.st_dev,
	               (uintmax_t)st.st_ino);
	return strcmp(own, stream) == 0;
}

void log_setup(const char *program, enum log_format format,
               enum log_level level)
{
	atomic_store(&program_name, program);
	atomic_store(&current_format, format);
	atomic_store(&current_level, level);
	atomic_store(&to_journal, is_journal());
}

void log_count_repeats(int64_t span_ms)
{
	atomic_store(&repeats_span_ms, span_ms);
}

/* Leaves two bytes for what ends the line. */
static void put(struct line *l, const char *bytes, size_t n)
{
	if (n > sizeof(l->text) - 2 - l->len) {
		l->full = true;
		return;
	}
	memcpy(l->text + l->len, bytes, n);
	l->len += n;
}

static void put_str(struct line *l, const char *s)
{
	put(l, s, strlen(s));
}

/* The code point of an ASCII or C1 control character, otherwise -1. */
static int control_of(const char *p, size_t n)
{
	const unsigned char *c = (const unsigned char *)p;

	if (n == 1 && (c[0] < 0x20 || c[0] == 0x7f))
		return c[0];
	if (n == 2 && c[0] == 0xc2 && c[1] < 0xa0)
		return c[1];
	return -1;
}

static void put_escaped(struct line *l, const char *p, size_t n)
{
	const int control = control_of(p, n);
	char escape[8];

	if (n == 1 && (*p == '"' || *p == '\\')) {
		put(l, "\\", 1);
		put(l, p, 1);
	} else if (control == '\n') {
		put_str(l, "\\n");
	} else if (control == '\t') {
		put_str(l, "\\t");
	} else if (control >= 0) {
		(void)snprintf(escape, sizeof(escape), "\\u%04x",
		               (unsigned)control);
		put_str(l, escape);
	} else {
		put(l, p, n);
	}
}

static void put_quoted(struct line *l, struct str value)
{
	size_t len;

	put(l, "\"", 1);
	for (size_t i = 0; i<value.n; i += len> 0 ? len : 1) {
		const struct str rest = { value.p + i, value.n - i };

		len = str_utf8_len(rest);
		if (len > 0)
			put_escaped(l, rest.p, len);
		else
			put_str(l, "\xef\xbf\xbd");
	}
	put(l, "\"", 1);
}

/* Does logfmt take it without quotes? Only plain ASCII words do. */
static bool is_plain(struct str value)
{
	for (size_t i = 0; i < value.n; i++) {
		const char c = value.p[i];
		if (c <= ' ' || c > '~' || c == '"' || c == '=' || c == '\\')
			return false;
	}
	return value.n > 0;
}

/* At most VALUE_MAX_LEN bytes, not cut within a character. */
static struct str cut_value(const char *s)
{
	size_t n = strnlen(s, VALUE_MAX_LEN + 1);

	if (n > VALUE_MAX_LEN) {
		n = VALUE_MAX_LEN;
		while (n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80)
			n--;
	}
	return (struct str){ s, n };
}

static void put_string(struct line *l, const char *s)
{
	const struct str value = cut_value(s);

	if (l->format == LOG_FORMAT_LOGFMT && is_plain(value))
		put(l, value.p, value.n);
	else
		put_quoted(l, value);
}

static void put_double(struct line *l, double value)
{
	char text[32];

	(void)snprintf(text, sizeof(text), "%.15g", value);
	put_str(l, isfinite(value) ? text : "null");
}

static void put_int(struct line *l, int64_t value)
{
	char text[32];

	(void)snprintf(text, sizeof(text), "%" PRId64, value);
	put_str(l, text);
}

static void put_key(struct line *l, const char *key)
{
	if (l->format == LOG_FORMAT_JSON) {
		put_str(l, l->begun ? ",\"" : "{\"");
		put_str(l, key);
		put_str(l, "\":");
	} else {
		put_str(l, l->begun ? " " : "");
		put_str(l, key);
		put_str(l, "=");
	}
}

static void put_field(struct line *l, const struct log_field *f)
{
	const size_t before = l->len;

	if (f->kind == LOG_FIELD_STR && f->s == NULL)
		return;
	put_key(l, f->key);
	switch (f->kind) {
	case LOG_FIELD_INT:
		put_int(l, f->i);
		break;
	case LOG_FIELD_DBL:
		put_double(l, f->d);
		break;
	case LOG_FIELD_STR:
		put_string(l, f->s);
		break;
	case LOG_FIELD_END:
		break;
	}
	if (l->full)
		l->len = before;
	else
		l->begun = true;
	l->full = false;
}

/* There is nobody to tell when stderr fails. */
static void line_write(struct line *l)
{
	if (l->format == LOG_FORMAT_JSON)
		l->text[l->len++] = '}';
	l->text[l->len++] = '\n';
	while (write(STDERR_FILENO, l->text, l->len) < 0 && errno == EINTR)
		;
}

static void write_event(enum log_level level, const char *event,
                        const struct log_field *fields)
{
	char now[CLOCK_ISO_SIZE];
	struct line l;

	l.format = atomic_load(&current_format);
	l.full = false;
	l.begun = false;
	l.len = 0;
	if (atomic_load(&to_journal))
		put_str(&l, levels[level].priority);
	clock_iso(now, sizeof(now));
	const struct log_field head[] = {
		log_str("time", now),
		log_str("level", levels[level].name),
		log_str("program", atomic_load(&program_name)),
		log_str("event", event),
	};
	for (size_t i = 0; i < ARRAY_LEN(head); i++)
		put_field(&l, &head[i]);
	for (; fields->kind != LOG_FIELD_END; fields++)
		put_field(&l, fields);
	line_write(&l);
}

/* --- repeats --- */

static bool may_repeat(enum log_level level, const struct log_field *first)
{
	return level >= LOG_LEVEL_WARN && first->kind == LOG_FIELD_STR &&
	       first->s != NULL && atomic_load(&repeats_span_ms) > 0 &&
	       atomic_load(&current_level) > LOG_LEVEL_DEBUG;
}

static bool is_repeat(enum log_level level, const char *event,
                      const struct log_field *first)
{
	if (!may_repeat(level, first))
		return false;
	(void)pthread_mutex_lock(&repeats_lock);
	const bool is_first = log_repeats_is_first(
		(int)level, event, first->key, first->s, clock_ms());
	(void)pthread_mutex_unlock(&repeats_lock);
	return !is_first;
}

/* Without the lock while it writes: a reader of the log may be slow. */
static void write_due(int64_t span_ms)
{
	const int64_t now = clock_ms();
	struct log_repeat r;
	bool due = true;

	while (due) {
		(void)pthread_mutex_lock(&repeats_lock);
		due = log_repeats_take_due(now, span_ms, &r);
		(void)pthread_mutex_unlock(&repeats_lock);
		if (due)
			write_event(
				(enum log_level)r.level, r.event,
				LOG_FIELDS(log_str(r.key, r.subject),
			                   log_int("repeated", r.count),
			                   log_int("in_s", (now - r.since_ms +
			                                    500) / 1000)));
	}
}

void log_tick(void)
{
	write_due(atomic_load(&repeats_span_ms));
}

void log_end(void)
{
	write_due(0);
}

void log_write(enum log_level level, const char *event,
               const struct log_field *fields)
{
	const int errno_before = errno;

	if (level >= atomic_load(&current_level) &&
	    !is_repeat(level, event, fields))
		write_event(level, event, fields);
	errno = errno_before;
}
