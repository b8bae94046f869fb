#ifndef API_SERVER_HTTP_HTTP_SERVER_H
#define API_SERVER_HTTP_HTTP_SERVER_H

#include <stdbool.h>
#include <stdint.h>

#include "api-server/http/route.h"
#include "common/base/attr.h"
#include "common/base/error.h"
#include "common/http/http_service.h"

struct context;
struct event_base;
struct pg_pool;
struct request;
struct task_thread;

/*
 * The HTTP server: checks requests against the routes and hands them to whoever keeps answers, a statement or a function.
 */
struct http_server;

struct http_options {
	const char *address;
	int port;
	struct http_limits limits;
	bool loopback; /* refuse a Host that is not this machine's */
	const struct route *const *routes; /* tables, NULL at the end */
	/*
	 * Finds out whose request it is: request_set_member(), then go(), at
	 * once or later; or replies.
	 */
	void (*admit)(struct request *rq, void (*go)(struct request *rq));
	struct pg_pool *pool;
	struct task_thread *body_thread; /* finishes large bodies */
	/* Replies to a request of a route that is .cached, at once or later. */
	void (*serve_cached)(struct request *rq);
	/* A request that may have changed something of the member is about to
	 * be answered. */
	void (*changed)(int64_t member);
	const struct context *context;
};

void request_set_member(struct request *rq, int64_t member);

/* NULL with err filled when the address cannot be listened on. */
struct http_server *http_server_new(struct event_base *base,
                                    const struct http_options *options,
                                    struct error *err) MUST_CHECK;
/* Accepts no connection any more; connections end with their next reply. */
void http_server_drain(struct http_server *h);
/* Every request that had begun to come has its reply, and its client that. */
bool http_server_drained(const struct http_server *h);
/*
 * Requests that are still pending are answered with 503 here: what could
 * still answer them (pool, threads) must be gone already.
 */
void http_server_free(struct http_server **h);

#endif
