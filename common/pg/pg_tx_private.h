#ifndef COMMON_PG_PG_TX_PRIVATE_H
#define COMMON_PG_PG_TX_PRIVATE_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "common/base/arena.h"
#include "common/base/attr.h"
#include "common/pg/pg_pool.h"
#include "common/pg/pg_result.h"
#include "common/pg/pg_tx.h"

/*
 * Private to common/pg/: the inside of a transaction, for those who send it
 * (pg_pipeline.c) and those who keep it while it waits (pg_pool.c).
 */
struct event;

struct pg_rows {
	PGresult *result;
};

/* One pg_tx_add(); the three arrays are as PQsendQueryPrepared() has them. */
struct pg_statement {
	const struct sql *sql;
	const char **values;
	int *lengths;
	int *formats;
};

struct pg_tx {
	struct arena *arena;
	struct pg_statement *statements;
	int count;
	int capacity;
	char *member_id; /* NULL: none set */
	bool rollback;
	int pause;           /* statements before it; 0: none */
	int64_t deadline_ms; /* 0: the pool's */

	struct pg_outcome outcome;
	struct pg_rows *rows;           /* one a statement */
	const struct pg_rows **results; /* what the outcome shows of them */

	/* The owner's, from pg_pool_run() to the callback. */
	TAILQ_ENTRY(pg_tx) link;
	struct event *timer; /* while it waits for a connection */
	pg_callback *callback;
	void *arg;
	int64_t started_us;
	int64_t expires_ms;
};

TAILQ_HEAD(pg_tx_list, pg_tx);

/* Every statement has all its parameters; makes room for the results. */
void pg_tx_seal(struct pg_tx *tx);
/* The first failure stays; the message is copied. */
void pg_tx_fail(struct pg_tx *tx, enum pg_error_kind kind, const char *fmt, ...)
	PRINTF_LIKE(3, 4);
/* We have given it up, and it was rolled back: the outcome is as if the server
 * had said so (57014). */
void pg_tx_cancelled(struct pg_tx *tx, const char *why);
/* All statements succeeded and are committed: the outcome shows the rows. */
void pg_tx_succeed(struct pg_tx *tx);

#endif
