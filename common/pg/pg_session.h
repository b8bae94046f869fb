#ifndef COMMON_PG_PG_SESSION_H
#define COMMON_PG_PG_SESSION_H

#include <libpq-fe.h>

#include "common/base/attr.h"

/*
 * Private to common/pg/. What a new connection has to go through before it
 * serves: does the database have the schema this program was built for, then
 * the caller's own statements. Knows no sockets and no time.
 */
struct pg_session_plan {
	const char *schema_change; /* NULL: any schema will do */
	const char *sql;           /* NULL: nothing to run */
};

enum pg_session_step {
	PG_SESSION_SCHEMA,
	PG_SESSION_SQL,
	PG_SESSION_DONE
};

struct pg_session {
	PGconn *pg; /* borrowed */
	struct pg_session_plan plan;
	enum pg_session_step step;
};

enum pg_session_result {
	PG_SESSION_WAIT, /* for more bytes */
	PG_SESSION_READY,
	PG_SESSION_WRONG_SCHEMA,
	PG_SESSION_FAILED /* PQerrorMessage() says why */
};

/* Sends the first step; then as pg_session_read(). */
enum pg_session_result pg_session_begin(struct pg_session *s, PGconn *pg,
                                        struct pg_session_plan plan) MUST_CHECK;
/* Takes what has been received and sends the next step. */
enum pg_session_result pg_session_read(struct pg_session *s) MUST_CHECK;

#endif
