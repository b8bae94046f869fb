/*
 * Transactions as values: statements and copies of their parameters in one
 * arena.
 */
#include "common/pg/pg_tx.h"

#include <event2/event.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>

#include "common/base/mem.h"
#include "common/pg/pg_array.h"
#include "common/pg/pg_tx_private.h"

#define FORMAT_TEXT    0
#define FORMAT_BINARY  1
#define FIRST_CAPACITY 4

struct pg_tx *pg_tx_new(void)
{
	struct arena *arena = arena_new();
	struct pg_tx *tx = arena_alloc(arena, sizeof(*tx));

	tx->arena = arena;
	tx->outcome.failed = -1;
	return tx;
}

void pg_tx_free(struct pg_tx **tx)
{
	struct arena *arena;

	if (*tx == NULL)
		return;
	for (int i = 0; (*tx)->rows != NULL && i < (*tx)->count; i++)
		PQclear((*tx)->rows[i].result);
	if ((*tx)->timer != NULL)
		event_free((*tx)->timer);
	arena = (*tx)->arena;
	arena_free(&arena);
	*tx = NULL;
}

struct arena *pg_tx_arena(struct pg_tx *tx)
{
	return tx->arena;
}

void pg_tx_member(struct pg_tx *tx, int64_t member_id)
{
	tx->member_id = arena_printf(tx->arena, "%" PRId64, member_id);
}

void pg_tx_rollback(struct pg_tx *tx)
{
	tx->rollback = true;
}

void pg_tx_deadline(struct pg_tx *tx, int64_t ms)
{
	ensure(ms > 0);
	tx->deadline_ms = ms;
}

static void grow(struct pg_tx *tx)
{
	int capacity = tx->capacity ? 2 * tx->capacity : FIRST_CAPACITY;
	struct pg_statement *larger =
		arena_alloc(tx->arena, (size_t)capacity * sizeof(*larger));

	if (tx->count > 0)
		memcpy(larger, tx->statements,
		       (size_t)tx->count * sizeof(*larger));
	tx->statements = larger;
	tx->capacity = capacity;
}

void pg_tx_add(struct pg_tx *tx, const struct sql *sql, int nparams)
{
	struct pg_statement *s;
	size_t n = (size_t)nparams;

	ensure(nparams >= 0);
	if (tx->count == tx->capacity)
		grow(tx);
	s = &tx->statements[tx->count++];
	*s = (struct pg_statement){ .sql = sql, .nparams = nparams };
	if (n == 0)
		return;
	s->values = arena_alloc(tx->arena, n * sizeof(*s->values));
	s->lengths = arena_alloc(tx->arena, n * sizeof(*s->lengths));
	s->formats = arena_alloc(tx->arena, n * sizeof(*s->formats));
}

/* value is the arena's or NULL. */
static void parameter(struct pg_tx *tx, const char *value, size_t len,
                      int format)
{
	struct pg_statement *s;

	ensure(tx->count > 0);
	ensure(len <= INT_MAX);
	s = &tx->statements[tx->count - 1];
	ensure(s->filled < s->nparams);
	s->values[s->filled] = value;
	s->lengths[s->filled] = (int)len;
	s->formats[s->filled] = format;
	s->filled++;
}

void pg_tx_int(struct pg_tx *tx, int64_t value)
{
	parameter(tx, arena_printf(tx->arena, "%" PRId64, value), 0,
	          FORMAT_TEXT);
}

void pg_tx_double(struct pg_tx *tx, double value)
{
	const char *text =
		isnan(value) ? "NaN" : arena_printf(tx->arena, "%.17g", value);

	parameter(tx, text, 0, FORMAT_TEXT);
}

void pg_tx_bool(struct pg_tx *tx, bool value)
{
	parameter(tx, value ? "t" : "f", 0, FORMAT_TEXT);
}

void pg_tx_text(struct pg_tx *tx, const char *value)
{
	if (value == NULL)
		pg_tx_null(tx);
	else
		parameter(tx, arena_strdup(tx->arena, value), 0, FORMAT_TEXT);
}

void pg_tx_bytes(struct pg_tx *tx, const void *value, size_t len)
{
	parameter(tx, arena_strndup(tx->arena, value, len), len, FORMAT_BINARY);
}

void pg_tx_null(struct pg_tx *tx)
{
	parameter(tx, NULL, 0, FORMAT_TEXT);
}

void pg_tx_array(struct pg_tx *tx, struct pg_array *array)
{
	parameter(tx, arena_strdup(tx->arena, pg_array_literal(array)), 0,
	          FORMAT_TEXT);
	pg_array_free(&array);
}

void pg_tx_seal(struct pg_tx *tx)
{
	size_t count = (size_t)tx->count;

	ensure(tx->count > 0);
	for (int i = 0; i < tx->count; i++) {
		const struct pg_statement *s = &tx->statements[i];
		ensure(s->nparams == s->sql->nparams);
		ensure(s->filled == s->nparams);
	}
	tx->rows = arena_alloc(tx->arena, count * sizeof(*tx->rows));
	tx->results = arena_alloc(tx->arena, count * sizeof(struct pg_rows *));
}

void pg_tx_fail(struct pg_tx *tx, enum pg_error_kind kind, const char *fmt, ...)
{
	char message[1024];
	va_list ap;

	if (tx->outcome.error != PG_OK)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	message[strcspn(message, "\n")] = '\0';
	tx->outcome.error = kind;
	tx->outcome.message = arena_strdup(tx->arena, message);
}

void pg_tx_succeed(struct pg_tx *tx)
{
	for (int i = 0; i < tx->count; i++)
		tx->results[i] = &tx->rows[i];
	tx->outcome.count = tx->count;
	tx->outcome.results = tx->results;
}
