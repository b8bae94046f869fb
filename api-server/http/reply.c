/* Replies: headers, entity tags, compression. A body is kept until it was sent
 * or the connection is gone. */
#include "api-server/http/reply.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "api-server/http/access_log.h"
#include "api-server/http/body.h"
#include "api-server/http/body_task.h"
#include "api-server/http/http_server_private.h"
#include "api-server/http/negotiate.h"
#include "api-server/http/problem.h"
#include "api-server/http/request_private.h"
#include "common/base/mem.h"
#include "common/http/http_reply.h"

#define JSON_TYPE    "application/json"
#define PROBLEM_TYPE "application/problem+json"
/* Each answer is asked for again, with its tag; none is kept by others. */
#define CACHE_CONTROL_DEFAULT "private, no-cache"
#define DETAIL_MAX            1000
/* Each byte of the detail may become six ("\\u0001"). */
#define PROBLEM_MAX   (6 * DETAIL_MAX + 1000)
#define RETRY_AFTER_S "2"

static const struct {
	const char *name;
	const char *value;
} common_headers[] = {
	{ "X-Content-Type-Options", "nosniff" },
	{ "Referrer-Policy", "no-referrer" },
	{ "Cross-Origin-Resource-Policy", "same-origin" },
	{ "Content-Security-Policy",
	  "default-src 'self'; img-src 'self' https://image.tmdb.org data:; "
	  "style-src 'self' 'unsafe-inline'; object-src 'none'; "
	  "base-uri 'none'; form-action 'self'; frame-ancestors 'none'" },
};

static void reply_send(struct request *rq, int status, const char *data,
                       size_t len, struct body *keep);

void reply_header(struct request *rq, const char *name, const char *value)
{
	ensure(!rq->replied);
	http_reply_field(rq->x, name, value);
}

void reply_common_headers(struct request *rq)
{
	for (size_t i = 0; i < ARRAY_LEN(common_headers); i++)
		reply_header(rq, common_headers[i].name,
		             common_headers[i].value);
	reply_header(rq, "X-Request-Id", rq->id);
}

/* --- bodies --- */

void reply_json(struct request *rq, int status, const char *text, size_t len)
{
	struct body *body = body_new(JSON_TYPE, text, len);

	reply_body(rq, status, body);
	body_unref(&body);
}

void reply_buf(struct request *rq, int status, const char *content_type,
               const struct buf *body)
{
	struct body *finished = body_new(content_type, body->data, body->len);

	ensure(!buf_overflowed(body));
	reply_body(rq, status, finished);
	body_unref(&finished);
}

void reply_empty(struct request *rq, int status)
{
	reply_common_headers(rq);
	reply_header(rq, "Cache-Control", CACHE_CONTROL_DEFAULT);
	reply_send(rq, status, NULL, 0, NULL);
}

void reply_problem(struct request *rq, const char *type, const char *detail,
                   ...)
{
	const struct problem *problem = problem_find(type);
	char text[DETAIL_MAX];
	struct buf buf;
	va_list args;

	va_start(args, detail);
	if (detail != NULL)
		vsnprintf(text, sizeof(text), detail, args);
	va_end(args);

	rq->problem = problem;
	rq->detail =
		arena_strdup(rq->arena, detail != NULL ? text : problem->title);
	buf_init(&buf, PROBLEM_MAX);
	problem_write(&buf, problem, rq->detail, rq->id);
	if (problem->status == 503)
		reply_header(rq, "Retry-After", RETRY_AFTER_S);
	reply_buf(rq, problem->status, PROBLEM_TYPE, &buf);
	buf_deinit(&buf);
}

/* A reply whose body is being finished; in the request's arena. */
struct unfinished {
	struct request *rq;
	int status;
	struct body *body;
};

static bool takes_gzip(const struct request *rq)
{
	return negotiate_gzip(request_header(rq, "Accept-Encoding"));
}

static void add_etag(struct request *rq, const struct body *body, bool gzip)
{
	char etag[sizeof(body->etag) + 8];

	snprintf(etag, sizeof(etag), "\"%s%s\"", body->etag,
	         gzip ? BODY_GZIP_SUFFIX : "");
	reply_header(rq, "ETag", etag);
}

/* What was changed is told in any case. */
static bool is_too_much(const struct request *rq, const struct body *body)
{
	return request_is_safe(rq) && body->sends == 0 && !body->resident &&
	       body->len >= BODY_TASK_MIN &&
	       body_sends_bytes() + body_size(body) > BODY_SENDS_MAX;
}

static void reply_finished(struct request *rq, int status, struct body *body)
{
	const bool tagged = status == 200 && request_is_safe(rq);
	const bool gzip = takes_gzip(rq) && body->gzip != NULL;
	const bool known =
		tagged &&
		negotiate_has(request_header(rq, "If-None-Match"), body->etag);

	if (!known && is_too_much(rq, body)) {
		reply_problem(rq, "busy",
		              "Too many large answers wait for clients that "
		              "read them slowly; send the request again in a "
		              "few seconds.");
		return;
	}
	reply_common_headers(rq);
	reply_header(rq, "Vary", "Accept-Encoding");
	reply_header(rq, "Cache-Control",
	             body->cache_control ? body->cache_control
	                                 : CACHE_CONTROL_DEFAULT);
	if (tagged)
		add_etag(rq, body, gzip);
	if (known) {
		reply_send(rq, 304, NULL, 0, NULL);
		return;
	}
	reply_header(rq, "Content-Type", body->content_type);
	if (gzip)
		reply_header(rq, "Content-Encoding", "gzip");
	reply_send(rq, status, gzip ? body->gzip : body->data,
	           gzip ? body->gzip_len : body->len, body);
}

static void finished_cb(void *arg)
{
	const struct unfinished *u = arg;
	struct body *body = u->body;

	/* The request may be gone then, and u with it. */
	reply_finished(u->rq, u->status, body);
	body_unref(&body);
}

/* The client may leave meanwhile: its request stays until this one reply. */
void reply_body(struct request *rq, int status, struct body *body)
{
	struct unfinished *u = arena_alloc(rq->arena, sizeof(*u));

	*u = (struct unfinished){ rq, status, body_ref(body) };
	body_finish(rq->http->options.body_thread, body,
	            &(struct body_finish){ .compress = takes_gzip(rq),
	                                   .done = finished_cb,
	                                   .arg = u });
}

/* --- out --- */

static void release_cb(void *arg)
{
	struct body *body = arg;

	body_sent(&body);
}

static void reply_send(struct request *rq, int status, const char *data,
                       size_t len, struct body *keep)
{
	ensure(!rq->replied);
	rq->replied = true;
	if (!request_is_safe(rq) && rq->member > 0)
		rq->http->options.changed(rq->member);
	access_log_request(rq, status, len);
	if (keep != NULL)
		http_reply(rq->x, status, data, len, release_cb,
		           body_send(keep));
	else
		http_reply(rq->x, status, "", 0, NULL, NULL);
}
