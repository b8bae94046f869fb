#ifndef API_SERVER_HTTP_REQUEST_H
#define API_SERVER_HTTP_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/str.h"
#include "common/json/json_read.h"
#include "common/pg/pg_result.h"
#include "common/pg/pg_tx.h"

/*
 * One HTTP request from its handler's call to its one reply. evhttp does not
 * notice a client that left until the reply is written, so the request stays
 * valid that long and exactly one reply_*() (reply.h) ends it; a second one or
 * none is caught by ensure().
 */
struct request;

/* The pool, the worker, the settings: api-server/context.h. */
struct context;
const struct context *request_context(const struct request *rq);

struct arena *request_arena(struct request *rq);
/* Appears in the log of this request and as X-Request-Id. */
const char *request_id(const struct request *rq);
/* HEAD: handled like a GET, the reply goes out without its body. */
bool request_is_head(const struct request *rq);
/* As it was sent: encoded, without the query. */
struct str request_path(const struct request *rq);
int64_t request_member(const struct request *rq);
/* The decoded value of a path or query parameter that the route declares, or
 * its default; NULL when absent. Already checked against its declaration. */
const char *request_param(const struct request *rq, const char *name);
int64_t request_param_int(const struct request *rq, const char *name,
                          int64_t otherwise);
bool request_param_bool(const struct request *rq, const char *name);
/* NULL when absent. */
const char *request_header(const struct request *rq, const char *name);
struct str request_body(struct request *rq);
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
	const char *sqlstate;   /* NULL ends the list */
	const char *constraint; /* or NULL for any */
	const char *problem;    /* type, see problem.h */
};
void request_run_expecting(struct request *rq, struct pg_tx *tx,
                           request_then *then,
                           const struct request_expect *expect);

/* end() is called once, when the request is over: its reply is sent, or its
 * client is gone. One a request. */
void request_at_end(struct request *rq, void (*end)(void *arg), void *arg);

/* What a handler keeps until then(): in the request's arena. */
void request_set_data(struct request *rq, void *data);
void *request_data(const struct request *rq);

#endif
