/* What the files of an upload have in common while they are read. */
#include "api-server/import/reading.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Of a path before a message. */
#define PATH_BYTES_MAX 200
/* Reasons of one file that are told apart. */
#define CAUSES_MAX 32

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
	return error_prefix(&r->problem->error, "%.*s", PATH_BYTES_MAX, path);
}

bool reading_fail_unclosed(const struct reading *r, const char *path, int line)
{
	return reading_fail(r, path,
	                    "unclosed quote that began on line %d: the rows "
	                    "behind it cannot be told apart; close the quote, "
	                    "or download the export again",
	                    line);
}

/* --- a file of which nothing is taken --- */

/* Leaves the file as it is in the library. */
static void set_reason(struct import_file *file, const char *reason)
{
	file->reason = reason;
	file->rows = NULL;
	file->count = 0;
	file->unread = 0;
}

bool reading_give_up(const struct reading *r, struct import_file *file)
{
	const size_t prefix =
		strnlen(file->path, PATH_BYTES_MAX) + strlen(": ");

	if (r->problem->type != UPLOAD_UNREADABLE_CSV)
		return false;
	set_reason(file,
	           arena_strdup(r->arena, r->problem->error.message + prefix));
	return true;
}

/* Behind a number, or behind what a reason quotes of its row. */
static const char *skip_value(const char *p)
{
	return *p == '"' ? strrchr(p, '"') + 1 : p + strspn(p, "0123456789");
}

/* Whether two reasons say the same of other values. */
static bool is_same_cause(const char *a, const char *b)
{
	for (;; a++, b++) {
		a = skip_value(a);
		b = skip_value(b);
		if (*a != *b)
			return false;
		if (*a == '\0')
			return true;
	}
}

struct cause {
	const struct import_row *first;
	size_t rows;
};

/* Of a file that has rejected rows. */
static struct cause commonest_cause(const struct import_file *file)
{
	struct cause causes[CAUSES_MAX] = { 0 };
	size_t best = 0;

	for (size_t i = 0; i < file->count; i++) {
		const struct import_row *row = &file->rows[i];
		size_t c = 0;

		while (c < CAUSES_MAX && causes[c].rows > 0 &&
		       !is_same_cause(causes[c].first->reason, row->reason))
			c++;
		if (c == CAUSES_MAX)
			continue;
		if (causes[c].rows++ == 0)
			causes[c].first = row;
		if (causes[c].rows > causes[best].rows)
			best = c;
	}
	return causes[best];
}

/* Why nothing of the file could be read; NULL when something could, or when
 * nothing is in it. */
static const char *why_nothing(struct arena *arena,
                               const struct import_file *file)
{
	if (file->reason != NULL || file->count == 0 ||
	    file->unread < file->count)
		return file->reason;

	const struct cause cause = commonest_cause(file);
	if (file->count == 1)
		return arena_printf(arena, "its one row could not be read: %s",
		                    cause.first->reason);
	return arena_printf(arena,
	                    "none of its %zu rows could be read; %zu of them "
	                    "like line %d: %s",
	                    file->count, cause.rows, cause.first->line,
	                    cause.first->reason);
}

/* No other file of the upload is read. */
static bool is_alone(const struct reading *r, const struct import_file *file)
{
	for (size_t i = 0; i < r->set->count; i++) {
		const struct import_file *other = &r->set->files[i];

		if (other != file && other->kind != IMPORT_UNREAD)
			return false;
	}
	return true;
}

bool reading_check_file(const struct reading *r, struct import_file *file)
{
	const char *reason = why_nothing(r->arena, file);

	if (reason == NULL || file->kind == IMPORT_UNREAD ||
	    (file->kind == IMPORT_PROFILE && !is_alone(r, file)))
		return true;
	if (file->kind != IMPORT_LIST || is_alone(r, file))
		return reading_fail(r, file->path, "%s", reason);
	set_reason(file, reason);
	return true;
}
