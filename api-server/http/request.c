/* Requests: what a handler may know of one. */
#include "api-server/http/request.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <event2/buffer.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>

#include "api-server/http/http_server_private.h"
#include "api-server/http/params.h"
#include "api-server/http/request_private.h"
#include "common/base/backoff.h"
#include "common/base/clock.h"
#include "common/base/mem.h"

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

const struct route *request_route(const struct request *rq)
{
	return rq->route;
}

const char *const *request_values(const struct request *rq)
{
	return rq->values;
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

void request_at_end(struct request *rq, void (*end)(void *arg), void *arg)
{
	ensure(rq->end == NULL);
	rq->end = end;
	rq->end_arg = arg;
}

const struct problem *request_problem(const struct request *rq,
                                      const char **detail_r)
{
	*detail_r = rq->detail;
	return rq->problem;
}

void request_set_data(struct request *rq, void *data)
{
	rq->data = data;
}

void *request_data(const struct request *rq)
{
	return rq->data;
}
