/*
 * Rows go to the working tables of the import in chunks, one array a
 * column; then the statements of the merge, which have no parameters to speak
 * of: everything they need is in those tables.
 */
#include "api-server/import/merge.h"

#include <stddef.h>

#include "common/base/mem.h"
#include "common/pg/pg_array.h"
#include "gen/sql.h"

/* Rows a statement: large enough for its cost to be that of the rows. Few when
 * they are long: escaped twice, as tags are, they grow fourfold, and a
 * parameter has a maximum. */
#define CHUNK_ROWS  1000
#define CHUNK_BYTES ((size_t)1024 * 1024)

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

static const char *const outcome_names[] = {
	[IMPORT_OK] = "ok",
	[IMPORT_REJECTED] = "rejected",
	[IMPORT_AMBIGUOUS] = "ambiguous",
};

/* --- raw text --- */

/* Bytes of the character that s begins with; 0 when it is not valid UTF-8. */
static size_t character(struct str s)
{
	for (size_t n = 1; n <= 4 && n <= s.n; n++) {
		if (str_is_utf8((struct str){ s.p, n }))
			return n;
	}
	return 0;
}

/* What the database takes as text: U+FFFD for each byte that is not. */
static void add_raw(struct pg_array *array, struct arena *arena, struct str raw)
{
	const size_t most = raw.n * (sizeof(REPLACEMENT) - 1);
	size_t len = 0;

	if (str_is_utf8(raw)) {
		pg_array_text_len(array, raw.p, raw.n);
		return;
	}
	char *text = arena_alloc(arena, most);
	while (raw.n > 0) {
		const size_t n = character(raw);
		const struct str piece =
			n > 0 ? (struct str){ raw.p, n } : STR_LIT(REPLACEMENT);

		memcpy(text + len, piece.p, piece.n);
		len += piece.n;
		raw.p += n > 0 ? n : 1;
		raw.n -= n > 0 ? n : 1;
	}
	pg_array_text_len(array, text, len);
}

/* Rows that the statements may find reason to report, beside the parser. */
static bool may_be_reported(enum import_kind kind)
{
	return kind == IMPORT_DIARY || kind == IMPORT_REVIEWS ||
	       kind == IMPORT_PROFILE;
}

/* --- rows --- */

/* The parameters of stage.sql, in its order. */
enum stage_column {
	STAGE_FILE,
	STAGE_ORDINAL,
	STAGE_LINE,
	STAGE_OUTCOME,
	STAGE_REASON,
	STAGE_RAW,
	STAGE_REF,
	STAGE_TITLE,
	STAGE_YEAR,
	STAGE_ENTRY,
	STAGE_LINKED,
	STAGE_DATE,
	STAGE_WATCHED_ON,
	STAGE_RATING,
	STAGE_REWATCH,
	STAGE_TAGS,
	STAGE_REVIEW,
	STAGE_POSITION,
	STAGE_COLUMNS
};

struct chunk {
	struct pg_tx *tx;
	size_t rows;
	size_t bytes; /* of the fields without a small maximum */
	struct pg_array *columns[STAGE_COLUMNS];
};

static void chunk_begin(struct chunk *chunk)
{
	for (size_t i = 0; i < STAGE_COLUMNS; i++)
		chunk->columns[i] = pg_array_new();
	chunk->rows = 0;
	chunk->bytes = 0;
}

/* Hands the rows over to the transaction. */
static void chunk_end(struct chunk *chunk)
{
	pg_tx_add(chunk->tx, &SQL_IMPORT_STAGE, STAGE_COLUMNS);
	for (size_t i = 0; i < STAGE_COLUMNS; i++)
		pg_tx_array(chunk->tx, chunk->columns[i]);
}

