#ifndef API_SERVER_HTTP_REQUEST_H
#define API_SERVER_HTTP_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/log.h"
#include "common/base/str.h"

/*
 * One HTTP request from its handler's call to its one reply. A client that left
 * is not noticed until the reply is written, so the request stays
 * valid that long and exactly one reply_*() (reply.h) ends it; a second one or
 * none is caught by ensure().
 */
struct request;
struct problem;
struct route;

/* The pool, the import thread, the settings: api-server/context.h. */
struct context;
const struct context *request_context(const struct request *rq);

struct arena *request_arena(struct request *rq);
/* Appears in the log of this request and as X-Request-Id. */
const char *request_id(const struct request *rq);
/* The first fields of the events of a handler. */
#define REQUEST_LOG(rq)                                                        \
	log_str("request", request_id(rq)),                                    \
		log_int("member", request_member(rq))
/* HEAD: handled like a GET, the reply goes out without its body. */
bool request_is_head(const struct request *rq);
/* GET and HEAD: nothing is changed by it. */
bool request_is_safe(const struct request *rq);
/* As it was sent: encoded, without the query. */
struct str request_path(const struct request *rq);
int64_t request_member(const struct request *rq);
/* The decoded value of a path or query parameter that the route declares, or
 * its default; NULL when absent. Already checked against its declaration. */
const char *request_param(const struct request *rq, const char *name);
int64_t request_param_int(const struct request *rq, const char *name,
                          int64_t otherwise);
bool request_param_bool(const struct request *rq, const char *name);
/* The route that was found, and a value for each of its parameters. */
const struct route *request_route(const struct request *rq);
const char *const *request_values(const struct request *rq);
/* NULL when absent. */
const char *request_header(const struct request *rq, const char *name);
struct str request_body(const struct request *rq);
/* Frees it, for a handler that has copied it. */
void request_drop_body(struct request *rq);
/* What the head says of the body; 0: nothing, it comes in chunks. */
size_t request_length(const struct request *rq);

/* end() is called once, when the request is over: its reply is sent, or its
 * client is gone. One a request. */
void request_at_end(struct request *rq, void (*end)(void *arg), void *arg);

/* Once it has a reply: the problem that the client was told, with its words;
 * NULL: none. */
const struct problem *request_problem(const struct request *rq,
                                      const char **detail_r);

/* What a handler keeps until its answer comes: in the request's arena. */
void request_set_data(struct request *rq, void *data);
void *request_data(const struct request *rq);

#endif
