/*
 * The way of a request through the checks:
 *
 *	head -> route -> Host and Origin -> parameters -> its gate, body size
 *	  -> body -> member -> a kept answer, a statement or a function
 *
 * Each step goes on or replies with a problem; the body of a request that was
 * replied to is not read.
 */
#include "api-server/http/http_server.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "api-server/http/access_log.h"
#include "api-server/http/guard.h"
#include "api-server/http/http_server_private.h"
#include "api-server/http/params.h"
#include "api-server/http/reply.h"
#include "api-server/http/request_run.h"
#include "api-server/http/router.h"
#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/http/http_exchange.h"

static bool head_cb(struct http_exchange *x, size_t *body_max_r, void *arg);
static void request_cb(struct http_exchange *x, void *arg);
static void refused_cb(struct http_exchange *x, enum http_refusal why,
                       const char *detail, void *arg);
static bool find_route(struct request *rq);
static bool check_host(struct request *rq);
static bool check_origin(struct request *rq);
static bool bind_params(struct request *rq);
static bool check_body(struct request *rq, size_t *body_max_r);
static void serve(struct request *rq);

struct http_server *http_server_new(struct event_base *base,
                                    const struct http_options *options,
                                    struct error *err)
{
	struct http_server *h = xcalloc(1, sizeof(*h));
	const struct http_service_options service = {
		.what = "http.address",
		.address = options->address,
		.port = options->port,
		.limits = options->limits,
		.head = head_cb,
		.request = request_cb,
		.refused = refused_cb,
		.arg = h,
	};

	h->options = *options;
	TAILQ_INIT(&h->requests);
	access_log_register();
	h->router = router_new(options->routes);
	h->service = http_service_new(base, &service, err);
	if (h->service == NULL)
		http_server_free(&h);
	else
		log_info("listening", log_str("address", options->address),
		         log_int("port", options->port));
	return h;
}

void http_server_drain(struct http_server *h)
{
	http_service_drain(h->service);
}

bool http_server_drained(const struct http_server *h)
{
	return http_service_drained(h->service);
}

/* Nobody is left who could. */
static void answer_pending(struct http_server *h)
{
	struct request *rq;

	for (rq = TAILQ_FIRST(&h->requests); rq != NULL;
	     rq = TAILQ_NEXT(rq, link)) {
		if (!rq->replied && rq->received)
			reply_problem(rq, "shutting-down",
			              "The server was stopped before this was "
			              "done. Send the request again when it "
			              "is back.");
	}
}

void http_server_free(struct http_server **h)
{
	if (*h == NULL)
		return;
	/* Nobody is left for another request. */
	if (h[0]->service != NULL)
		http_service_drain(h[0]->service);
	answer_pending(*h);
	http_service_free(&h[0]->service);
	router_free(&h[0]->router);
	free(*h);
	*h = NULL;
}

/* --- the way of a request --- */

static bool head_cb(struct http_exchange *x, size_t *body_max_r, void *arg)
{
	struct request *rq = request_new(arg, x);

	return find_route(rq) && check_host(rq) && check_origin(rq) &&
	       bind_params(rq) && check_body(rq, body_max_r);
}

static void request_cb(struct http_exchange *x, void *arg)
{
	struct request *rq = http_exchange_data(x);

	(void)arg;
	rq->received = true;
	rq->begun_us = clock_us();
	if (rq->route->open)
		serve(rq);
	else
		rq->http->options.admit(rq, serve);
}

static const char *const refusals[HTTP_REFUSALS] = {
	[HTTP_BAD_REQUEST] = "bad-request",
	[HTTP_TOO_SLOW] = "too-slow",
	[HTTP_BODY_TOO_LARGE] = "too-large",
	[HTTP_TARGET_TOO_LONG] = "address-too-long",
	[HTTP_BAD_EXPECTATION] = "bad-expectation",
	[HTTP_HEAD_TOO_LARGE] = "headers-too-large",
	[HTTP_UNKNOWN_METHOD] = "not-implemented",
	[HTTP_UNKNOWN_CODING] = "not-implemented",
	[HTTP_UNKNOWN_VERSION] = "unknown-version",
	[HTTP_NO_ROOM] = "busy",
	[HTTP_STOPPING] = "shutting-down",
};

