/*
 * Files that are one table: which columns each kind has, and which of its rows
 * say the same thing twice.
 */
#include "api-server/import/rows.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "api-server/import/causes.h"
#include "api-server/import/rows_field.h"
#include "common/base/mem.h"

#define CAPACITY_MIN 8

/* Columns that identify a row; each table begins with those it has. */
enum {
	COLUMN_DATE,
	COLUMN_NAME,
	COLUMN_YEAR,
	COLUMN_LINK,
	COLUMN_WATCHED_DATE
};

#define FILM_COLUMNS                                                           \
	[COLUMN_DATE] = { "Date", COLUMN_REACHED, field_date },                \
	[COLUMN_NAME] = { "Name", COLUMN_REACHED, field_title },               \
	[COLUMN_YEAR] = { "Year", COLUMN_REACHED, field_year },                \
	[COLUMN_LINK] = { "Letterboxd URI", COLUMN_REACHED, field_film_link }
#define ENTRY_COLUMNS                                                          \
	[COLUMN_DATE] = { "Date", COLUMN_REACHED, field_logged_on },           \
	[COLUMN_NAME] = { "Name", COLUMN_REACHED, field_title },               \
	[COLUMN_YEAR] = { "Year", COLUMN_REACHED, field_year },                \
	[COLUMN_LINK] = { "Letterboxd URI", COLUMN_REACHED,                    \
		          field_entry_link },                                  \
	[COLUMN_WATCHED_DATE] = { "Watched Date", COLUMN_REQUIRED,             \
		                  field_watched_on },                          \
	{ "Rating", COLUMN_REQUIRED, field_rating },                           \
	{ "Rewatch", COLUMN_OPTIONAL, field_rewatch },                         \
	{                                                                      \
		"Tags", COLUMN_OPTIONAL, field_tags                            \
	}

static const struct row_column film_columns[] = { FILM_COLUMNS, { 0 } };
/* No export has a rating there, but it is the last step of the cascade. */
static const struct row_column watched_columns[] = {
	FILM_COLUMNS, { "Rating", COLUMN_OPTIONAL, field_rating }, { 0 }
};
static const struct row_column ratings_columns[] = {
	FILM_COLUMNS, { "Rating", COLUMN_REACHED, field_rating_required }, { 0 }
};
static const struct row_column diary_columns[] = { ENTRY_COLUMNS, { 0 } };
static const struct row_column reviews_columns[] = {
	ENTRY_COLUMNS, { "Review", COLUMN_REQUIRED, field_review }, { 0 }
};

static const struct {
	const struct row_column *columns;
	enum row_identity identity;
} tables[IMPORT_KIND_COUNT] = {
	[IMPORT_WATCHED] = { watched_columns, ROW_FILM },
	[IMPORT_RATINGS] = { ratings_columns, ROW_FILM },
	[IMPORT_WATCHLIST] = { film_columns, ROW_FILM },
	[IMPORT_LIKES] = { film_columns, ROW_FILM },
	[IMPORT_DIARY] = { diary_columns, ROW_DIARY_ENTRY },
	[IMPORT_REVIEWS] = { reviews_columns, ROW_REVIEW_ENTRY },
	[IMPORT_ORPHANED_DIARY] = { diary_columns, ROW_DIARY_ENTRY },
	[IMPORT_ORPHANED_REVIEWS] = { reviews_columns, ROW_REVIEW_ENTRY },
};

/* --- identity --- */

struct row_reader {
	struct reading *reading;
	struct import_file *file;
	enum row_identity identity;
	struct seen *seen; /* of this file */
};

static bool reject_same(const struct row_reader *r, struct import_row *row,
                        const char *what, const struct seen_key *first)
{
	if (strcmp(first->file, r->file->path) == 0)
		return row_reject(r->reading->row_arena, row,
		                  "same %s as line %d", what, first->line);
	return row_reject(r->reading->row_arena, row,
	                  "same %s as line %d of %s", what, first->line,
	                  first->file);
}

static bool claim(const struct row_reader *r, struct seen *seen,
                  struct import_row *row, const char *what, const char *key)
{
	const struct seen_key first =
		seen_add(seen, key, r->file->path, row->line);

	row->identified = first.count > 0;
	return first.count == 0 || reject_same(r, row, what, &first);
}

