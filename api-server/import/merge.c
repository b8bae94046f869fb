/*
 * Rows go to the working tables of the import in chunks, one array a column;
 * then what is known of their files, and then the statements of the merge, which
 * have no parameters to speak of: everything they need is in those tables.
 */
#include "api-server/import/merge.h"

#include <stdlib.h>
#include <string.h>

#include "api-server/import/export_path.h"
#include "api-server/import/rows.h"
#include "common/base/mem.h"
#include "common/pg/pg_array.h"
#include "gen/sql.h"

/* Rows a statement: large enough for its cost to be that of the rows. Few when
 * they are long: escaped they grow, and the memory is looked at once a chunk. */
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
static void add_raw(struct pg_array *array, struct str raw)
{
	char text[ROW_RAW_MAX * (sizeof(REPLACEMENT) - 1)];
	char *end = text;

	if (str_is_utf8(raw)) {
		pg_array_text_len(array, raw.p, raw.n);
		return;
	}
	while (raw.n > 0) {
		const size_t n = character(raw);
		const struct str piece =
			n > 0 ? (struct str){ raw.p, n } : STR_LIT(REPLACEMENT);

		end = mempcpy(end, piece.p, piece.n);
		raw.p += n > 0 ? n : 1;
		raw.n -= n > 0 ? n : 1;
	}
	pg_array_text_len(array, text, (size_t)(end - text));
}

/* Rows that the statements may find reason to report, beside the parser. */
static bool may_be_reported(enum import_kind kind)
{
	return kind == IMPORT_DIARY || kind == IMPORT_REVIEWS ||
	       kind == IMPORT_PROFILE;
}

/* --- chunks --- */

/* Rows of a working table on their way: an array a column. */
struct chunk {
	struct pg_tx *tx;
	const struct sql *sql;
	size_t rows;
	size_t bytes; /* of the fields without a small maximum */
	struct pg_array *columns[SQL_IMPORT_STAGE_PARAMS];
};
_Static_assert((int)SQL_IMPORT_STAGE_FACTS_PARAMS <=
                       (int)SQL_IMPORT_STAGE_PARAMS,
               "columns for files too");

static void chunk_begin(struct chunk *chunk)
{
	for (int i = 0; i < chunk->sql->nparams; i++)
		chunk->columns[i] = pg_array_new();
	chunk->rows = 0;
	chunk->bytes = 0;
}

static void chunk_free(struct chunk *chunk)
{
	for (int i = 0; i < chunk->sql->nparams; i++)
		pg_array_free(&chunk->columns[i]);
}

/* Hands the rows over to the transaction. */
static void chunk_end(struct chunk *chunk)
{
	for (int i = 0; i < chunk->sql->nparams; i++)
		ensure(pg_array_count(chunk->columns[i]) == chunk->rows);
	if (chunk->rows == 0) {
		chunk_free(chunk);
		return;
	}
	pg_tx_add_arrays(chunk->tx, chunk->sql, chunk->columns);
}

/* Counts a row, of whose fields that many bytes are of any length. */
static void chunk_count(struct chunk *chunk, size_t bytes)
{
	chunk->rows++;
	chunk->bytes += bytes;
	if (chunk->rows < CHUNK_ROWS && chunk->bytes < CHUNK_BYTES)
		return;
	chunk_end(chunk);
	chunk_begin(chunk);
}

static size_t length(const char *text)
{
	return text != NULL ? strlen(text) : 0;
}

/* --- rows --- */

/* The parameter of a column. */
#define STAGE(name) SQL_IMPORT_STAGE_##name##_ARRAY

static bool has_raw(const struct import_file *file,
                    const struct import_row *row)
{
	return row->shown || row->outcome == IMPORT_AMBIGUOUS ||
	       (row->outcome == IMPORT_OK && may_be_reported(file->kind));
}

