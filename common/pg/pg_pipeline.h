#ifndef COMMON_PG_PG_PIPELINE_H
#define COMMON_PG_PG_PIPELINE_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/base/attr.h"

/*
 * Private to common/pg/. One transaction on the wire: sent as one libpq
 * pipeline, its replies read as they come. Knows no sockets and no time.
 *
 * What libpq has not sent yet it keeps in a buffer that never shrinks, and
 * moves with each piece that the socket takes. So a large transaction is handed
 * to it piece by piece: after pg_pipeline_send() and whenever libpq's buffer is
 * empty, pg_pipeline_continue() as long as pg_pipeline_unsent().
 */
struct pg_tx;
struct pg_known;
struct pg_step;

struct pg_pipeline {
	PGconn *pg; /* borrowed */
	/* What is prepared on this connection. */
	struct pg_known *known;
	int known_count;
	int known_capacity;
	/* What statement_timeout of the session was derived from. */
	int64_t session_deadline_ms;

	struct pg_tx *tx;      /* borrowed; NULL: none running */
	int next;              /* statement to be sent next */
	bool ended;            /* all of it has been handed to libpq */
	struct pg_step *steps; /* replies that are to come, in order */
	int step_count;
	int at;
};

enum pg_progress {
	PG_PROGRESS_WAIT, /* for more bytes */
	PG_PROGRESS_DONE, /* the transaction's outcome is set */
	PG_PROGRESS_DROP  /* so it is, and the connection must be dropped */
};

void pg_pipeline_init(struct pg_pipeline *p, PGconn *pg,
                      int64_t session_deadline_ms);
void pg_pipeline_deinit(struct pg_pipeline *p);

/* Both hand over a piece. False: libpq could not take it (the connection is
 * bad). */
bool pg_pipeline_send(struct pg_pipeline *p, struct pg_tx *tx) MUST_CHECK;
bool pg_pipeline_continue(struct pg_pipeline *p) MUST_CHECK;
/* A transaction is running, and more of it can be handed over now. */
bool pg_pipeline_unsent(const struct pg_pipeline *p);
/* The end of the transaction that is running has been handed over: until then
 * it cannot have been committed. */
bool pg_pipeline_ended(const struct pg_pipeline *p);
/* Takes what has been received so far. */
enum pg_progress pg_pipeline_read(struct pg_pipeline *p) MUST_CHECK;

#endif
