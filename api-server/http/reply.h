#ifndef API_SERVER_HTTP_REPLY_H
#define API_SERVER_HTTP_REPLY_H

#include <stddef.h>

#include "common/base/attr.h"
#include "common/base/buf.h"

struct body;
struct request;

/* Adds a header to the reply that follows ("Location"). */
void reply_header(struct request *rq, const char *name, const char *value);

/* Each of these ends the request: exactly one of them, once. */

/* JSON text; an ETag (of the content) is added to 200s, and If-None-Match is
 * answered with 304; gzip when the client takes it and it is worth it. */
void reply_json(struct request *rq, int status, const char *text, size_t len);
void reply_buf(struct request *rq, int status, const char *content_type,
               const struct buf *body);
/* A finished body (body.h): the reply takes a reference of its own. */
void reply_body(struct request *rq, int status, struct body *body);
void reply_empty(struct request *rq, int status);

/*
 * application/problem+json (RFC 9457) from the table in problem.c: type gives
 * status and title; detail is for the person who sent the request: what,
 * where, what to do; NULL when the title says it all. An unknown type is
 * caught by ensure(). A 503 gets a Retry-After.
 */
void reply_problem(struct request *rq, const char *type, const char *detail,
                   ...) PRINTF_LIKE(3, 4);

#endif
