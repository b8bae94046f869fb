#ifndef API_SERVER_HTTP_HTTP_SERVER_PRIVATE_H
#define API_SERVER_HTTP_HTTP_SERVER_PRIVATE_H

#include "api-server/http/http_server.h"
#include "api-server/http/request_private.h"

struct evhttp;
struct listen;
struct router;

/* The inside of the server, for http/ alone. */
struct http_server {
	struct http_options options;
	struct event_base *base;
	struct evhttp *evhttp;
	struct router *router;
	struct listen *listen;
	struct request_list requests; /* pending and sending */
	bool draining;                /* replies end their connections */
	bool stopping; /* nothing is left that could handle a request */
};

#endif
