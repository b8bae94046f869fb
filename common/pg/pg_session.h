#ifndef COMMON_PG_PG_SESSION_H
#define COMMON_PG_PG_SESSION_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/base/attr.h"
#include "common/pg/sql.h"

/*
 * Private to common/pg/. What a new connection has to go through before it
 * serves:
 *
 *	begin -> check -> schema -> wall -> the caller's own statements
 *
 * Begin sets the time-outs by a statement, not in the options of the start-up
 * packet: poolers refuse those, or drop them without a word. Check asks what
 * our safety rests on (sql/queries/session/). Knows no sockets and no time.
 */
struct pg_session_plan {
	int64_t deadline_ms;       /* of its transactions */
	const char *schema_change; /* NULL: any schema will do */
	const struct sql *wall;    /* NULL: not asked; see pg_pool.h */
	const char *sql;           /* NULL: nothing to run */
};

enum pg_session_step {
	PG_SESSION_BEGIN,
	PG_SESSION_CHECK,
	PG_SESSION_SCHEMA,
	PG_SESSION_WALL,
	PG_SESSION_SQL,
	PG_SESSION_DONE
};

struct pg_session {
	/* To be read. */
	int pid;       /* of the server's process, from CHECK on */
	char why[384]; /* when REFUSED */
	bool pooled;   /* when REFUSED: a transaction pooler is why */

	/* pg_session.c's */
	PGconn *pg; /* borrowed */
	struct pg_session_plan plan;
	enum pg_session_step step;
	char statement_ms[24];
	char lock_ms[24];
	char mark[24];
};

enum pg_session_result {
	PG_SESSION_WAIT, /* for more bytes */
	PG_SESSION_READY,
	PG_SESSION_REFUSED, /* by us: why says what is wrong */
	PG_SESSION_FAILED   /* PQerrorMessage() says why */
};

/* Sends the first step; then as pg_session_read(). */
enum pg_session_result pg_session_begin(struct pg_session *s, PGconn *pg,
                                        struct pg_session_plan plan) MUST_CHECK;
/* Takes what has been received and sends the next step. */
enum pg_session_result pg_session_read(struct pg_session *s) MUST_CHECK;

/* What the server is told to give up a statement after, so that its answer
 * comes before the deadline of the transaction. */
int64_t pg_statement_timeout(int64_t deadline_ms);

#endif
