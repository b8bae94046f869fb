#ifndef COMMON_PG_PG_TX_H
#define COMMON_PG_PG_TX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/pg/sql.h"

/*
 * A transaction as a value: a list of statements with their parameters. It is
 * run as a whole on one connection (pg_pool.h) and either commits as a whole
 * or reports one error. Nobody outside common/pg/ ever holds a connection.
 *
 * On the wire it is one pipeline ended by one Sync: the server itself takes
 * the statements up to the Sync as one transaction and rolls back on the
 * first error, so a transaction cannot stay open while a client thinks.
 *
 *	struct pg_tx *tx = pg_tx_new();
 *	pg_tx_member(tx, member_id);
 *	pg_tx_add(tx, &SQL_CHOICE_SET);
 *	PG_INT(tx, SQL_CHOICE_SET, FILM, film_id);
 *	PG_TEXT(tx, SQL_CHOICE_SET, REF, ref);
 *	pg_pool_run(pool, tx, choice_set, rq);
 *
 * Values are copied. Each parameter of a statement is set once, in any order;
 * one that is set twice, not at all, or of another statement than the latest
 * is a programming error: ensure().
 */
struct pg_tx;

struct pg_tx *pg_tx_new(void);
/* One whose arena has a maximum, together with that one, and may overflow: see
 * arena_new_beside(). NULL as there. One that overflowed is not run. */
struct pg_tx *pg_tx_new_beside(struct arena *arena, size_t reserve);
bool pg_tx_overflowed(const struct pg_tx *tx);
/* For one that was never run; running it hands over ownership. */
void pg_tx_free(struct pg_tx **tx);

/* First statement of every transaction that touches members' tables: sets
 * rewatch.member_id for the transaction, which row-level security compares
 * with. Its result is not counted among the results. */
void pg_tx_member(struct pg_tx *tx, int64_t member_id);
/* Roll back instead of committing (a dry run): results arrive all the same. */
void pg_tx_rollback(struct pg_tx *tx);
/* Longest time from pg_pool_run() to the outcome; default: the pool's. */
void pg_tx_deadline(struct pg_tx *tx, int64_t ms);

/*
 * What is added from now on is sent when all before has been answered: for behind
 * a statement that may wait. A server that waits takes nothing, and a connection
 * that takes nothing for tcp_user_timeout is lost. Once, behind a statement.
 */
void pg_tx_pause(struct pg_tx *tx);

void pg_tx_add(struct pg_tx *tx, const struct sql *sql);
/* With all its parameters as text, in its order; NULL: NULL. */
void pg_tx_add_texts(struct pg_tx *tx, const struct sql *sql,
                     const char *const *values);
/* With all its parameters arrays, in its order; takes ownership of each. */
struct pg_array;
void pg_tx_add_arrays(struct pg_tx *tx, const struct sql *sql,
                      struct pg_array *const *arrays);

/*
 * Parameters of the latest statement. The kind is pasted into the constant (see
 * sql.h): a name or a type that the statement does not have is no constant.
 */
#define PG_INT(tx, sql, name, value)                                           \
	pg_tx_set_int(tx, &sql, sql##_##name##_INT, value)
#define PG_REAL(tx, sql, name, value)                                          \
	pg_tx_set_real(tx, &sql, sql##_##name##_REAL, value)
#define PG_BOOL(tx, sql, name, value)                                          \
	pg_tx_set_bool(tx, &sql, sql##_##name##_BOOL, value)
/* NULL: NULL. */
#define PG_TEXT(tx, sql, name, value)                                          \
	pg_tx_set_text(tx, &sql, sql##_##name##_TEXT, value)
/* "2024-02-29"; NULL: NULL. */
#define PG_DATE(tx, sql, name, value)                                          \
	pg_tx_set_text(tx, &sql, sql##_##name##_DATE, value)
#define PG_BYTES(tx, sql, name, value, len)                                    \
	pg_tx_set_bytes(tx, &sql, sql##_##name##_BYTES, value, len)
/* Written with pg_array.h; takes ownership. */
#define PG_ARRAY(tx, sql, name, array)                                         \
	pg_tx_set_array(tx, &sql, sql##_##name##_ARRAY, array)
#define PG_NULL(tx, sql, name, kind)                                           \
	pg_tx_set_null(tx, &sql, sql##_##name##_##kind)

/* The same where tables say which parameter of which statement: by its place.
 */
struct pg_array;
void pg_tx_set_int(struct pg_tx *tx, const struct sql *sql, int param,
                   int64_t value);
void pg_tx_set_real(struct pg_tx *tx, const struct sql *sql, int param,
                    double value);
void pg_tx_set_bool(struct pg_tx *tx, const struct sql *sql, int param,
                    bool value);
void pg_tx_set_text(struct pg_tx *tx, const struct sql *sql, int param,
                    const char *value);
void pg_tx_set_bytes(struct pg_tx *tx, const struct sql *sql, int param,
                     const void *value, size_t len);
void pg_tx_set_array(struct pg_tx *tx, const struct sql *sql, int param,
                     struct pg_array *array);
void pg_tx_set_null(struct pg_tx *tx, const struct sql *sql, int param);

/* Everything of the transaction lives here, until its callback returned. */
struct arena *pg_tx_arena(struct pg_tx *tx);

#endif
