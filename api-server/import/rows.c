/*
 * Files that are one table: which columns each kind has, and which of its rows
 * say the same thing twice.
 */
#include "api-server/import/rows.h"

#include <inttypes.h>
#include <string.h>

#include "api-server/import/rows_field.h"
#include "common/base/mem.h"

#define CAPACITY_MIN 16

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
		return row_reject(r->reading->arena, row, "same %s as line %d",
		                  what, first->line);
	return row_reject(r->reading->arena, row, "same %s as line %d of %s",
	                  what, first->line, first->file);
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
		key = arena_printf(r->reading->arena, "=%d %s", row->year,
		                   row->title);
	return claim(r, r->seen, row, "film", key);
}

/* FNV-1a: kept in the database, so it can never change. */
static uint64_t stable_hash(const char *text)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

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
	struct arena *arena = r->reading->arena;
	const bool orphaned = r->file->kind == IMPORT_ORPHANED_DIARY ||
	                      r->file->kind == IMPORT_ORPHANED_REVIEWS;
	const char *facts =
		arena_printf(arena, "%s\n%d\n%s\n%s%s", row->title, row->year,
	                     row->watched_on != NULL ? row->watched_on : "",
	                     row->date, orphaned ? "\norphaned" : "");
	const size_t before =
		seen_add(entries_of(r), facts, r->file->path, row->line).count;

	return arena_printf(
		arena, "name:%" PRIu64,
		stable_hash(arena_printf(arena, "%s\n%zu", facts, before)));
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
	const char *key = arena_printf(r->reading->arena, "%d", row->position);

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

static void grow(struct arena *arena, struct import_file *file)
{
	const size_t capacity =
		file->capacity > 0 ? file->capacity * 2 : CAPACITY_MIN;
	struct import_row *rows = arena_alloc(arena, capacity * sizeof(*rows));

	if (file->count > 0)
		memcpy(rows, file->rows, file->count * sizeof(*rows));
	file->rows = rows;
	file->capacity = capacity;
}

struct import_row *rows_add(struct reading *reading, struct import_file *file,
                            const struct csv_record *record)
{
	if (!reading_count_rows(reading, 1))
		return NULL;
	if (file->count == file->capacity)
		grow(reading->arena, file);

	struct import_row *row = &file->rows[file->count++];
	*row = (struct import_row){
		.outcome = IMPORT_OK,
		.line = record->line,
		.raw = text_cut(record->raw, ROW_RAW_MAX),
		.ref = "",
		.tags = "{}",
	};
	return row;
}

/* A rejected row says so itself. */
static void read_row(const struct row_reader *r, const struct header *header,
                     const struct csv_record *record, struct import_row *row)
{
	const unsigned unread =
		header_parse_row(header, r->reading->arena, record, row);

	if (unread == 0) {
		(void)identify(r, row);
		return;
	}
	row->identified = identify_unread(r, row, unread);
	r->file->unread++;
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
	}
	return result == CSV_END ||
	       reading_fail_unclosed(r->reading, r->file->path, record.line);
}

bool rows_read_records(struct reading *reading, struct import_file *file,
                       struct csv_reader *csv, const struct header *header,
                       enum row_identity identity)
{
	struct row_reader r = { reading, file, identity, seen_new() };
	const bool ok = read_all(&r, csv, header);

	seen_free(&r.seen);
	return ok;
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
