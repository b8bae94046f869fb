#ifndef COMMON_HTTP_HTTP_LISTEN_H
#define COMMON_HTTP_HTTP_LISTEN_H

#include <stdbool.h>

#include "common/base/attr.h"
#include "common/base/error.h"

struct event_base;
struct sockaddr;

/*
 * Listening sockets. Where accept() fails, for want of file descriptors most
 * likely, all of them pause for a moment, and the log says so once a minute:
 * the connections stay in the kernel's queue.
 */
struct http_listen;

/* accepted() owns fd, which is non-blocking and closed on exec. */
struct http_listen *http_listen_new(
	struct event_base *base,
	void (*accepted)(int fd, const struct sockaddr *peer, void *arg),
	void *arg) MUST_CHECK;
/* Closes the sockets. */
void http_listen_free(struct http_listen **l);

/* A name such as "localhost" may stand for several addresses, of which one is
 * enough. what: the key of the configuration. False with err filled when there
 * is none. */
bool http_listen_on(struct http_listen *l, const char *what,
                    const char *address, int port,
                    struct error *err) MUST_CHECK;
/* Accepts no connection any more. */
void http_listen_stop(struct http_listen *l);

#endif
