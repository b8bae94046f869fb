/*
 * A request's way to the database and back. Failures of the database are
 * answered here, once, for all handlers.
 */
#include "api-server/http/request_run.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "api-server/http/http_server_private.h"
#include "api-server/http/reply.h"
#include "api-server/http/request_private.h"
#include "common/base/attr.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/pg/pg_pool.h"

#define JSON_NODES_MAX 20000
#define JSON_DEPTH_MAX 16

bool request_json(struct request *rq, const struct json **json_r)
{
	const struct json_limits limits = { rq->route->body_max, JSON_NODES_MAX,
		                            JSON_DEPTH_MAX };
	const char *type = request_header(rq, "Content-Type");
	const struct str body = request_body(rq);
	struct error err;

	if (type != NULL && strncasecmp(type, "application/json", 16) != 0) {
		reply_problem(rq, "unsupported-media-type",
		              "The body must be application/json, not %.60s.",
		              type);
		return false;
	}
	*json_r = json_parse(rq->arena, body.p, body.n, &limits, &err);
	if (*json_r == NULL)
		reply_problem(rq, "bad-json", "The body: %s.", err.message);
	return *json_r != NULL;
}

/* --- transactions --- */

struct pg_tx *request_tx(struct request *rq)
{
	struct pg_tx *tx = pg_tx_new();

	pg_tx_member(tx, request_member(rq));
	return tx;
}

static void request_finished(struct request *rq,
                             const struct pg_outcome *outcome)
{
	if (outcome->error == PG_OK)
		rq->then(rq, outcome);
	else
		request_failed(rq, outcome);
}

static void request_finished_cb(void *arg, const struct pg_outcome *outcome)
{
	struct request *rq = arg;

	request_finished(rq, outcome);
}

void request_run(struct request *rq, struct pg_tx *tx, request_then *then)
{
	request_run_expecting(rq, tx, then, NULL);
}

void request_run_expecting(struct request *rq, struct pg_tx *tx,
                           request_then *then,
                           const struct request_expect *expect)
{
	ensure(!rq->replied);
	rq->then = then;
	rq->expect = expect;
	pg_pool_run(rq->http->options.pool, tx, request_finished_cb, rq);
}

/* What the handler said of this error, or NULL. */
static const struct request_expect *
expected_problem(const struct request *rq, const struct pg_outcome *outcome)
{
	for (const struct request_expect *e = rq->expect; e && e->sqlstate;
	     e++) {
		if (strcmp(e->sqlstate, outcome->sqlstate) == 0)
			return e;
	}
	return NULL;
}

/* What the client reads; reading again is harmless, changing again is not. */
static const struct failure {
	const char *problem;
	const char *detail;
	bool unknown; /* whether it was done, had it been a change */
} failures[] = {
	[PG_ERROR_REFUSED] = {
		.problem = "internal",
		.detail = "The database refused what the server asked of it; "
			  "nothing was changed. The server's log says more "
			  "under this request.",
	},
	[PG_ERROR_TRANSIENT] = {
		.problem = "try-again",
		.detail = "Another request was in the way, or the database "
			  "had not the time or room for this one; nothing was "
			  "changed. Send the request again later.",
	},
	[PG_ERROR_LOST] = {
		.problem = "database-unavailable",
		.detail = "The connection to the database was lost on the way.",
		.unknown = true,
	},
	[PG_ERROR_DEADLINE] = {
		.problem = "database-unavailable",
		.detail = "The database did not answer in time.",
		.unknown = true,
	},
	[PG_ERROR_BUSY] = {
		.problem = "busy",
		.detail = "Too many requests wait for the database; nothing "
			  "was changed. Send the request again in a few "
			  "seconds.",
	},
	[PG_ERROR_DOWN] = {
		.problem = "database-unavailable",
		.detail = "There is no connection to the database right now; "
			  "nothing was changed. Send the request again in a "
			  "few seconds.",
	},
};

void request_failed(struct request *rq, const struct pg_outcome *outcome)
{
	const struct request_expect *expected = expected_problem(rq, outcome);

	if (expected != NULL && expected->say) {
		reply_problem(rq, expected->problem, "%s", outcome->message);
		return;
	}
	if (expected != NULL) {
		reply_problem(rq, expected->problem, NULL);
		return;
	}

	const struct failure *f = &failures[outcome->error];
	ensure(outcome->error < ARRAY_LEN(failures) && f->problem != NULL);
	log_warn("database error", log_str("message", outcome->message),
	         log_str("kind", pg_error_name(outcome->error)),
	         log_str("sqlstate", outcome->sqlstate),
	         log_int("statement", outcome->failed),
	         log_str("request", rq->id));
	if (!f->unknown)
		reply_problem(rq, f->problem, "%s", f->detail);
	else if (request_is_safe(rq))
		reply_problem(rq, f->problem,
		              "%s Send the request again in a few seconds.",
		              f->detail);
	else
		reply_problem(rq, "outcome-unknown",
		              "%s Whether the change was made is unknown: look "
		              "before you repeat it.",
		              f->detail);
}

/* --- routes that are a statement --- */

static void statement_done(struct request *rq, const struct pg_outcome *outcome)
{
	const struct pg_rows *rows = outcome->results[0];

	if (pg_count(rows) == 0 || pg_is_null(rows, 0, "body"))
		reply_problem(rq, "not-found", NULL);
	else
		reply_json(rq, 200, pg_text(rows, 0, "body"),
		           pg_text_len(rows, 0, "body"));
}

void request_run_statement(struct request *rq)
{
	struct pg_tx *tx = rq->route->open ? pg_tx_new() : request_tx(rq);

	pg_tx_add_texts(tx, rq->route->sql, rq->values);
	request_run(rq, tx, statement_done);
}
