#ifndef API_SERVER_HTTP_HTTP_SERVER_PRIVATE_H
#define API_SERVER_HTTP_HTTP_SERVER_PRIVATE_H

#include "api-server/http/http_server.h"
#include "api-server/http/request_private.h"

struct http_service;
struct router;

/* The inside of the server, for http/ alone. */
struct http_server {
	struct http_options options;
	struct http_service *service;
	struct router *router;
	struct request_list requests;
};

#endif
