/*
 * Any bytes as a file of an export. The first byte chooses the kind; each record
 * behind the header is a row, lines must rise, what is kept must be text, and
 * what a rejected row is known by must be there.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "api-server/import/csv.h"
#include "api-server/import/upload.h"
#include "common/base/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const names[] = {
	"",
	"watched.csv",
	"ratings.csv",
	"diary.csv",
	"reviews.csv",
	"watchlist.csv",
	"likes/films.csv",
	"profile.csv",
	"lists/a.csv",
	"orphaned/diary.csv",
	"orphaned/reviews.csv",
	"deleted/lists/a.csv",
};

static const struct import_limits limits = {
	.entries_max = 100,
	.entry_bytes_max = 1 << 20,
	.total_bytes_max = 1 << 20,
	.ratio_max = 100,
	.field_bytes_max = 200,
	.row_bytes_max = 400,
	.rows_max = 5000,
	.list_max = 10,
};

static void check_text(const char *text)
{
	ensure(text == NULL || str_is_utf8(str_of(text)));
}

static bool is_known(enum import_kind kind, const struct import_row *row)
{
	if (kind == IMPORT_LIST)
		return row->position > 0;
	if (kind == IMPORT_DIARY || kind == IMPORT_REVIEWS ||
	    kind == IMPORT_ORPHANED_DIARY || kind == IMPORT_ORPHANED_REVIEWS)
		return row->entry != NULL;
	return row->linked ? row->ref[0] != '\0' : row->title != NULL;
}

static void check_row(enum import_kind kind, const struct import_row *row)
{
	ensure(row->raw.n <= 2000);
	ensure(row->rating >= 0 && row->rating <= 10);
	ensure(row->date == NULL || str_is_date(str_of(row->date)));
	ensure(row->watched_on == NULL || str_is_date(str_of(row->watched_on)));
	check_text(row->reason);
	check_text(row->title);
	check_text(row->ref);
	check_text(row->entry);
	check_text(row->tags);
	check_text(row->review);
	if (row->outcome == IMPORT_REJECTED) {
		ensure(row->reason != NULL && row->reason[0] != '\0');
		ensure(!row->identified || is_known(kind, row));
		return;
	}
	ensure(row->outcome == IMPORT_OK && row->reason == NULL);
	ensure(!row->identified);
}

/* A file that is one table has a row for each of its records. */
static void check_count(const struct import_file *file, struct str text)
{
	struct csv_reader *csv = csv_reader_new(
		text, (struct csv_limits){ limits.field_bytes_max,
	                                   limits.row_bytes_max });
	struct csv_record record;
	size_t records = 0;

	while (csv_reader_next(csv, &record) == CSV_RECORD)
		records++;
	csv_reader_free(&csv);
	ensure(records == file->count + 1);
	ensure(file->count == 0 || file->unread < file->count);
}

static void check_file(const struct import_file *file, struct str text)
{
	int line = 0;

	if (file->kind == IMPORT_COUNTED) {
		ensure(file->rows == NULL);
		return;
	}
	if (file->kind != IMPORT_LIST && file->kind != IMPORT_PROFILE)
		check_count(file, text);
	for (size_t i = 0; i < file->kept; i++) {
		check_row(file->kind, &file->rows[i]);
		/* The favourites stand on one line. */
		ensure(file->rows[i].line > line ||
		       file->kind == IMPORT_PROFILE);
		line = file->rows[i].line;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	struct upload_problem problem;
	struct import_set set;

	if (size > 0) {
		const struct upload_source source = {
			.content_type = "text/csv",
			.file_name = names[data[0] % ARRAY_LEN(names)],
			.body = (const char *)data + 1,
			.len = size - 1,
		};

		if (!upload_read(arena, &source, &limits, NULL, &set, &problem))
			ensure(problem.error.message[0] != '\0');
		else if (set.files[0].path != NULL)
			check_file(&set.files[0],
			           (struct str){ source.body, source.len });
	}
	arena_free(&arena);
	return 0;
}
