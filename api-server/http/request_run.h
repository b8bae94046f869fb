#ifndef API_SERVER_HTTP_REQUEST_RUN_H
#define API_SERVER_HTTP_REQUEST_RUN_H

#include <stdbool.h>

#include "common/json/json_read.h"
#include "common/pg/pg_result.h"
#include "common/pg/pg_tx.h"

struct request;

/*
 * What a request asks of the database. Each of these may end the request with a
 * problem; request.h says that there is exactly one reply.
 */

/* The body as JSON; false: a problem has been replied already. */
bool request_json(struct request *rq, const struct json **json_r);

/* A transaction for the member of the request; add statements to it. */
struct pg_tx *request_tx(struct request *rq);
/*
 * Runs tx. then() sees success only, from the loop, later; every failure is
 * turned into a problem reply and a log line here (unless expected, below).
 */
typedef void request_then(struct request *rq, const struct pg_outcome *outcome);
void request_run(struct request *rq, struct pg_tx *tx, request_then *then);

/* Errors of the database that are an answer: SQLSTATE -> problem. */
struct request_expect {
	const char *sqlstate; /* NULL ends the list */
	const char *problem;  /* type, see problem.h */
	bool say; /* its detail is the message, which is our own (refuse()) */
};
void request_run_expecting(struct request *rq, struct pg_tx *tx,
                           request_then *then,
                           const struct request_expect *expect);

/* Answers a transaction that failed: a problem and a log line. */
void request_failed(struct request *rq, const struct pg_outcome *outcome);
/* Answers a route that is a statement: its one row's "body", or a 404. */
void request_run_statement(struct request *rq);

#endif