static void refused_cb(struct http_exchange *x, enum http_refusal why,
                       const char *detail, void *arg)
{
	struct request *rq = http_exchange_data(x);

	if (rq == NULL)
		rq = request_new(arg, x);
	reply_problem(rq, refusals[why], "%s", detail);
}

static bool find_route(struct request *rq)
{
	switch (router_find(rq->http->router, rq->method, rq->path,
	                    &rq->match)) {
	case ROUTER_FOUND:
		rq->route = rq->match.route;
		return true;
	case ROUTER_NOT_FOUND:
		reply_problem(rq, "not-found", "There is no %.*s here.",
		              rq->path.n < 200 ? (int)rq->path.n : 200,
		              rq->path.p);
		return false;
	case ROUTER_WRONG_METHOD:
		reply_header(rq, "Allow", rq->match.allow);
		reply_problem(rq, "method-not-allowed",
		              "%s is not possible here; %s is.", rq->method,
		              rq->match.allow);
		return false;
	}
	return false;
}

/* A name that somebody else's DNS gave this machine is not ours. */
static bool check_host(struct request *rq)
{
	const char *host = request_header(rq, "Host");

	if (!rq->http->options.loopback || rq->route->probe || host == NULL ||
	    guard_host_is_loopback(host))
		return true;
	reply_problem(rq, "bad-host",
	              "This server answers under localhost, 127.0.0.1 and "
	              "[::1], not under '%.100s'.",
	              host);
	return false;
}

/*
 * What a browser says of who asks. Another site's page may lead to our page,
 * and no more: an answer it cannot read costs as much as one it can.
 */
static bool check_origin(struct request *rq)
{
	const char *host = request_header(rq, "Host");
	const char *origin = request_header(rq, "Origin");
	const char *site = request_header(rq, "Sec-Fetch-Site");

	if (!rq->route->open && site != NULL &&
	    strcmp(site, "cross-site") == 0) {
		reply_problem(rq, "cross-site",
		              "A page of another site asked for this.");
		return false;
	}
	if (!request_is_safe(rq) && origin != NULL &&
	    !guard_same_origin(origin, host != NULL ? host : "")) {
		reply_problem(rq, "cross-site",
		              "A page of '%.100s' asked for this change.",
		              origin);
		return false;
	}
	return true;
}

static bool bind_params(struct request *rq)
{
	struct error err;

	rq->values = params_bind(&rq->match, rq->query, rq->arena, &err);
	if (rq->values == NULL)
		reply_problem(rq, "bad-parameter", "%c%s.",
		              toupper(err.message[0]), err.message + 1);
	return rq->values != NULL;
}

static bool check_body(struct request *rq, size_t *body_max_r)
{
	const struct http_head *head = http_exchange_head(rq->x);

	*body_max_r = rq->route->body_max;
	if (rq->route->gate != NULL && !rq->route->gate(rq, body_max_r))
		return false;
	if (*body_max_r == 0 && (head->chunked || head->length > 0))
		reply_problem(rq, "too-large", "No body is taken here.");
	else if (head->length > (int64_t)*body_max_r)
		reply_problem(rq, "too-large",
		              "The body has %lld bytes; at most %zu are taken.",
		              (long long)head->length, *body_max_r);
	else
		return true;
	return false;
}

static void serve(struct request *rq)
{
	if (rq->route->cached)
		rq->http->options.serve_cached(rq);
	else if (rq->route->sql != NULL)
		request_run_statement(rq);
	else
		rq->route->handle(rq);
}
