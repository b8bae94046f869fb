/*
 * evhttp set up and drained, and the way of a request through the checks:
 *
 *	taken over -> Host and Origin -> route -> parameters -> body size
 *	  -> member -> the cache, a statement or a function
 *
 * Each step goes on or replies with a problem. One generic callback takes all
 * requests, so that evhttp's own routing and its HTML pages are not met.
 */
#include "api-server/http/http_server.h"

#include <ctype.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/listener.h>
#include <event2/util.h>

#include "api-server/http/account.h"
#include "api-server/http/cached.h"
#include "api-server/http/guard.h"
#include "api-server/http/http_server_private.h"
#include "api-server/http/params.h"
#include "api-server/http/reply.h"
#include "api-server/http/router.h"
#include "common/log.h"
#include "common/mem.h"

#define HEADERS_MAX  16384
#define BACKLOG      128
#define RESUME_AFTER ((struct timeval){ .tv_usec = 200000 })
/* CONNECT and TRACE are for proxies: evhttp answers them with 501. */
#define METHODS                                                                \
	(EVHTTP_REQ_GET | EVHTTP_REQ_HEAD | EVHTTP_REQ_POST | EVHTTP_REQ_PUT | \
	 EVHTTP_REQ_DELETE | EVHTTP_REQ_PATCH | EVHTTP_REQ_OPTIONS)

static bool listen_on(struct http_server *h, struct error *err);
static void accept_failed_cb(struct evconnlistener *listener, void *arg);
static void resume_cb(evutil_socket_t fd, short what, void *arg);
static void request_cb(struct evhttp_request *ev, void *arg);
static bool check_origin(struct request *rq);
static bool find_route(struct request *rq);
static bool check_body(struct request *rq);
static void serve(struct request *rq);
static void run_statement(struct request *rq);

static struct http_server *accepting; /* for accept_failed_cb() */

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
	account_register();
	h->router = router_new(options->routes);
	h->resume = evtimer_new(base, resume_cb, h);
	h->evhttp = evhttp_new(base);
	ensure(h->resume != NULL && h->evhttp != NULL);
	evhttp_set_allowed_methods(h->evhttp, METHODS);
	evhttp_set_max_headers_size(h->evhttp, HEADERS_MAX);
	evhttp_set_max_body_size(h->evhttp, (ev_ssize_t)options->body_max);
	evhttp_set_timeout_tv(h->evhttp, &timeout);
	/* Let a client that sends too much read why. */
	evhttp_set_flags(h->evhttp, EVHTTP_SERVER_LINGERING_CLOSE);
	evhttp_set_gencb(h->evhttp, request_cb, h);
	if (!listen_on(h, err))
		http_server_free(&h);
	return h;
}

void http_server_drain(struct http_server *h)
{
	h->draining = true;
	evtimer_del(h->resume);
	for (int i = 0; i < h->socket_count; i++)
		evhttp_del_accept_socket(h->evhttp, h->sockets[i]);
	h->socket_count = 0;
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
	evhttp_free(h[0]->evhttp);
	event_free(h[0]->resume);
	router_free(&h[0]->router);
	accepting = NULL;
	free(*h);
	*h = NULL;
}

/* --- listening -------------------------------------------------------------
 */

/*
 * Accepted sockets inherit it. Without it the end of a large reply waits for
 * the client's delayed acknowledgement, some 40 ms.
 */
static void send_at_once(struct evconnlistener *listener)
{
	const int on = 1;

	(void)setsockopt(evconnlistener_get_fd(listener), IPPROTO_TCP,
	                 TCP_NODELAY, &on, sizeof(on));
}

static bool listen_at(struct http_server *h, const struct sockaddr *address,
                      int len)
{
	const unsigned flags = LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC |
	                       LEV_OPT_REUSEABLE;
	struct evconnlistener *listener = evconnlistener_new_bind(
		h->base, NULL, h, flags, BACKLOG, address, len);

	if (listener == NULL)
		return false;
	h->sockets[h->socket_count] = evhttp_bind_listener(h->evhttp, listener);
	ensure(h->sockets[h->socket_count] != NULL);
	h->socket_count++;
	evconnlistener_set_error_cb(listener, accept_failed_cb);
	send_at_once(listener);
	return true;
}

static bool listen_on(struct http_server *h, struct error *err)
{
	const struct evutil_addrinfo hints = { .ai_family = AF_UNSPEC,
		                               .ai_socktype = SOCK_STREAM,
		                               .ai_protocol = IPPROTO_TCP,
		                               .ai_flags = EVUTIL_AI_PASSIVE };
	const char *address = h->options.address;
	struct evutil_addrinfo *list = NULL;
	char port[16];
	int problem = 0;

	snprintf(port, sizeof(port), "%d", h->options.port);
	const int failed = evutil_getaddrinfo(address, port, &hints, &list);
	if (failed != 0)
		return error_set(err,
		                 "http.address %s is no address of this "
		                 "machine: %s",
		                 address, evutil_gai_strerror(failed));
	for (struct evutil_addrinfo *a = list;
	     a != NULL && h->socket_count < SOCKETS_MAX; a = a->ai_next) {
		if (!listen_at(h, a->ai_addr, (int)a->ai_addrlen))
			problem = errno;
	}
	evutil_freeaddrinfo(list);
	accepting = h;
	if (h->socket_count == 0)
		return error_set(err, "cannot listen on %s port %s: %s",
		                 address, port, strerror(problem));
	log_info("listening", log_str("address", address),
	         log_int("port", h->options.port));
	return true;
}

static void listeners_enable(struct http_server *h, bool on)
{
	for (int i = 0; i < h->socket_count; i++) {
		struct evconnlistener *listener =
			evhttp_bound_socket_get_listener(h->sockets[i]);
		if (on)
			evconnlistener_enable(listener);
		else
			evconnlistener_disable(listener);
	}
}

/*
 * accept() failed, most likely for want of file descriptors: the connection
 * stays in the queue, so trying again at once would keep the loop busy. A
 * listener has one argument for all its callbacks, and evhttp took it.
 */
static void accept_failed_cb(struct evconnlistener *listener, void *arg)
{
	const int problem = EVUTIL_SOCKET_ERROR();

	(void)listener;
	(void)arg;
	log_warn("accept failed", log_str("error", strerror(problem)));
	listeners_enable(accepting, false);
	evtimer_add(accepting->resume, &RESUME_AFTER);
}

static void resume_cb(evutil_socket_t fd, short what, void *arg)
{
	struct http_server *h = arg;

	(void)fd;
	(void)what;
	listeners_enable(h, true);
}

/* --- the way of a request --------------------------------------------------
 */

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
		cached_serve(rq->http->options.cached, rq);
	else if (rq->route->sql != NULL)
		run_statement(rq);
	else
		rq->route->handle(rq);
}

/* --- routes that are a statement -------------------------------------------
 */

static void statement_done(struct request *rq, const struct pg_outcome *outcome)
{
	const struct pg_rows *rows = outcome->results[0];

	if (pg_count(rows) == 0 || pg_is_null(rows, 0, "body"))
		reply_problem(rq, "not-found", NULL);
	else
		reply_json(rq, 200, pg_text(rows, 0, "body"),
		           pg_text_len(rows, 0, "body"));
}

static void run_statement(struct request *rq)
{
	struct pg_tx *tx = rq->route->open ? pg_tx_new() : request_tx(rq);

	pg_tx_add_texts(tx, rq->route->sql, rq->values);
	request_run(rq, tx, statement_done);
}
