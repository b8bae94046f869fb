/* Requests: what a handler may know of one. */
#include "api-server/http/request.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api-server/http/http_server_private.h"
#include "api-server/http/params.h"
#include "api-server/http/request_private.h"
#include "common/base/backoff.h"
#include "common/base/clock.h"
#include "common/base/mem.h"
#include "common/http/http_exchange.h"

/* The exchange is over: its reply was sent, or the connection is gone. */
static void request_free_cb(void *arg)
{
	struct request *rq = arg;

	ensure(rq->replied || !rq->received);
	TAILQ_REMOVE(&rq->http->requests, rq, link);
	if (rq->end != NULL)
		rq->end(rq->end_arg);
	arena_free(&rq->arena);
	free(rq);
}

struct request *request_new(struct http_server *http, struct http_exchange *x)
{
	const struct http_head *head = http_exchange_head(x);
	struct request *rq = xcalloc(1, sizeof(*rq));

	rq->http = http;
	rq->x = x;
	rq->arena = arena_new();
	rq->method = head->method != NULL ? head->method : "-";
	rq->path = head->path;
	rq->query = head->query;
	rq->begun_us = clock_us();
	snprintf(rq->id, sizeof(rq->id), "%016" PRIx64, random_u64());
	TAILQ_INSERT_TAIL(&http->requests, rq, link);
	http_exchange_set_data(x, rq);
	http_exchange_at_end(x, request_free_cb, rq);
	return rq;
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
	return http_exchange_field(rq->x, name);
}

struct str request_body(const struct request *rq)
{
	return http_exchange_body(rq->x);
}

void request_drop_body(struct request *rq)
{
	http_exchange_drop_body(rq->x);
}

size_t request_length(const struct request *rq)
{
	return (size_t)http_exchange_head(rq->x)->length;
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
