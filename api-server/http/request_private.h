#ifndef API_SERVER_HTTP_REQUEST_PRIVATE_H
#define API_SERVER_HTTP_REQUEST_PRIVATE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "api-server/http/request.h"
#include "api-server/http/request_run.h"
#include "api-server/http/route.h"
#include "common/base/str.h"

struct evhttp_request;
struct http_server;
struct problem;

#define REQUEST_ID_SIZE 17

/*
 * The inside of a request, for http/ alone. Its life:
 *
 *	pending --> sending    a reply_*()
 *	sending --> freed      sent, or the connection was closed
 *
 * While it is pending evhttp reads nothing from the connection and notices
 * nothing of it; while it is sending, whoever holds it must not reply again.
 */
struct request {
	struct http_server *http;
	struct evhttp_request *ev;
	struct arena *arena;
	TAILQ_ENTRY(request) link; /* of the server's list, until it is freed */

	const char *method;
	struct str path; /* encoded, without the query */
	const char *query;
	const struct route *route; /* NULL until one is found */
	const char *const *values; /* one per parameter of the route */
	int64_t member;            /* 0: none */
	int64_t begun_us;
	char id[REQUEST_ID_SIZE];
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

/* Takes ev over from evhttp; put into the server's list. */
struct request *request_new(struct http_server *http,
                            struct evhttp_request *ev);
/* After it was sent or its connection is gone. */
void request_free(struct request *rq);

/* The headers every reply has. */
void reply_common_headers(struct request *rq);
/* The request is freed when its reply was sent or its connection is gone. */
void reply_release_when_sent(struct request *rq);

#endif
