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
 *	pg_tx_add(tx, &SQL_FILM_RATING, 1);
 *	pg_tx_int(tx, film_id);
 *	pg_pool_run(pool, tx, film_rated, rq);
 *
 * pg_tx_add() names the number of parameters that follow; it must be the
 * statement's, and each pg_tx_<type>() adds the next one of the latest
 * statement (ensure()d when the transaction is run). Values are copied.
 */
struct pg_tx;

struct pg_tx *pg_tx_new(void);
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

void pg_tx_add(struct pg_tx *tx, const struct sql *sql, int nparams);
void pg_tx_int(struct pg_tx *tx, int64_t value);
void pg_tx_double(struct pg_tx *tx, double value);
void pg_tx_bool(struct pg_tx *tx, bool value);
void pg_tx_text(struct pg_tx *tx, const char *value); /* NULL: NULL */
void pg_tx_bytes(struct pg_tx *tx, const void *value, size_t len);
void pg_tx_null(struct pg_tx *tx);
/* Any parameter that is an array, written with pg_array.h. */
struct pg_array;
void pg_tx_array(struct pg_tx *tx, struct pg_array *array);

/* Everything of the transaction lives here, until its callback returned. */
struct arena *pg_tx_arena(struct pg_tx *tx);

#endif
