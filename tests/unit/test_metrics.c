/* common/process/metrics: the text format, labels and their bound, histograms.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/base/attr.h"
#include "common/process/metrics.h"

static double forty_two(void)
{
	return 42.5;
}

static struct metric done = { .kind = METRIC_COUNTER,
	                      .name = "t_done_total",
	                      .help = "Jobs \\ finished\nall." };
static struct metric depth = { .kind = METRIC_GAUGE,
	                       .name = "t_depth",
	                       .help = "Depth." };
static struct metric computed = { .kind = METRIC_GAUGE,
	                          .name = "t_computed",
	                          .help = "Computed.",
	                          .read = forty_two };
static struct metric calls = { .kind = METRIC_COUNTER,
	                       .name = "t_calls_total",
	                       .help = "Calls.",
	                       .label = "status" };
static struct metric seconds = { .kind = METRIC_HISTOGRAM,
	                         .name = "t_seconds",
	                         .help = "Seconds." };

static struct buf out;

static int begin(void **state)
{
	struct metric *const all[] = { &done, &depth, &computed, &calls,
		                       &seconds };

	(void)state;
	buf_init(&out, 1U << 20);
	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		metric_register(all[i]);
	metric_register(&done);
	return 0;
}

static int end(void **state)
{
	(void)state;
	metrics_deinit();
	buf_deinit(&out);
	return 0;
}

/* Ours come first and in order; those of the process behind them. */
static void assert_begins(const char *expected)
{
	buf_reset(&out);
	metrics_write(&out);
	assert_false(buf_overflowed(&out));
	assert_true(strlen(expected) < out.len);
	out.data[strlen(expected)] = '\0';
	assert_string_equal(out.data, expected);
}

#define HEAD(name, help, type)                                                 \
	"# HELP " name " " help "\n# TYPE " name " " type "\n"

static void writes_all(void **state)
{
	(void)state;
	metric_add(&done, 1);
	metric_add(&done, 1234567890);
	metric_set(&depth, 3);
	metric_set(&depth, -0.5);
	metric_add_label(&calls, "200", 1);
	metric_add_label(&calls, "a\"b\\c\nd", 2);
	metric_add_label(&calls, "200", 1);
	/* On a bound, below the first, above the last. */
	metric_observe(&seconds, 0.005);
	metric_observe(&seconds, 0.0005);
	metric_observe(&seconds, 0.2);
	metric_observe(&seconds, 100);
	assert_begins(HEAD("t_done_total", "Jobs \\\\ finished\\nall.", "counter") "t_done_total 1234567891\n" HEAD("t_depth", "Depth.", "gauge") "t_depth -0.5\n" HEAD(
		"t_computed", "Computed.",
		"gauge") "t_computed 42.5\n" HEAD("t_calls_total", "Calls.",
	                                          "counter") "t_calls_total{status=\"200\"} 2\n"
	                                                     "t_calls_total{status=\"a\\\"b\\\\c\\nd\"} 2\n" HEAD(
								     "t_seconds",
								     "Seconds.",
								     "histogram") "t_seconds_bucket{le=\"0.001\"} 1\n"
	                                                                          "t_seconds_bucket{le=\"0.0025\"} 1\n"
	                                                                          "t_seconds_bucket{le=\"0.005\"} 2\n"
	                                                                          "t_seconds_bucket{le=\"0.01\"} 2\n"
	                                                                          "t_seconds_bucket{le=\"0.025\"} 2\n"
	                                                                          "t_seconds_bucket{le=\"0.1\"} 2\n"
	                                                                          "t_seconds_bucket{le=\"0.25\"} 3\n"
	                                                                          "t_seconds_bucket{le=\"1\"} 3\n"
	                                                                          "t_seconds_bucket{le=\"2.5\"} 3\n"
	                                                                          "t_seconds_bucket{le=\"10\"} 3\n"
	                                                                          "t_seconds_bucket{le=\"30\"} 3\n"
	                                                                          "t_seconds_bucket{le=\"60\"} 3\n"
	                                                                          "t_seconds_bucket{le=\"+Inf\"} 4\n"
	                                                                          "t_seconds_sum 100.2055\n"
	                                                                          "t_seconds_count 4\n");
}

