/*
 * Requests: what a handler may know of one, and the way to the database and
 * back. Failures of the database are answered here, once, for all handlers.
 */
#include "api-server/http/request.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <event2/buffer.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>

#include "api-server/http/http_server_private.h"
#include "api-server/http/params.h"
#include "api-server/http/reply.h"
#include "api-server/http/request_private.h"
#include "common/base/backoff.h"
#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/pg/pg_pool.h"

#define JSON_NODES_MAX 20000
#define JSON_DEPTH_MAX 16

static const char *method_name(enum evhttp_cmd_type type)
{
	static const struct {
		enum evhttp_cmd_type type;
		const char *name;
	} methods[] = {
		{ EVHTTP_REQ_GET, "GET" },        { EVHTTP_REQ_HEAD, "HEAD" },
		{ EVHTTP_REQ_POST, "POST" },      { EVHTTP_REQ_PUT, "PUT" },
		{ EVHTTP_REQ_DELETE, "DELETE" },  { EVHTTP_REQ_PATCH, "PATCH" },
		{ EVHTTP_REQ_OPTIONS, "OPTIONS" }
	};

	size_t i = 0;

	/* evhttp passes on no others: see METHODS of http_server.c. */
	while (methods[i].type != type)
		ensure(++i < ARRAY_LEN(methods));
	return methods[i].name;
}

struct request *request_new(struct http_server *http, struct evhttp_request *ev)
{
	const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(ev);
	const char *path = evhttp_uri_get_path(uri);
	struct request *rq = xcalloc(1, sizeof(*rq));

	rq->http = http;
	rq->ev = ev;
	rq->arena = arena_new();
	rq->method = method_name(evhttp_request_get_command(ev));
	rq->path = str_of(path != NULL ? path : "");
	rq->query = evhttp_uri_get_query(uri);
	rq->begun_us = clock_us();
	snprintf(rq->id, sizeof(rq->id), "%016" PRIx64, random_u64());
	TAILQ_INSERT_TAIL(&http->requests, rq, link);
	return rq;
}

void request_free(struct request *rq)
{
	ensure(rq->replied);
	TAILQ_REMOVE(&rq->http->requests, rq, link);
	if (rq->end != NULL)
		rq->end(rq->end_arg);
	arena_free(&rq->arena);
	free(rq);
}

const struct context *request_context(const struct request *rq)
{
	return rq->http->options.context;
}

struct arena *request_arena(struct request *rq)
{
	return rq->arena;
}

const char *request_id(const struct request *rq)
{
	return rq->id;
}

struct str request_path(const struct request *rq)
{
	return rq->path;
}

int64_t request_member(const struct request *rq)
{
	ensure(rq->member > 0);
	return rq->member;
}

void request_set_member(struct request *rq, int64_t member)
{
	rq->member = member;
}

bool request_is_head(const struct request *rq)
{
	return strcmp(rq->method, "HEAD") == 0;
}

bool request_is_safe(const struct request *rq)
{
	return strcmp(rq->method, "GET") == 0 || request_is_head(rq);
}

const char *request_param(const struct request *rq, const char *name)
{
	const int index = params_index(rq->route, name);

	ensure(index >= 0);
	return rq->values[index];
}

int64_t request_param_int(const struct request *rq, const char *name,
                          int64_t otherwise)
{
	const char *value = request_param(rq, name);
	int64_t number = otherwise;

	ensure(value == NULL ||
	       str_to_int64(str_of(value), INT64_MIN, INT64_MAX, &number));
	return number;
}

bool request_param_bool(const struct request *rq, const char *name)
{
	const char *value = request_param(rq, name);

	return value != NULL && strcmp(value, "true") == 0;
}

const char *request_header(const struct request *rq, const char *name)
{
	return evhttp_find_header(evhttp_request_get_input_headers(rq->ev),
	                          name);
}

struct str request_body(struct request *rq)
{
	struct evbuffer *in = evhttp_request_get_input_buffer(rq->ev);
	const size_t len = evbuffer_get_length(in);

	if (len == 0)
		return STR_LIT("");

	const unsigned char *data = evbuffer_pullup(in, -1);
	ensure(data != NULL);
	return (struct str){ (const char *)data, len };
}

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

void request_at_end(struct request *rq, void (*end)(void *arg), void *arg)
{
	ensure(rq->end == NULL);
	rq->end = end;
	rq->end_arg = arg;
}

void request_set_data(struct request *rq, void *data)
{
	rq->data = data;
}

void *request_data(const struct request *rq)
{
	return rq->data;
}

/* --- the database --------------------------------------------------------- */

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

/* The problem that the handler named for this error, or NULL. */
static const char *expected_problem(const struct request *rq,
                                    const struct pg_outcome *outcome)
{
	for (const struct request_expect *e = rq->expect; e && e->sqlstate;
	     e++) {
		if (strcmp(e->sqlstate, outcome->sqlstate) != 0)
			continue;
		if (e->constraint == NULL ||
		    (outcome->constraint != NULL &&
		     strcmp(e->constraint, outcome->constraint) == 0))
			return e->problem;
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
	const char *expected = expected_problem(rq, outcome);

	if (expected != NULL) {
		reply_problem(rq, expected, NULL);
		return;
	}

	const struct failure *f = &failures[outcome->error];
	ensure(outcome->error < ARRAY_LEN(failures) && f->problem != NULL);
	log_warn("database error", log_str("request", rq->id),
	         log_str("kind", pg_error_name(outcome->error)),
	         log_str("sqlstate", outcome->sqlstate),
	         log_str("message", outcome->message),
	         log_int("statement", outcome->failed));
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