static void chunk_add(struct chunk *chunk, const struct import_file *file,
                      size_t ordinal)
{
	const struct import_row *row = &file->rows[ordinal];
	struct pg_array **c = chunk->columns;

	pg_array_int(c[STAGE_FILE], file->ordinal);
	pg_array_int(c[STAGE_ORDINAL], (int64_t)ordinal + 1);
	pg_array_int(c[STAGE_LINE], row->line);
	pg_array_text(c[STAGE_OUTCOME], outcome_names[row->outcome]);
	pg_array_text(c[STAGE_REASON], row->reason);
	if (row->outcome != IMPORT_OK || may_be_reported(file->kind))
		add_raw(c[STAGE_RAW], pg_tx_arena(chunk->tx), row->raw);
	else
		pg_array_null(c[STAGE_RAW]);
	pg_array_text(c[STAGE_REF], row->ref != NULL ? row->ref : "");
	pg_array_text(c[STAGE_TITLE], row->title);
	pg_array_int(c[STAGE_YEAR], row->year);
	pg_array_text(c[STAGE_ENTRY], row->entry);
	pg_array_bool(c[STAGE_LINKED], row->linked);
	pg_array_text(c[STAGE_DATE], row->date);
	pg_array_text(c[STAGE_WATCHED_ON], row->watched_on);
	pg_array_int(c[STAGE_RATING], row->rating);
	pg_array_bool(c[STAGE_REWATCH], row->rewatch);
	pg_array_text(c[STAGE_TAGS], row->tags);
	pg_array_text(c[STAGE_REVIEW], row->review);
	pg_array_int(c[STAGE_POSITION], row->position);
	chunk->rows++;
	chunk->bytes += row->raw.n + strlen(row->tags) +
	                (row->review != NULL ? strlen(row->review) : 0);
}

static bool chunk_is_full(const struct chunk *chunk)
{
	return chunk->rows >= CHUNK_ROWS || chunk->bytes >= CHUNK_BYTES;
}

static void stage_rows(struct pg_tx *tx, const struct import_set *set)
{
	struct chunk chunk = { .tx = tx };

	chunk_begin(&chunk);
	for (size_t f = 0; f < set->count; f++) {
		const struct import_file *file = &set->files[f];

		if (file->kind == IMPORT_COUNTED)
			continue;
		for (size_t i = 0; i < file->count; i++) {
			if (chunk_is_full(&chunk)) {
				chunk_end(&chunk);
				chunk_begin(&chunk);
			}
			chunk_add(&chunk, file, i);
		}
	}
	chunk_end(&chunk);
}

/* --- files --- */

/* The parameters of stage_files.sql, in its order. */
enum part_column {
	PART_FILE,
	PART_PATH,
	PART_KIND,
	PART_ROWS,
	PART_SLUG,
	PART_NAME,
	PART_DATE,
	PART_TAGS,
	PART_URL,
	PART_DESCRIPTION,
	PART_COLUMNS
};

static void stage_files(struct pg_tx *tx, const struct import_set *set)
{
	struct pg_array *c[PART_COLUMNS];

	for (size_t i = 0; i < PART_COLUMNS; i++)
		c[i] = pg_array_new();
	for (size_t i = 0; i < set->count; i++) {
		const struct import_file *file = &set->files[i];

		pg_array_int(c[PART_FILE], file->ordinal);
		pg_array_text(c[PART_PATH], file->path);
		pg_array_text(c[PART_KIND], import_kind_name(file->kind));
		pg_array_int(c[PART_ROWS], (int64_t)file->count);
		pg_array_text(c[PART_SLUG], file->list.slug);
		pg_array_text(c[PART_NAME], file->list.name);
		pg_array_text(c[PART_DATE], file->list.date);
		pg_array_text(c[PART_TAGS], file->list.tags);
		pg_array_text(c[PART_URL], file->list.url);
		pg_array_text(c[PART_DESCRIPTION], file->list.description);
	}
	pg_tx_add(tx, &SQL_IMPORT_STAGE_FILES, PART_COLUMNS);
	for (size_t i = 0; i < PART_COLUMNS; i++)
		pg_tx_array(tx, c[i]);
}

/* An archive with lists has all of them; a list that comes alone is one. */
static bool has_all_lists(const struct import_set *set)
{
	for (size_t i = 0; i < set->count && set->count > 1; i++) {
		if (set->files[i].kind == IMPORT_LIST)
			return true;
	}
	return false;
}

/* --- the transaction --- */

