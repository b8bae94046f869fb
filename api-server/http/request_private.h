#ifndef API_SERVER_HTTP_REQUEST_PRIVATE_H
#define API_SERVER_HTTP_REQUEST_PRIVATE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "api-server/http/request.h"
#include "api-server/http/request_run.h"
#include "api-server/http/route.h"
#include "api-server/http/router.h"
#include "common/base/str.h"

struct http_exchange;
struct http_server;
struct problem;

#define REQUEST_ID_SIZE 17

/*
 * The inside of a request, for http/ alone. Its life:
 *
 *	pending --> sending    a reply_*()
 *	sending --> freed      sent, or the connection was closed
 *
 * While it is pending nothing is read from the connection and nothing of it is
 * noticed; while it is sending, whoever holds it must not reply again.
 */
struct request {
	struct http_server *http;
	struct http_exchange *x;
	struct arena *arena;
	TAILQ_ENTRY(request) link; /* of the server's list, until it is freed */

	const char *method; /* "-": none could be read */
	struct str path;    /* encoded, without the query */
	const char *query;
	struct router_match match;
	const struct route *route; /* NULL until one is found */
	const char *const *values; /* one per parameter of the route */
	int64_t member;            /* 0: none */
	int64_t begun_us;
	char id[REQUEST_ID_SIZE];
	bool received; /* its body is whole; somebody works on the reply */
	bool replied;
	const struct problem *problem; /* replied; NULL: none */
	const char *detail;            /* of it, what the client was told */

	request_then *then;
	const struct request_expect *expect;
	void *data;
	void (*end)(void *arg); /* or NULL */
	void *end_arg;
};

TAILQ_HEAD(request_list, request);

/* Put into the server's list; ends with the exchange. */
struct request *request_new(struct http_server *http, struct http_exchange *x);

/* The headers every reply has. */
void reply_common_headers(struct request *rq);

#endif