static void add_row(struct chunk *chunk, const struct import_file *file,
                    const struct import_row *row)
{
	struct pg_array **c = chunk->columns;
	const struct str raw = has_raw(file, row) ? row->raw : STR_LIT("");

	pg_array_int(c[STAGE(FILE)], file->ordinal);
	pg_array_int(c[STAGE(ORDINAL)], row->number);
	pg_array_int(c[STAGE(LINE)], row->line);
	pg_array_text(c[STAGE(OUTCOME)], outcome_names[row->outcome]);
	pg_array_bool(c[STAGE(IDENTIFIED)],
	              row->outcome != IMPORT_REJECTED || row->identified);
	pg_array_text(c[STAGE(REASON)],
	              row->outcome != IMPORT_REJECTED || row->shown
	                      ? row->reason
	                      : NULL);
	if (raw.n > 0)
		add_raw(c[STAGE(RAW)], raw);
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
	chunk_count(chunk, raw.n + length(row->tags) + length(row->review));
}

/* --- files --- */

/* The parameter of a column. */
#define PART(name) SQL_IMPORT_STAGE_FILES_##name##_ARRAY

/* lists/NAME.csv -> NAME; NULL: it is no list. */
static void add_slug(struct pg_array *array, const struct import_file *file)
{
	const char *base = export_path_base(file->path);

	if (file->kind == IMPORT_LIST)
		pg_array_text_len(array, base, strlen(base) - strlen(".csv"));
	else
		pg_array_null(array);
}

static void stage_files(struct pg_tx *tx, const struct import_set *set)
{
	struct chunk chunk = { .tx = tx, .sql = &SQL_IMPORT_STAGE_FILES };
	struct pg_array **c = chunk.columns;

	chunk_begin(&chunk);
	for (size_t i = 0; i < set->count && !pg_tx_overflowed(tx); i++) {
		const struct import_file *file = &set->files[i];

		pg_array_int(c[PART(FILE)], file->ordinal);
		pg_array_text(c[PART(PATH)], file->path);
		pg_array_text(c[PART(KIND)], import_kind_name(file->kind));
		add_slug(c[PART(SLUG)], file);
		chunk_count(&chunk, 0);
	}
	chunk_end(&chunk);
}

/* The parameter of a column. */
#define FACT(name) SQL_IMPORT_STAGE_FACTS_##name##_ARRAY

static size_t rows_not_kept(const struct import_file *file)
{
	return file->kind == IMPORT_COUNTED ? 0 : file->count - file->kept;
}

static void add_facts(struct chunk *chunk, const struct import_file *file)
{
	const struct import_list *list = &file->list;
	struct pg_array **c = chunk->columns;

	pg_array_int(c[FACT(FILE)], file->ordinal);
	pg_array_int(c[FACT(ROWS)], (int64_t)file->count);
	pg_array_int(c[FACT(UNKEPT)], (int64_t)rows_not_kept(file));
	pg_array_text(c[FACT(REASON)], file->reason);
	pg_array_text(c[FACT(NAME)], list->name);
	pg_array_text(c[FACT(DATE)], list->date);
	pg_array_text(c[FACT(TAGS)], list->tags);
	pg_array_text(c[FACT(URL)], list->url);
	pg_array_text(c[FACT(DESCRIPTION)], list->description);
	chunk_count(chunk, length(list->name) + length(list->tags) +
	                           length(list->url) +
	                           length(list->description));
}

static void stage_facts(struct pg_tx *tx, const struct import_set *set)
{
	struct chunk chunk = { .tx = tx, .sql = &SQL_IMPORT_STAGE_FACTS };

	chunk_begin(&chunk);
	for (size_t i = 0; i < set->count && !pg_tx_overflowed(tx); i++)
		add_facts(&chunk, &set->files[i]);
	chunk_end(&chunk);
}

/* Rows of files that were given up after some were handed over. */
static void forget_rows(struct pg_tx *tx, const struct import_set *set)
{
	struct pg_array *given_up = pg_array_new();

	for (size_t i = 0; i < set->count; i++) {
		const struct import_file *file = &set->files[i];

		if (file->reason != NULL && file->handed_over)
			pg_array_int(given_up, file->ordinal);
	}
	if (pg_array_count(given_up) == 0) {
		pg_array_free(&given_up);
		return;
	}
	pg_tx_add(tx, &SQL_IMPORT_FORGET_ROWS);
	PG_ARRAY(tx, SQL_IMPORT_FORGET_ROWS, FILE, given_up);
}

/* --- causes --- */

/* The parameter of a column. */
#define CAUSE(name) SQL_IMPORT_STAGE_CAUSES_##name##_ARRAY

