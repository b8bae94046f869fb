/* common/base/log: the two formats, levels, escaping, cutting, threads, what
 * repeats, the journal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/log.h"

#define TEXT_MAX 65536

static char text[TEXT_MAX];
static int real_stderr;
static int captured[2];

static void capture_begin(void)
{
	assert_int_equal(pipe2(captured, O_CLOEXEC), 0);
	real_stderr = dup(STDERR_FILENO);
	assert_true(dup2(captured[1], STDERR_FILENO) >= 0);
}

/* The content of a pipe is at most 64 KiB: nothing here writes more. */
static const char *capture_end(void)
{
	size_t len = 0;
	ssize_t got;

	assert_true(dup2(real_stderr, STDERR_FILENO) >= 0);
	(void)close(real_stderr);
	(void)close(captured[1]);
	while ((got = read(captured[0], text + len, TEXT_MAX - 1 - len)) > 0)
		len += (size_t)got;
	(void)close(captured[0]);
	text[len] = '\0';
	return text;
}

/* The line without its time, whose shape is checked. */
static const char *behind_time(const char *line, const char *before)
{
	static const char shape[] = "dddd-dd-ddTdd:dd:dd.dddZ";
	const size_t n = strlen(before);

	assert_memory_equal(line, before, n);
	for (size_t i = 0; shape[i] != '\0'; i++) {
		if (shape[i] == 'd')
			assert_in_range(line[n + i], '0', '9');
		else
			assert_int_equal(line[n + i], shape[i]);
	}
	return line + n + strlen(shape);
}

static void writes_logfmt(void **state)
{
	(void)state;
	log_setup(NULL, LOG_FORMAT_LOGFMT, LOG_LEVEL_INFO);
	capture_begin();
	log_info("import committed", log_int("import", -7),
	         log_str("file", "a.zip"), log_dbl("share", 0.25),
	         log_str("absent", NULL));
	assert_string_equal(behind_time(capture_end(), "time="),
	                    " level=info event=\"import committed\" "
	                    "import=-7 file=a.zip share=0.25\n");
}

static void writes_json(void **state)
{
	(void)state;
	log_setup("api-server", LOG_FORMAT_JSON, LOG_LEVEL_INFO);
	capture_begin();
	log_error("import committed", log_int("import", INT64_MIN),
	          log_str("file", "a.zip"), log_dbl("share", HUGE_VAL),
	          log_str("absent", NULL));
	assert_string_equal(behind_time(capture_end(), "{\"time\":\""),
	                    "\",\"level\":\"error\","
	                    "\"program\":\"api-server\","
	                    "\"event\":\"import committed\","
	                    "\"import\":-9223372036854775808,"
	                    "\"file\":\"a.zip\",\"share\":null}\n");
}