static void begin(struct pg_tx *tx, const struct merge_order *order)
{
	pg_tx_member(tx, order->member);
	pg_tx_deadline(tx, order->deadline_ms);
	if (order->dry_run)
		pg_tx_rollback(tx);

	pg_tx_add(tx, &SQL_IMPORT_SETTINGS, 1);
	pg_tx_int(tx, order->deadline_ms / 2);
	pg_tx_add(tx, &SQL_IMPORT_LOCK, 0);
	pg_tx_add(tx, &SQL_IMPORT_SAMPLE, 1);
	pg_tx_bool(tx, order->sample);
}

static void plan(struct pg_tx *tx, const char *nested_loops)
{
	pg_tx_add(tx, &SQL_IMPORT_PLAN, 1);
	pg_tx_text(tx, nested_loops);
}

static void find_films(struct pg_tx *tx)
{
	pg_tx_add(tx, &SQL_IMPORT_HAVE, 0);
	plan(tx, "off");
	pg_tx_add(tx, &SQL_IMPORT_STAGE_STORED, 0);
	pg_tx_add(tx, &SQL_IMPORT_ANALYZE, 0);
	pg_tx_add(tx, &SQL_IMPORT_JOIN, 0);
	plan(tx, "on");
	pg_tx_add(tx, &SQL_IMPORT_FILMS, 0);
	pg_tx_add(tx, &SQL_IMPORT_FILMS_ADD, 0);
	pg_tx_add(tx, &SQL_IMPORT_FILMS_FIND, 0);
	pg_tx_add(tx, &SQL_IMPORT_FILMS_MOVE, 0);
	pg_tx_add(tx, &SQL_IMPORT_WATCHES_MOVE, 0);
	pg_tx_add(tx, &SQL_IMPORT_LINES_FILM, 0);
}

static void change_library(struct pg_tx *tx, const struct import_set *set)
{
	plan(tx, "off");
	pg_tx_add(tx, &SQL_IMPORT_VIEWINGS, 0);
	pg_tx_add(tx, &SQL_IMPORT_JUDGE, 0);
	pg_tx_add(tx, &SQL_IMPORT_REMOVED, 0);
	pg_tx_add(tx, &SQL_IMPORT_ENTRIES, 0);
	pg_tx_add(tx, &SQL_IMPORT_WATCHES, 0);
	pg_tx_add(tx, &SQL_IMPORT_UNDATED, 0);
	pg_tx_add(tx, &SQL_IMPORT_RATINGS, 0);
	pg_tx_add(tx, &SQL_IMPORT_PRUNE, 0);
	pg_tx_add(tx, &SQL_IMPORT_LISTS_GONE, 1);
	pg_tx_bool(tx, has_all_lists(set));
	pg_tx_add(tx, &SQL_IMPORT_LISTS, 0);
	pg_tx_add(tx, &SQL_IMPORT_ITEMS_GONE, 0);
	pg_tx_add(tx, &SQL_IMPORT_ITEMS, 0);
	pg_tx_add(tx, &SQL_IMPORT_CHOICES, 0);
	pg_tx_add(tx, &SQL_IMPORT_WANTED, 0);
}

/* The queue comes last: its clock is one row for everybody. */
static void finish(struct pg_tx *tx, const struct import_set *set,
                   const struct merge_order *order)
{
	pg_tx_add(tx, &SQL_IMPORT_KEEP, 5);
	pg_tx_text(tx, set->file_name);
	pg_tx_bytes(tx, order->sha256, sizeof(order->sha256));
	pg_tx_int(tx, (int64_t)set->content.n);
	pg_tx_double(tx, order->seconds);
	pg_tx_text(tx, order->dry_run ? "dry_run" : "committed");
	plan(tx, "on");
	pg_tx_add(tx, &SQL_IMPORT_FILMS_DROP, 0);
	pg_tx_add(tx, &SQL_IMPORT_ENQUEUE, 0);
	pg_tx_add(tx, &SQL_IMPORT_REPORT, 1);
	pg_tx_null(tx);
}

struct pg_tx *merge_tx(const struct import_set *set,
                       const struct merge_order *order)
{
	struct pg_tx *tx = pg_tx_new();

	begin(tx, order);
	stage_files(tx, set);
	stage_rows(tx, set);
	find_films(tx);
	change_library(tx, set);
	finish(tx, set, order);
	return tx;
}
