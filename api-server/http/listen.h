#ifndef API_SERVER_HTTP_LISTEN_H
#define API_SERVER_HTTP_LISTEN_H

#include <stdbool.h>

#include "common/base/attr.h"
#include "common/base/error.h"

struct event_base;
struct evhttp;

/*
 * The sockets that an evhttp accepts connections from; one such object a
 * process. Where accept() fails, for want of file descriptors most likely, all
 * of them pause for a moment: the connection stays in the kernel's queue.
 */
struct listen;

/* Both outlive it. */
struct listen *listen_new(struct event_base *base,
                          struct evhttp *evhttp) MUST_CHECK;
/* Before evhttp_free(), which closes the sockets. */
void listen_free(struct listen **l);

/* A name such as "localhost" may stand for several addresses, of which one is
 * enough. False with err filled when there is none. */
bool listen_on(struct listen *l, const char *address, int port,
               struct error *err) MUST_CHECK;
/* Accepts no connection any more. */
void listen_stop(struct listen *l);

#endif