static bool identify_film(const struct row_reader *r, struct import_row *row)
{
	const char *key = row->ref;

	if (!row->linked)
		key = arena_printf(r->reading->row_arena, "=%d %s", row->year,
		                   row->title);
	return claim(r, r->seen, row, "film", key);
}

/* FNV-1a: kept in the database, so it can never change. */
static uint64_t stable_hash(uint64_t h, const char *text)
{
	for (; *text != '\0'; text++)
		h = (h ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
	return h;
}

static struct seen *entries_of(const struct row_reader *r)
{
	return r->identity == ROW_DIARY_ENTRY ? r->reading->diary
	                                      : r->reading->reviews;
}

/* The identity of an entry without a link, as record.h has it. */
static const char *name_entry(const struct row_reader *r,
                              const struct import_row *row)
{
	struct arena *arena = r->reading->row_arena;
	const bool orphaned = r->file->kind == IMPORT_ORPHANED_DIARY ||
	                      r->file->kind == IMPORT_ORPHANED_REVIEWS;
	const char *facts =
		arena_printf(arena, "%s\n%d\n%s\n%s%s", row->title, row->year,
	                     row->watched_on != NULL ? row->watched_on : "",
	                     row->date, orphaned ? "\norphaned" : "");
	char before[32];

	(void)snprintf(
		before, sizeof(before), "\n%zu",
		seen_add(entries_of(r), facts, r->file->path, row->line).count);
	return arena_printf(
		arena, "name:%" PRIu64,
		stable_hash(stable_hash(UINT64_C(0xcbf29ce484222325), facts),
	                    before));
}

static bool identify_entry(const struct row_reader *r, struct import_row *row)
{
	if (!row->linked)
		row->entry = name_entry(r, row);
	return claim(r, entries_of(r), row, "entry", row->entry);
}

static bool identify_position(const struct row_reader *r,
                              struct import_row *row)
{
	const char *key =
		arena_printf(r->reading->row_arena, "%d", row->position);

	return claim(r, r->seen, row, "position", key);
}

/* Of a row that is whole: false when it is there already. */
static bool identify(const struct row_reader *r, struct import_row *row)
{
	switch (r->identity) {
	case ROW_FILM:
		return identify_film(r, row);
	case ROW_DIARY_ENTRY:
	case ROW_REVIEW_ENTRY:
		return identify_entry(r, row);
	case ROW_POSITION:
		return identify_position(r, row);
	}
	return false;
}

/* What a row without a link is known by. */
#define FILM_NAME                                                              \
	(COLUMN_BIT(COLUMN_NAME) | COLUMN_BIT(COLUMN_YEAR) |                   \
	 COLUMN_BIT(COLUMN_LINK))
#define ENTRY_NAME                                                             \
	(FILM_NAME | COLUMN_BIT(COLUMN_DATE) | COLUMN_BIT(COLUMN_WATCHED_DATE))

/*
 * Of a row whose columns could not all be read. It claims nothing: a later row
 * may say the same film, entry or position rightly. Only an entry by name is
 * counted among its equals, so that they keep their numbers.
 */
static bool identify_unread(const struct row_reader *r, struct import_row *row,
                            unsigned unread)
{
	switch (r->identity) {
	case ROW_FILM:
		return row->linked || (unread & FILM_NAME) == 0;
	case ROW_DIARY_ENTRY:
	case ROW_REVIEW_ENTRY:
		if (!row->linked && (unread & ENTRY_NAME) == 0)
			row->entry = name_entry(r, row);
		return row->entry != NULL;
	case ROW_POSITION:
		return row->position > 0;
	}
	return false;
}

/* --- rows --- */

static bool make_room(struct arena *arena, struct import_file *file)
{
	if (file->held < file->capacity)
		return true;

	const size_t capacity =
		file->capacity > 0 ? 2 * file->capacity : CAPACITY_MIN;
	struct import_row *rows =
		arena_regrow(arena, file->rows, file->capacity * sizeof(*rows),
	                     capacity * sizeof(*rows));
	if (rows == NULL)
		return false;
	file->rows = rows;
	file->capacity = capacity;
	return true;
}

static void hold(struct import_file *file, const struct import_row *row)
{
	file->rows[file->held++] = *row;
	file->kept++;
}

struct import_row *rows_add(struct reading *reading, struct import_file *file,
                            const struct csv_record *record)
{
	if (!reading_count_rows(reading, 1))
		return NULL;
	reading_hand_over(reading, file, false);
	(void)make_room(reading->row_arena, file);
	if (!reading_check_memory(reading, file->path))
		return NULL;
	reading->held_bytes += record->raw.n;
	hold(file, &(struct import_row){
			   .outcome = IMPORT_OK,
			   .number = (int)++file->count,
			   .line = record->line,
			   .raw = text_cut(record->raw, ROW_RAW_MAX),
			   .ref = "",
			   .tags = "",
		   });
	return &file->rows[file->held - 1];
}

/* A row of which nobody can tell which one it was, that is not kept. */
static void let_stand_in(struct import_file *file, const struct import_row *row)
{
	struct import_row *stand_in = &file->stand_in;
	char *date = file->stand_in_date;
	const bool is_first = stand_in->line == 0;

	if (is_first)
		*stand_in = (struct import_row){
			.outcome = IMPORT_REJECTED,
			.number = row->number,
			.line = row->line,
			.ref = "",
			.tags = "",
			.date = date,
		};
	if (row->date == NULL)
		stand_in->date = NULL;
	else if (is_first || strcmp(row->date, date) > 0)
		(void)snprintf(date, sizeof(file->stand_in_date), "%s",
		               row->date);
}

bool rows_end(struct reading *reading, struct import_file *file)
{
	if (file->stand_in.line == 0)
		return true;
	(void)make_room(reading->row_arena, file);
	if (!reading_check_memory(reading, file->path))
		return false;
	hold(file, &file->stand_in);
	return true;
}

static bool is_shown(struct reading *reading)
{
	if (reading->shown == IMPORT_SHOWN_MAX)
		return false;
	reading->shown++;
	return true;
}

void rows_settle_rejected(struct reading *reading, struct import_file *file,
                          struct arena_mark mark, bool changes_nothing)
{
	struct import_row *row = &file->rows[file->held - 1];

	causes_add(reading->arena, file, row);
	row->shown = is_shown(reading);
	if (row->shown || !changes_nothing)
		return;
	if (!row->identified)
		let_stand_in(file, row);
	file->held--;
	file->kept--;
	arena_release(reading->row_arena, mark);
}

/* A rejected row says so itself. A repeated one changes nothing, and neither does
 * one of which nobody can tell which row it was. */
static void read_row(const struct row_reader *r, const struct header *header,
                     const struct csv_record *record, struct import_row *row)
{
	struct arena *arena = r->reading->row_arena;
	const struct arena_mark mark = arena_mark(arena);
	const unsigned unread = header_parse_row(header, arena, record, row);

	if (unread == 0) {
		(void)identify(r, row);
	} else {
		row->identified = identify_unread(r, row, unread);
		r->file->unread++;
	}
	if (row->outcome == IMPORT_REJECTED)
		rows_settle_rejected(r->reading, r->file, mark,
		                     unread == 0 || !row->identified);
}

static bool read_all(const struct row_reader *r, struct csv_reader *csv,
                     const struct header *header)
{
	struct csv_record record;
	enum csv_result result;

	while ((result = csv_reader_next(csv, &record)) == CSV_RECORD) {
		struct import_row *row = rows_add(r->reading, r->file, &record);

		if (row == NULL)
			return false;
		read_row(r, header, &record, row);
		if (!reading_check_so_far(r->reading, r->file))
			return false;
	}
	return result == CSV_END ||
	       reading_fail_unclosed(r->reading, r->file->path, record.line);
}

bool rows_read_records(struct reading *reading, struct import_file *file,
                       struct csv_reader *csv, const struct header *header,
                       enum row_identity identity)
{
	const struct row_reader r = { reading, file, identity,
		                      seen_new(reading->arena) };

	return read_all(&r, csv, header);
}

bool rows_read(struct reading *reading, struct import_file *file,
               struct str text)
{
	const struct row_column *columns = tables[file->kind].columns;
	struct csv_reader *csv =
		csv_reader_new(text, reading_csv_limits(reading));
	struct csv_record record;
	struct header header;

	ensure(columns != NULL);
	const bool ok =
		header_read(reading, file->path, text, csv, &record) &&
		header_bind(reading, file->path, &record, columns, &header) &&
		rows_read_records(reading, file, csv, &header,
	                          tables[file->kind].identity);
	csv_reader_free(&csv);
	return ok;
}
