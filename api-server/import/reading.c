/* What the files of an upload have in common while they are read. */
#include "api-server/import/reading.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "api-server/import/causes.h"

/* Rows that are handed over at once, and the bytes of their text. */
#define HELD_ROWS_MAX  1000
#define HELD_BYTES_MAX ((size_t)1024 * 1024)

/* Of a path before a message. */
#define PATH_BYTES_MAX 200

void reading_init(struct reading *r, struct arena *arena,
                  const struct import_limits *limits,
                  struct upload_problem *problem)
{
	*r = (struct reading){
		.arena = arena,
		.row_arena = arena,
		.limits = limits,
		.problem = problem,
		.diary = seen_new(arena),
		.reviews = seen_new(arena),
	};
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

bool reading_check_memory(const struct reading *r, const char *path)
{
	return !arena_overflowed(r->arena) ||
	       upload_problem_memory(r->problem, r->limits, path);
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

void reading_hand_over(struct reading *r, struct import_file *file, bool all)
{
	const struct arena_mark nothing = { 0 };

	if (r->taker == NULL || (!all && file->held < HELD_ROWS_MAX &&
	                         r->held_bytes < HELD_BYTES_MAX))
		return;
	if (file->held > 0) {
		r->taker->take(r->taker->arg, file, file->rows, file->held);
		file->handed_over = true;
	}
	file->rows = NULL;
	file->held = 0;
	file->capacity = 0;
	r->held_bytes = 0;
	arena_release(r->row_arena, nothing);
}

/* --- a file of which nothing is taken --- */

/* Leaves the file as it is in the library. */
static void set_reason(struct import_file *file, const char *reason)
{
	file->reason = reason;
	file->kept = 0;
	file->held = 0;
	file->count = 0;
	file->unread = 0;
	file->stand_in.line = 0;
	file->cause_count = 0;
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

static bool is_illegible(const struct import_file *file)
{
	if (file->count < READING_MANY_ROWS)
		return file->count > 0 && file->unread == file->count;
	return file->unread * 100 > file->count * 99;
}

/* "none of its 7 rows", "only 3 of its first 10000 rows" */
static const char *how_many(struct arena *arena, const struct import_file *file,
                            const char *first)
{
	const size_t read = file->count - file->unread;

	return read == 0 ? arena_printf(arena, "none of its %s%zu rows", first,
	                                file->count)
	                 : arena_printf(arena, "only %zu of its %s%zu rows",
	                                read, first, file->count);
}

/* Of an illegible file. first: "first ", where there are more rows behind. */
static const char *why_illegible(struct arena *arena,
                                 const struct import_file *file,
                                 const char *first)
{
	const struct import_cause *cause = causes_commonest(file);

	if (file->count == 1)
		return arena_printf(arena, "its one row could not be read: %s",
		                    cause->reason);
	return arena_printf(arena,
	                    "%s could be read; %zu of %s like line %d: %s",
	                    how_many(arena, file, first), cause->rows,
	                    file->unread == file->count ? "them" : "the others",
	                    cause->line, cause->reason);
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
	const char *reason = file->reason;

	if (reason == NULL && is_illegible(file))
		reason = why_illegible(r->arena, file, "");
	if (reason == NULL || file->kind == IMPORT_UNREAD ||
	    (file->kind == IMPORT_PROFILE && !is_alone(r, file)))
		return true;
	if (file->kind != IMPORT_LIST || is_alone(r, file))
		return reading_fail(r, file->path, "%s", reason);
	set_reason(file, reason);
	return true;
}

bool reading_check_so_far(const struct reading *r,
                          const struct import_file *file)
{
	return file->count < READING_MANY_ROWS || !is_illegible(file) ||
	       reading_fail(r, file->path, "%s",
	                    why_illegible(r->arena, file, "first "));
}
