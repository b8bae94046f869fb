/*
 * Any bytes as a file of an export. The first byte chooses the kind; rows must
 * add up, lines must rise, and what is kept must be text.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

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

static void check_row(const struct import_row *row)
{
	ensure(row->raw.n <= 2000);
	if (row->outcome == IMPORT_REJECTED) {
		ensure(row->reason != NULL && row->reason[0] != '\0');
		return;
	}
	ensure(row->outcome == IMPORT_OK && row->reason == NULL);
	ensure(row->rating >= 0 && row->rating <= 10);
	ensure(row->date == NULL || str_is_date(str_of(row->date)));
	ensure(row->watched_on == NULL || str_is_date(str_of(row->watched_on)));
	check_text(row->title);
	check_text(row->ref);
	check_text(row->entry);
	check_text(row->tags);
	check_text(row->review);
}

static void check_file(const struct import_file *file)
{
	int line = 0;

	if (file->kind == IMPORT_COUNTED) {
		ensure(file->rows == NULL);
		return;
	}
	for (size_t i = 0; i < file->count; i++) {
		check_row(&file->rows[i]);
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

		if (!upload_read(arena, &source, &limits, &set, &problem))
			ensure(problem.error.message[0] != '\0');
		else if (set.files[0].path != NULL)
			check_file(&set.files[0]);
	}
	arena_free(&arena);
	return 0;
}