/* Before anything happened: a zero can be alerted on, an absence cannot. */
static void starts_at_zero(void **state)
{
	(void)state;
	assert_begins(
		HEAD("t_done_total", "Jobs \\\\ finished\\nall.",
	             "counter") "t_done_total 0\n" HEAD("t_depth", "Depth.",
	                                                "gauge") "t_depth 0\n");
	assert_true(metric_value(&calls) == 0);
}

static double value_of(const char *name);

/* Of the queue, while nobody can ask how long it is. */
static void leaves_out_what_is_not_known(void **state)
{
	static struct metric jobs = { .kind = METRIC_GAUGE,
		                      .name = "t_jobs",
		                      .help = "Jobs.",
		                      .unknown = true };

	(void)state;
	metric_register(&jobs);
	for (int i = 0; i < 2; i++) {
		buf_reset(&out);
		metrics_write(&out);
		assert_non_null(strstr(out.data, "# TYPE t_jobs gauge\n"));
		assert_null(strstr(out.data, "\nt_jobs "));
		metric_set(&jobs, 3);
		buf_reset(&out);
		metrics_write(&out);
		assert_true(value_of("\nt_jobs ") == 3);
		metric_forget(&jobs);
	}
}

static void bounds_its_labels(void **state)
{
	char label[8];
	int lines = 0;

	(void)state;
	for (int i = 0; i < METRIC_LABELS_MAX + 10; i++) {
		(void)snprintf(label, sizeof(label), "l%d", i);
		metric_add_label(&calls, label, 1);
	}
	metric_set_label(&calls, "l3", 5);
	buf_reset(&out);
	metrics_write(&out);
	for (const char *p = out.data;
	     (p = strstr(p, "\nt_calls_total{")) != NULL; p++)
		lines++;
	assert_int_equal(lines, METRIC_LABELS_MAX + 1);
	assert_non_null(strstr(out.data, "{status=\"l63\"} 1\n"));
	assert_null(strstr(out.data, "{status=\"l64\"}"));
	assert_non_null(strstr(out.data, "{status=\"other\"} 10\n"));
	assert_non_null(strstr(out.data, "{status=\"l3\"} 5\n"));
}

static void gives_values(void **state)
{
	(void)state;
	metric_add(&done, 2);
	metric_add_label(&calls, "200", 3);
	metric_add_label(&calls, "404", 4);
	metric_observe(&seconds, 0.25);
	metric_observe(&seconds, 0.5);
	assert_true(metric_value(&done) == 2);
	assert_true(metric_value(&calls) == 7);
	assert_true(metric_value(&computed) == 42.5);
	assert_true(metric_value(&seconds) == 0.75);
}

static double value_of(const char *name)
{
	const char *p = strstr(out.data, name);

	assert_non_null(p);
	return strtod(p + strlen(name), NULL);
}

static void knows_the_process(void **state)
{
	const double now = (double)time(NULL);

	(void)state;
	buf_reset(&out);
	metrics_write(&out);
	assert_true(value_of("\nprocess_resident_memory_bytes ") > 1e6);
	assert_true(value_of("\nprocess_resident_memory_bytes ") < 1e12);
	assert_true(value_of("\nprocess_open_fds ") >= 3);
	assert_true(value_of("\nprocess_max_fds ") >= 3);
	assert_true(value_of("\nprocess_cpu_seconds_total ") >= 0);
	assert_true(value_of("\nrewatch_build_info{version=\"" REWATCH_VERSION
	                     "\"} ") == 1);
	assert_true(value_of("\nprocess_start_time_seconds ") <= now + 1);
	assert_true(value_of("\nprocess_start_time_seconds ") > now - 600);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(writes_all, begin, end),
		cmocka_unit_test_setup_teardown(starts_at_zero, begin, end),
		cmocka_unit_test_setup_teardown(leaves_out_what_is_not_known,
		                                begin, end),
		cmocka_unit_test_setup_teardown(bounds_its_labels, begin, end),
		cmocka_unit_test_setup_teardown(gives_values, begin, end),
		cmocka_unit_test_setup_teardown(knows_the_process, begin, end),
	};

	return cmocka_run_group_tests_name("metrics", tests, NULL, NULL);
}
