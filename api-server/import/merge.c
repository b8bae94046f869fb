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

/* The parameter of a column. */
#define STAGE(name) SQL_IMPORT_STAGE_##name##_ARRAY

struct chunk {
	struct pg_tx *tx;
	size_t rows;
	size_t bytes; /* of the fields without a small maximum */
	struct pg_array *columns[SQL_IMPORT_STAGE_PARAMS];
};

static void chunk_begin(struct chunk *chunk)
{
	for (size_t i = 0; i < SQL_IMPORT_STAGE_PARAMS; i++)
		chunk->columns[i] = pg_array_new();
	chunk->rows = 0;
	chunk->bytes = 0;
}

/* Hands the rows over to the transaction. */
static void chunk_end(struct chunk *chunk)
{
	for (size_t i = 0; i < SQL_IMPORT_STAGE_PARAMS; i++)
		ensure(pg_array_count(chunk->columns[i]) == chunk->rows);
	pg_tx_add_arrays(chunk->tx, &SQL_IMPORT_STAGE, chunk->columns);
}

static void chunk_add(struct chunk *chunk, const struct import_file *file,
                      size_t ordinal)
{
	const struct import_row *row = &file->rows[ordinal];
	struct pg_array **c = chunk->columns;

	pg_array_int(c[STAGE(FILE)], file->ordinal);
	pg_array_int(c[STAGE(ORDINAL)], (int64_t)ordinal + 1);
	pg_array_int(c[STAGE(LINE)], row->line);
	pg_array_text(c[STAGE(OUTCOME)], outcome_names[row->outcome]);
	pg_array_bool(c[STAGE(IDENTIFIED)],
	              row->outcome != IMPORT_REJECTED || row->identified);
	pg_array_text(c[STAGE(REASON)], row->reason);
	if (row->outcome != IMPORT_OK || may_be_reported(file->kind))
		add_raw(c[STAGE(RAW)], pg_tx_arena(chunk->tx), row->raw);
	else
		pg_array_null(c[STAGE(RAW)]);
	pg_array_text(c[STAGE(REF)], row->ref != NULL ? row->ref : "");
	pg_array_text(c[STAGE(TITLE)], row->title);
	pg_array_int(c[STAGE(YEAR)], row->year);
	pg_array_text(c[STAGE(ENTRY)], row->entry);
	pg_array_bool(c[STAGE(LINKED)], row->linked);
	pg_array_text(c[STAGE(DATE)], row->date);
	pg_array_text(c[STAGE(WATCHED_ON)], row->watched_on);
	pg_array_int(c[STAGE(RATING)], row->rating);
	pg_array_bool(c[STAGE(REWATCH)], row->rewatch);
	pg_array_text(c[STAGE(TAGS)], row->tags);
	pg_array_text(c[STAGE(REVIEW)], row->review);
	pg_array_int(c[STAGE(POSITION)], row->position);
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

/* The parameter of a column. */
#define PART(name) SQL_IMPORT_STAGE_FILES_##name##_ARRAY

static void stage_files(struct pg_tx *tx, const struct import_set *set)
{
	struct pg_array *c[SQL_IMPORT_STAGE_FILES_PARAMS];

	for (size_t i = 0; i < SQL_IMPORT_STAGE_FILES_PARAMS; i++)
		c[i] = pg_array_new();
	for (size_t i = 0; i < set->count; i++) {
		const struct import_file *file = &set->files[i];

		pg_array_int(c[PART(FILE)], file->ordinal);
		pg_array_text(c[PART(PATH)], file->path);
		pg_array_text(c[PART(KIND)], import_kind_name(file->kind));
		pg_array_int(c[PART(ROWS)], (int64_t)file->count);
		pg_array_text(c[PART(REASON)], file->reason);
		pg_array_text(c[PART(SLUG)], file->list.slug);
		pg_array_text(c[PART(NAME)], file->list.name);
		pg_array_text(c[PART(DATE)], file->list.date);
		pg_array_text(c[PART(TAGS)], file->list.tags);
		pg_array_text(c[PART(URL)], file->list.url);
		pg_array_text(c[PART(DESCRIPTION)], file->list.description);
	}
	for (size_t i = 0; i < SQL_IMPORT_STAGE_FILES_PARAMS; i++)
		ensure(pg_array_count(c[i]) == set->count);
	pg_tx_add_arrays(tx, &SQL_IMPORT_STAGE_FILES, c);
}

/* A complete export has all lists, also when it has none. */
static bool has_all_lists(const struct import_set *set)
{
	static const enum import_kind whole[] = { IMPORT_WATCHED,
		                                  IMPORT_RATINGS, IMPORT_DIARY,
		                                  IMPORT_REVIEWS,
		                                  IMPORT_WATCHLIST };
	size_t counts[IMPORT_KIND_COUNT] = { 0 };
	size_t found = 0;

	for (size_t i = 0; i < set->count; i++)
		counts[set->files[i].kind]++;
	for (size_t i = 0; i < ARRAY_LEN(whole); i++)
		found += counts[whole[i]] > 0 ? 1 : 0;
	return found == ARRAY_LEN(whole) ||
	       (set->archive && counts[IMPORT_LIST] > 0);
}

static const char *account_of(const struct import_set *set)
{
	for (size_t i = 0; i < set->count; i++) {
		if (set->files[i].account != NULL)
			return set->files[i].account;
	}
	return NULL;
}

/* --- the transaction --- */

static void begin(struct pg_tx *tx, const struct import_set *set,
                  const struct merge_order *order)
{
	pg_tx_member(tx, order->member);
	pg_tx_deadline(tx, order->deadline_ms);
	if (order->dry_run)
		pg_tx_rollback(tx);

	pg_tx_add(tx, &SQL_IMPORT_SETTINGS);
	PG_INT(tx, SQL_IMPORT_SETTINGS, LOCK_MS, order->deadline_ms / 2);
	pg_tx_add(tx, &SQL_IMPORT_FRESH_PLANS);
	pg_tx_add(tx, &SQL_IMPORT_LOCK);
	pg_tx_add(tx, &SQL_IMPORT_BEGIN);
	PG_TEXT(tx, SQL_IMPORT_BEGIN, FILE_NAME, set->file_name);
	PG_BYTES(tx, SQL_IMPORT_BEGIN, SHA256, order->sha256,
	         sizeof(order->sha256));
	PG_INT(tx, SQL_IMPORT_BEGIN, SIZE, (int64_t)set->content.n);
	PG_REAL(tx, SQL_IMPORT_BEGIN, SECONDS, order->seconds);
	PG_TEXT(tx, SQL_IMPORT_BEGIN, STATE,
	        order->dry_run ? "dry_run" : "committed");
	pg_tx_add(tx, &SQL_IMPORT_SAMPLE);
	PG_BOOL(tx, SQL_IMPORT_SAMPLE, SAMPLE, order->sample);
}

static void nested_loops(struct pg_tx *tx, const char *on_or_off)
{
	pg_tx_add(tx, &SQL_IMPORT_NESTED_LOOPS);
	PG_TEXT(tx, SQL_IMPORT_NESTED_LOOPS, NESTED_LOOPS, on_or_off);
}

static void name_films(struct pg_tx *tx, const struct import_set *set)
{
	pg_tx_add(tx, &SQL_IMPORT_LOAD_LIBRARY);
	nested_loops(tx, "off");
	pg_tx_add(tx, &SQL_IMPORT_ANALYZE);
	pg_tx_add(tx, &SQL_IMPORT_WHOLE);
	pg_tx_add(tx, &SQL_IMPORT_NAMES);
	pg_tx_add(tx, &SQL_IMPORT_RENAME_LINES);
	pg_tx_add(tx, &SQL_IMPORT_RENAME_LIBRARY);
	pg_tx_add(tx, &SQL_IMPORT_COMPUTE_ENTRIES);
	PG_BOOL(tx, SQL_IMPORT_COMPUTE_ENTRIES, ALL_LISTS, has_all_lists(set));
	pg_tx_add(tx, &SQL_IMPORT_STAGE_STORED);
	pg_tx_add(tx, &SQL_IMPORT_RENAME_BY_ENTRIES);
	pg_tx_add(tx, &SQL_IMPORT_JOIN);
	pg_tx_add(tx, &SQL_IMPORT_MOVE_NAMELESS);
}

static void find_films(struct pg_tx *tx)
{
	nested_loops(tx, "on");
	pg_tx_add(tx, &SQL_IMPORT_FILMS);
	pg_tx_add(tx, &SQL_IMPORT_FILMS_HOLD);
	pg_tx_add(tx, &SQL_IMPORT_FILMS_ADD);
	pg_tx_add(tx, &SQL_IMPORT_FILMS_FIND);
	pg_tx_add(tx, &SQL_IMPORT_FILMS_MOVE);
	pg_tx_add(tx, &SQL_IMPORT_ASSIGN_FILMS);
}

static void change_library(struct pg_tx *tx, const struct import_set *set,
                           const struct merge_order *order)
{
	nested_loops(tx, "off");
	pg_tx_add(tx, &SQL_IMPORT_COMPUTE_WATCHES);
	pg_tx_add(tx, &SQL_IMPORT_CLASSIFY_LINES);
	pg_tx_add(tx, &SQL_IMPORT_REMOVED);
	pg_tx_add(tx, &SQL_IMPORT_CONFIRM);
	PG_TEXT(tx, SQL_IMPORT_CONFIRM, ACCOUNT, account_of(set));
	PG_BOOL(tx, SQL_IMPORT_CONFIRM, CONFIRM, order->confirm);
	pg_tx_add(tx, &SQL_IMPORT_ENTRIES);
	pg_tx_add(tx, &SQL_IMPORT_WATCHES);
	pg_tx_add(tx, &SQL_IMPORT_SYNC_UNDATED);
	pg_tx_add(tx, &SQL_IMPORT_RATINGS);
	pg_tx_add(tx, &SQL_IMPORT_PRUNE);
	pg_tx_add(tx, &SQL_IMPORT_LISTS_GONE);
	PG_BOOL(tx, SQL_IMPORT_LISTS_GONE, ALL_LISTS, has_all_lists(set));
	pg_tx_add(tx, &SQL_IMPORT_LISTS);
	pg_tx_add(tx, &SQL_IMPORT_ITEMS_GONE);
	pg_tx_add(tx, &SQL_IMPORT_ITEMS);
	pg_tx_add(tx, &SQL_IMPORT_CHOICES);
	pg_tx_add(tx, &SQL_IMPORT_FILMS_TO_ENRICH);
}

/* The queue comes last: its clock is one row for everybody. */
static void finish(struct pg_tx *tx, const struct import_set *set)
{
	pg_tx_add(tx, &SQL_IMPORT_CHANGES);
	pg_tx_add(tx, &SQL_IMPORT_SAVE_REPORT);
	PG_TEXT(tx, SQL_IMPORT_SAVE_REPORT, ACCOUNT, account_of(set));
	nested_loops(tx, "on");
	pg_tx_add(tx, &SQL_IMPORT_FILMS_DROP);
	pg_tx_add(tx, &SQL_IMPORT_ENQUEUE);
	pg_tx_add(tx, &SQL_IMPORT_REPORT);
	PG_NULL(tx, SQL_IMPORT_REPORT, IMPORT, INT);
}

struct pg_tx *merge_tx(const struct import_set *set,
                       const struct merge_order *order)
{
	struct pg_tx *tx = pg_tx_new();

	begin(tx, set, order);
	stage_files(tx, set);
	stage_rows(tx, set);
	name_films(tx, set);
	find_films(tx);
	change_library(tx, set, order);
	finish(tx, set);
	return tx;
}
