/*
 * evhttp set up and drained, and the way of a request through the checks:
 *
 *	taken over -> Host and Origin -> route -> parameters -> body size
 *	  -> member -> a kept answer, a statement or a function
 *
 * Each step goes on or replies with a problem. One generic callback takes all
 * requests, so that evhttp's own routing and its HTML pages are not met.
 */
#include "api-server/http/http_server.h"

#include <ctype.h>
#include <stdlib.h>

#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>

#include "api-server/http/access_log.h"
#include "api-server/http/guard.h"
#include "api-server/http/http_server_private.h"
#include "api-server/http/listen.h"
#include "api-server/http/params.h"
#include "api-server/http/reply.h"
#include "api-server/http/request_run.h"
#include "api-server/http/router.h"
#include "common/base/mem.h"

#define HEADERS_MAX 16384
/* CONNECT and TRACE are for proxies: evhttp answers them with 501. */
#define METHODS                                                                \
	(EVHTTP_REQ_GET | EVHTTP_REQ_HEAD | EVHTTP_REQ_POST | EVHTTP_REQ_PUT | \
	 EVHTTP_REQ_DELETE | EVHTTP_REQ_PATCH | EVHTTP_REQ_OPTIONS)

static void request_cb(struct evhttp_request *ev, void *arg);
static bool check_origin(struct request *rq);
static bool find_route(struct request *rq);
static bool check_body(struct request *rq);
static void serve(struct request *rq);

struct http_server *http_server_new(struct event_base *base,
                                    const struct http_options *options,
                                    struct error *err)
{
	const struct timeval timeout = { options->timeout / 1000,
		                         (options->timeout % 1000) * 1000 };
	struct http_server *h = xcalloc(1, sizeof(*h));

	h->options = *options;
	h->base = base;
	TAILQ_INIT(&h->requests);
	access_log_register();
	h->router = router_new(options->routes);
	h->evhttp = evhttp_new(base);
	ensure(h->evhttp != NULL);
	h->listen = listen_new(base, h->evhttp);
	evhttp_set_allowed_methods(h->evhttp, METHODS);
	evhttp_set_max_headers_size(h->evhttp, HEADERS_MAX);
	evhttp_set_max_body_size(h->evhttp, (ev_ssize_t)options->body_max);
	evhttp_set_timeout_tv(h->evhttp, &timeout);
	/* Let a client that sends too much read why. */
	evhttp_set_flags(h->evhttp, EVHTTP_SERVER_LINGERING_CLOSE);
	evhttp_set_gencb(h->evhttp, request_cb, h);
	if (!listen_on(h->listen, options->address, options->port, err))
		http_server_free(&h);
	return h;
}

void http_server_drain(struct http_server *h)
{
	h->draining = true;
	listen_stop(h->listen);
}

bool http_server_drained(const struct http_server *h)
{
	return TAILQ_EMPTY(&h->requests);
}

static void refuse(struct request *rq)
{
	reply_problem(rq, "shutting-down",
	              "The server was stopped before this was done. Send the "
	              "request again when it is back.");
}

/*
 * evhttp_free() with a pending request breaks evhttp: each gets its reply, and
 * the loop one turn to hand what it can to the kernel.
 */
static void answer_pending(struct http_server *h)
{
	struct request *rq;

	h->stopping = true;
	for (rq = TAILQ_FIRST(&h->requests); rq != NULL;
	     rq = TAILQ_NEXT(rq, link)) {
		if (!rq->replied)
			refuse(rq);
	}
	if (!TAILQ_EMPTY(&h->requests))
		event_base_loop(h->base, EVLOOP_NONBLOCK);
}

void http_server_free(struct http_server **h)
{
	if (*h == NULL)
		return;
	answer_pending(*h);
	listen_free(&h[0]->listen);
	evhttp_free(h[0]->evhttp);
	router_free(&h[0]->router);
	free(*h);
	*h = NULL;
}

/* --- the way of a request --- */

static void request_cb(struct evhttp_request *ev, void *arg)
{
	struct request *rq = request_new(arg, ev);

	if (rq->http->stopping) {
		refuse(rq);
		return;
	}
	if (!check_origin(rq) || !find_route(rq) || !check_body(rq))
		return;
	if (rq->route->open)
		serve(rq);
	else
		rq->http->options.admit(rq, serve);
}

static bool check_origin(struct request *rq)
{
	const char *host = request_header(rq, "Host");
	const char *origin = request_header(rq, "Origin");

	if (rq->http->options.loopback && host != NULL &&
	    !guard_host_is_loopback(host)) {
		reply_problem(rq, "bad-host",
		              "This server answers under localhost, 127.0.0.1 "
		              "and [::1], not under '%.100s'.",
		              host);
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

static bool find_route(struct request *rq)
{
	struct router_match match;
	struct error err;

	switch (router_find(rq->http->router, rq->method, rq->path, &match)) {
	case ROUTER_FOUND:
		break;
	case ROUTER_NOT_FOUND:
		reply_problem(rq, "not-found", "There is no %.*s here.",
		              rq->path.n < 200 ? (int)rq->path.n : 200,
		              rq->path.p);
		return false;
	case ROUTER_WRONG_METHOD:
		reply_header(rq, "Allow", match.allow);
		reply_problem(rq, "method-not-allowed",
		              "%s is not possible here; %s is.", rq->method,
		              match.allow);
		return false;
	}
	rq->route = match.route;
	rq->values = params_bind(&match, rq->query, rq->arena, &err);
	if (rq->values == NULL)
		reply_problem(rq, "bad-parameter", "%c%s.",
		              toupper(err.message[0]), err.message + 1);
	return rq->values != NULL;
}

static bool check_body(struct request *rq)
{
	const size_t len =
		evbuffer_get_length(evhttp_request_get_input_buffer(rq->ev));
	const size_t max = rq->route->body_max;

	if (len <= max)
		return true;
	if (max == 0)
		reply_problem(rq, "too-large",
		              "No body is taken here; this one has %zu bytes.",
		              len);
	else
		reply_problem(rq, "too-large",
		              "The body has %zu bytes; at most %zu are taken.",
		              len, max);
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
