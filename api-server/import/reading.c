/* What the files of an upload have in common while they are read. */
#include "api-server/import/reading.h"

#include <stdarg.h>
#include <stdio.h>

void reading_init(struct reading *r, struct arena *arena,
                  const struct import_limits *limits,
                  struct upload_problem *problem)
{
	*r = (struct reading){
		.arena = arena,
		.limits = limits,
		.problem = problem,
		.diary = seen_new(),
		.reviews = seen_new(),
	};
}

void reading_deinit(struct reading *r)
{
	seen_free(&r->diary);
	seen_free(&r->reviews);
}

struct csv_limits reading_csv_limits(const struct reading *r)
{
	return (struct csv_limits){
		.field_bytes_max = r->limits->field_bytes_max,
		.record_bytes_max = r->limits->row_bytes_max,
	};
}

bool reading_count_rows(struct reading *r, int64_t more)
{
	r->rows += more;
	if (r->rows <= r->limits->rows_max)
		return true;
	return upload_problem_set(r->problem, UPLOAD_TOO_MANY_ROWS,
	                          "The upload has more than %lld rows; upload "
	                          "its files one by one",
	                          (long long)r->limits->rows_max);
}

bool reading_fail(const struct reading *r, const char *path, const char *fmt,
                  ...)
{
	va_list args;

	r->problem->type = UPLOAD_UNREADABLE_CSV;
	va_start(args, fmt);
	(void)vsnprintf(r->problem->error.message,
	                sizeof(r->problem->error.message), fmt, args);
	va_end(args);
	return error_prefix(&r->problem->error, "%.200s", path);
}

bool reading_fail_unclosed(const struct reading *r, const char *path, int line)
{
	return reading_fail(r, path,
	                    "unclosed quote that began on line %d: the rows "
	                    "behind it cannot be told apart; close the quote, "
	                    "or download the export again",
	                    line);
}
