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

/* The value of a parameter that is not set yet. */
static const char unset[] = "unset";

static struct pg_tx *tx_in(struct arena *arena)
{
	struct pg_tx *tx = arena_alloc(arena, sizeof(*tx));

	tx->arena = arena;
	tx->outcome.failed = -1;
	return tx;
}

struct pg_tx *pg_tx_new(void)
{
	return tx_in(arena_new());
}

struct pg_tx *pg_tx_new_beside(struct arena *arena, size_t reserve)
{
	struct arena *own = arena_new_beside(arena, reserve);

	return own != NULL ? tx_in(own) : NULL;
}

bool pg_tx_overflowed(const struct pg_tx *tx)
{
	return arena_overflowed(tx->arena);
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

void pg_tx_pause(struct pg_tx *tx)
{
	ensure(tx->count > 0 && tx->pause == 0);
	tx->pause = tx->count;
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

void pg_tx_add(struct pg_tx *tx, const struct sql *sql)
{
	const size_t n = (size_t)sql->nparams;
	struct pg_statement *s;

	if (tx->count == tx->capacity)
		grow(tx);
	s = &tx->statements[tx->count++];
	*s = (struct pg_statement){ .sql = sql };
	if (n == 0)
		return;
	s->values = arena_alloc(tx->arena, n * sizeof(*s->values));
	s->lengths = arena_alloc(tx->arena, n * sizeof(*s->lengths));
	s->formats = arena_alloc(tx->arena, n * sizeof(*s->formats));
	for (size_t i = 0; i < n; i++)
		s->values[i] = unset;
}

void pg_tx_add_texts(struct pg_tx *tx, const struct sql *sql,
                     const char *const *values)
{
	pg_tx_add(tx, sql);
	for (int i = 0; i < sql->nparams; i++)
		pg_tx_set_text(tx, sql, i, values[i]);
}

void pg_tx_add_arrays(struct pg_tx *tx, const struct sql *sql,
                      struct pg_array *const *arrays)
{
	pg_tx_add(tx, sql);
	for (int i = 0; i < sql->nparams; i++)
		pg_tx_set_array(tx, sql, i, arrays[i]);
}

/* --- parameters ----------------------------------------------------------- */

static NORETURN void param_wrong(const struct sql *sql, int param,
                                 const char *what)
{
	const char *name = sql->params != NULL ? sql->params[param] : "";
	char *why = xasprintf("parameter %d (%s) of %s is %s", param + 1, name,
	                      sql->name, what);

	ensure_failed(why, __FILE__, __LINE__);
}

/* value is the arena's or NULL. */
static void param_set(struct pg_tx *tx, const struct sql *sql, int param,
                      const char *value, size_t len)
{
	struct pg_statement *s;

	ensure(tx->count > 0 && len <= INT_MAX);
	s = &tx->statements[tx->count - 1];
	ensure(param >= 0 && param < sql->nparams);
	if (s->sql != sql)
		param_wrong(sql, param, "given to another statement");
	if (s->values[param] != unset)
		param_wrong(sql, param, "set twice");
	s->values[param] = value;
	s->lengths[param] = (int)len;
	s->formats[param] = FORMAT_TEXT;
}

void pg_tx_set_int(struct pg_tx *tx, const struct sql *sql, int param,
                   int64_t value)
{
	param_set(tx, sql, param, arena_printf(tx->arena, "%" PRId64, value),
	          0);
}

void pg_tx_set_real(struct pg_tx *tx, const struct sql *sql, int param,
                    double value)
{
	const char *text =
		isnan(value) ? "NaN" : arena_printf(tx->arena, "%.17g", value);

	param_set(tx, sql, param, text, 0);
}

void pg_tx_set_bool(struct pg_tx *tx, const struct sql *sql, int param,
                    bool value)
{
	param_set(tx, sql, param, value ? "t" : "f", 0);
}

void pg_tx_set_text(struct pg_tx *tx, const struct sql *sql, int param,
                    const char *value)
{
	const char *copy =
		value != NULL ? arena_strdup(tx->arena, value) : NULL;

	param_set(tx, sql, param, copy, 0);
}

void pg_tx_set_bytes(struct pg_tx *tx, const struct sql *sql, int param,
                     const void *value, size_t len)
{
	param_set(tx, sql, param, arena_strndup(tx->arena, value, len), len);
	tx->statements[tx->count - 1].formats[param] = FORMAT_BINARY;
}

void pg_tx_set_array(struct pg_tx *tx, const struct sql *sql, int param,
                     struct pg_array *array)
{
	pg_tx_set_text(tx, sql, param, pg_array_literal(array));
	pg_array_free(&array);
}

void pg_tx_set_null(struct pg_tx *tx, const struct sql *sql, int param)
{
	param_set(tx, sql, param, NULL, 0);
}

/* --- the whole ------------------------------------------------------------ */

static void statement_ensure_whole(const struct pg_statement *s)
{
	for (int i = 0; i < s->sql->nparams; i++) {
		if (s->values[i] == unset)
			param_wrong(s->sql, i, "not set");
	}
}

void pg_tx_seal(struct pg_tx *tx)
{
	const size_t count = (size_t)tx->count;

	ensure(tx->count > 0);
	for (int i = 0; i < tx->count; i++)
		statement_ensure_whole(&tx->statements[i]);
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

void pg_tx_cancelled(struct pg_tx *tx, const char *why)
{
	static const char query_canceled[] = "57014";

	if (tx->outcome.error != PG_OK)
		return;
	pg_tx_fail(tx, PG_ERROR_TRANSIENT, "%s", why);
	memcpy(tx->outcome.sqlstate, query_canceled, sizeof(query_canceled));
}

void pg_tx_succeed(struct pg_tx *tx)
{
	for (int i = 0; i < tx->count; i++)
		tx->results[i] = &tx->rows[i];
	tx->outcome.count = tx->count;
	tx->outcome.results = tx->results;
}