static void stage_causes(struct pg_tx *tx, const struct import_set *set)
{
	struct chunk chunk = { .tx = tx, .sql = &SQL_IMPORT_STAGE_CAUSES };
	struct pg_array **c = chunk.columns;

	chunk_begin(&chunk);
	for (size_t f = 0; f < set->count && !pg_tx_overflowed(tx); f++) {
		const struct import_file *file = &set->files[f];

		for (size_t i = 0; i < file->cause_count; i++) {
			const struct import_cause *cause = &file->causes[i];

			pg_array_int(c[CAUSE(FILE)], file->ordinal);
			pg_array_text(c[CAUSE(REASON)], cause->reason);
			pg_array_int(c[CAUSE(LINE)], cause->line);
			pg_array_int(c[CAUSE(ROWS)], (int64_t)cause->rows);
			chunk_count(&chunk, 0);
		}
	}
	chunk_end(&chunk);
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

static int64_t size_of(const struct import_set *set)
{
	size_t bytes = 0;

	for (size_t i = 0; i < set->content_count; i++)
		bytes += set->contents[i].n;
	return (int64_t)bytes;
}

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
	/* Another import of the member may take its time. */
	pg_tx_pause(tx);
	pg_tx_add(tx, &SQL_IMPORT_BEGIN);
	PG_TEXT(tx, SQL_IMPORT_BEGIN, FILE_NAME, set->file_name);
	PG_BYTES(tx, SQL_IMPORT_BEGIN, SHA256, order->sha256,
	         sizeof(order->sha256));
	PG_INT(tx, SQL_IMPORT_BEGIN, SIZE, size_of(set));
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
static void finish(struct pg_tx *tx, const struct import_set *set,
                   const struct merge_order *order)
{
	pg_tx_add(tx, &SQL_IMPORT_CHANGES);
	pg_tx_add(tx, &SQL_IMPORT_SAVE_REPORT);
	PG_TEXT(tx, SQL_IMPORT_SAVE_REPORT, ACCOUNT, account_of(set));
	PG_REAL(tx, SQL_IMPORT_SAVE_REPORT, SECONDS, order->seconds);
	pg_tx_add(tx, &SQL_IMPORT_PRUNE_REPORTS);
	nested_loops(tx, "on");
	pg_tx_add(tx, &SQL_IMPORT_FILMS_DROP);
	pg_tx_add(tx, &SQL_IMPORT_ENQUEUE);
	pg_tx_add(tx, &SQL_IMPORT_REPORT);
	PG_NULL(tx, SQL_IMPORT_REPORT, IMPORT, INT);
}

struct merge {
	struct pg_tx *tx;
	struct chunk rows; /* on their way */
};

struct merge *merge_new(struct arena *arena, size_t reserve,
                        const struct import_set *set,
                        const struct merge_order *order)
{
	struct pg_tx *tx = pg_tx_new_beside(arena, reserve);

	if (tx == NULL)
		return NULL;
	begin(tx, set, order);
	stage_files(tx, set);

	struct merge *m = xcalloc(1, sizeof(*m));
	m->tx = tx;
	m->rows = (struct chunk){ .tx = tx, .sql = &SQL_IMPORT_STAGE };
	chunk_begin(&m->rows);
	return m;
}

void merge_rows(struct merge *m, const struct import_file *file,
                const struct import_row *rows, size_t count)
{
	for (size_t i = 0; i < count && !pg_tx_overflowed(m->tx); i++)
		add_row(&m->rows, file, &rows[i]);
}

struct pg_tx *merge_end(struct merge **merge, const struct import_set *set,
                        const struct merge_order *order)
{
	struct pg_tx *tx = (*merge)->tx;

	chunk_end(&(*merge)->rows);
	free(*merge);
	*merge = NULL;
	stage_facts(tx, set);
	stage_causes(tx, set);
	forget_rows(tx, set);
	name_films(tx, set);
	find_films(tx);
	change_library(tx, set, order);
	finish(tx, set, order);
	if (pg_tx_overflowed(tx))
		pg_tx_free(&tx);
	return tx;
}

void merge_free(struct merge **merge)
{
	if (*merge == NULL)
		return;
	chunk_free(&(*merge)->rows);
	pg_tx_free(&(*merge)->tx);
	free(*merge);
	*merge = NULL;
}