static void keeps_the_level(void **state)
{
	static const struct {
		enum log_level level;
		const char *lines;
	} rows[] = {
		{ LOG_LEVEL_DEBUG, "diwe" },
		{ LOG_LEVEL_INFO, "iwe" },
		{ LOG_LEVEL_WARN, "we" },
		{ LOG_LEVEL_ERROR, "e" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char lines[8] = "";
		size_t n = 0;

		log_setup(NULL, LOG_FORMAT_LOGFMT, rows[i].level);
		capture_begin();
		log_debug("x", log_int("n", 1));
		log_info("x", log_int("n", 1));
		log_warn("x", log_int("n", 1));
		log_error("x", log_int("n", 1));
		for (const char *p = capture_end();
		     (p = strstr(p, "level=")) != NULL; p++)
			lines[n++] = p[strlen("level=")];
		assert_string_equal(lines, rows[i].lines);
	}
}

static void escapes(void **state)
{
	static const struct {
		const char *value, *logfmt, *json;
	} rows[] = {
		{ "", "\"\"", "\"\"" },
		{ "a/b:c", "a/b:c", "\"a/b:c\"" },
		{ "a b", "\"a b\"", "\"a b\"" },
		{ "a=b", "\"a=b\"", "\"a=b\"" },
		{ "a\"b\\", "\"a\\\"b\\\\\"", "\"a\\\"b\\\\\"" },
		{ "a\nlevel=error", "\"a\\nlevel=error\"",
		  "\"a\\nlevel=error\"" },
		{ "\t\r\x1b[31m\x7f", "\"\\t\\u000d\\u001b[31m\\u007f\"",
		  "\"\\t\\u000d\\u001b[31m\\u007f\"" },
		{ "\xc2\x9b", "\"\\u009b\"", "\"\\u009b\"" },
		{ "Am\xc3\xa9lie", "\"Am\xc3\xa9lie\"", "\"Am\xc3\xa9lie\"" },
		{ "Am\xe9lie", "\"Am\xef\xbf\xbdlie\"",
		  "\"Am\xef\xbf\xbdlie\"" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char expected[128];

		log_setup(NULL, LOG_FORMAT_LOGFMT, LOG_LEVEL_INFO);
		capture_begin();
		log_info("x", log_str("v", rows[i].value));
		(void)snprintf(expected, sizeof(expected),
		               " level=info event=x v=%s\n", rows[i].logfmt);
		assert_string_equal(behind_time(capture_end(), "time="),
		                    expected);

		log_setup(NULL, LOG_FORMAT_JSON, LOG_LEVEL_INFO);
		capture_begin();
		log_info("x", log_str("v", rows[i].value));
		(void)snprintf(
			expected, sizeof(expected),
			"\",\"level\":\"info\",\"event\":\"x\",\"v\":%s}\n",
			rows[i].json);
		assert_string_equal(behind_time(capture_end(), "{\"time\":\""),
		                    expected);
	}
}

/* 1,999 bytes and a letter of two bytes: that letter goes as a whole. */
static void cuts_long_values(void **state)
{
	char value[3000];

	(void)state;
	memset(value, 'a', sizeof(value));
	memcpy(value + 1999, "\xc3\xa9", 2);
	value[sizeof(value) - 1] = '\0';
	log_setup(NULL, LOG_FORMAT_LOGFMT, LOG_LEVEL_INFO);
	capture_begin();
	log_info("x", log_str("v", value), log_int("next", 1));
	const char *got = strstr(capture_end(), " v=");
	assert_non_null(got);
	assert_int_equal(strspn(got + 3, "a"), 1999);
	assert_string_equal(got + 3 + 1999, " next=1\n");
}

/* Fields of 2,000 control characters, each of which takes six bytes. */
static void leaves_out_what_does_not_fit(void **state)
{
	char value[2001];

	(void)state;
	memset(value, 1, sizeof(value) - 1);
	value[sizeof(value) - 1] = '\0';
	log_setup(NULL, LOG_FORMAT_JSON, LOG_LEVEL_INFO);
	capture_begin();
	log_info("x", log_str("a", value), log_str("b", value),
	         log_int("c", 3));
	const char *line = capture_end();
	assert_non_null(strstr(line, ",\"a\":\"\\u0001"));
	assert_null(strstr(line, ",\"b\":"));
	assert_non_null(strstr(line, "\\u0001\",\"c\":3}\n"));
}

static void *write_lines(void *arg)
{
	for (int i = 0; i < 100; i++)
		log_info("x", log_str("v", arg), log_str("w", "end"));
	return NULL;
}

static void lines_of_threads_stay_whole(void **state)
{
	static char first[] = "first";
	static char second[] = "second";
	pthread_t threads[2];
	int lines = 0;

	(void)state;
	log_setup(NULL, LOG_FORMAT_LOGFMT, LOG_LEVEL_INFO);
	capture_begin();
	assert_int_equal(pthread_create(&threads[0], NULL, write_lines, first),
	                 0);
	assert_int_equal(pthread_create(&threads[1], NULL, write_lines, second),
	                 0);
	(void)pthread_join(threads[0], NULL);
	(void)pthread_join(threads[1], NULL);
	for (const char *p = capture_end(); *p != '\0'; lines++) {
		p = behind_time(p, "time=");
		const char *end = strchr(p, '\n');
		assert_non_null(end);
		assert_true(strncmp(p, " level=info event=x v=first w=end\n",
		                    (size_t)(end + 1 - p)) == 0 ||
		            strncmp(p, " level=info event=x v=second w=end\n",
		                    (size_t)(end + 1 - p)) == 0);
		p = end + 1;
	}
	assert_int_equal(lines, 200);
}

static void keeps_errno(void **state)
{
	(void)state;
	capture_begin();
	errno = ENOENT;
	log_error("x", log_int("n", 1));
	const int after = errno;
	(void)capture_end();
	assert_int_equal(after, ENOENT);
}

/* --- repeats --- */

static int lines_in(const char *all)
{
	int lines = 0;

	for (; (all = strchr(all, '\n')) != NULL; all++)
		lines++;
	return lines;
}

#define SPAN_MS 30

static void repeats_begin(enum log_level level)
{
	log_setup(NULL, LOG_FORMAT_LOGFMT, level);
	log_count_repeats(SPAN_MS);
	capture_begin();
}

static const char *repeats_end(void)
{
	const char *all = capture_end();

	log_count_repeats(0);
	return all;
}

static void wait_span(void)
{
	(void)usleep((SPAN_MS + 5) * 1000);
	log_tick();
}

/* 100,000 of one and 1,000 of another: two lines at once, two counts after. */
static void counts_repeats(void **state)
{
	(void)state;
	repeats_begin(LOG_LEVEL_INFO);
	log_count_repeats(3600000);
	for (int i = 0; i < 100000; i++)
		log_warn("accept failed", log_str("error", "too many"));
	for (int i = 0; i < 1000; i++)
		log_error("accept failed", log_str("error", "no memory"));
	log_tick();
	log_end();
	const char *all = repeats_end();

	assert_int_equal(lines_in(all), 4);
	assert_non_null(strstr(all, " level=warn event=\"accept failed\" "
	                            "error=\"too many\" repeated=99999 "
	                            "in_s=0\n"));
	assert_non_null(strstr(all, " level=error event=\"accept failed\" "
	                            "error=\"no memory\" repeated=999 "
	                            "in_s=0\n"));
}

/* Each span has one line, and what comes after a quiet one is new. */
static void writes_a_line_a_span(void **state)
{
	(void)state;
	repeats_begin(LOG_LEVEL_INFO);
	for (int span = 0; span < 3; span++) {
		log_warn("x", log_str("why", "a"));
		log_warn("x", log_str("why", "a"));
		wait_span();
	}
	assert_int_equal(lines_in(repeats_end()), 4);

	repeats_begin(LOG_LEVEL_INFO);
	wait_span();
	wait_span();
	log_warn("x", log_str("why", "a"));
	assert_int_equal(lines_in(repeats_end()), 1);
	log_end();
}

static void counts_nothing_else(void **state)
{
	(void)state;
	repeats_begin(LOG_LEVEL_INFO);
	for (int i = 0; i < 3; i++) {
		log_info("done", log_str("film", "a"));
		log_warn("job failed", log_int("film", 7));
		log_warn("no text", log_str("why", NULL));
	}
	assert_int_equal(lines_in(repeats_end()), 9);

	repeats_begin(LOG_LEVEL_DEBUG);
	for (int i = 0; i < 3; i++)
		log_warn("x", log_str("why", "b"));
	assert_int_equal(lines_in(repeats_end()), 3);

	log_setup(NULL, LOG_FORMAT_LOGFMT, LOG_LEVEL_INFO);
	capture_begin();
	for (int i = 0; i < 3; i++)
		log_warn("x", log_str("why", "c"));
	assert_int_equal(lines_in(capture_end()), 3);
}

/* --- the journal --- */

static void marks_levels_for_the_journal(void **state)
{
	char stream[64];
	struct stat st;

	(void)state;
	capture_begin();
	assert_int_equal(fstat(STDERR_FILENO, &st), 0);
	(void)snprintf(stream, sizeof(stream), "%ju:%ju", (uintmax_t)st.st_dev,
	               (uintmax_t)st.st_ino);
	assert_int_equal(setenv("JOURNAL_STREAM", stream, 1), 0);
	log_setup(NULL, LOG_FORMAT_LOGFMT, LOG_LEVEL_INFO);
	log_info("x", log_int("n", 1));
	log_warn("x", log_int("n", 1));
	log_setup(NULL, LOG_FORMAT_JSON, LOG_LEVEL_INFO);
	log_error("x", log_int("n", 1));
	/* Of a parent whose standard error went elsewhere. */
	assert_int_equal(setenv("JOURNAL_STREAM", "1:1", 1), 0);
	log_setup(NULL, LOG_FORMAT_LOGFMT, LOG_LEVEL_INFO);
	log_info("y", log_int("n", 1));
	assert_int_equal(unsetenv("JOURNAL_STREAM"), 0);

	const char *line = behind_time(capture_end(), "<6>time=");
	line = behind_time(strchr(line, '\n') + 1, "<4>time=");
	line = behind_time(strchr(line, '\n') + 1, "<3>{\"time\":\"");
	line = behind_time(strchr(line, '\n') + 1, "time=");
	assert_string_equal(line, " level=info event=y n=1\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_logfmt),
		cmocka_unit_test(writes_json),
		cmocka_unit_test(keeps_the_level),
		cmocka_unit_test(escapes),
		cmocka_unit_test(cuts_long_values),
		cmocka_unit_test(leaves_out_what_does_not_fit),
		cmocka_unit_test(lines_of_threads_stay_whole),
		cmocka_unit_test(keeps_errno),
		cmocka_unit_test(counts_repeats),
		cmocka_unit_test(writes_a_line_a_span),
		cmocka_unit_test(counts_nothing_else),
		cmocka_unit_test(marks_levels_for_the_journal),
	};

	return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
