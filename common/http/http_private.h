#ifndef COMMON_HTTP_HTTP_PRIVATE_H
#define COMMON_HTTP_HTTP_PRIVATE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "common/base/buf.h"
#include "common/http/http_chunks.h"
#include "common/http/http_exchange.h"
#include "common/http/http_head.h"
#include "common/http/http_service.h"

struct bufferevent;
struct event;
struct event_base;
struct sockaddr;

/*
 * The inside of the server, for http/ alone. The life of a connection:
 *
 *	                 +-----------------------------+
 *	                 v                             | sent
 *	accepted --> WAITING --> BODY --> PENDING --> SENDING --> LINGERING
 *	                                     |           ^          |
 *	                                     +-> STREAMING          v
 *	                                                          freed
 *
 * conn_enter() of http_conn.c is the one place that changes the state. A reply
 * may come in each of the first three; a connection is freed in any of them.
 */
enum conn_state {
	CONN_WAITING, /* for a head, or has a part of it */
	CONN_BODY,
	CONN_PENDING, /* the reply has not come; nothing is read */
	CONN_SENDING, /* nothing is read */
	CONN_STREAMING,
	CONN_LINGERING, /* has said its last; reads to throw away, so that the
	                 * client is not reset before it has read that */
	CONN_STATES
};

struct conn {
	struct http_service *service;
	TAILQ_ENTRY(conn) link;  /* of the service's connections */
	TAILQ_ENTRY(conn) spare; /* while CONN_WAITING or CONN_LINGERING */
	struct bufferevent *bev;
	struct event *deadline; /* of what the client must do next */
	struct in6_addr peer;   /* IPv4 as ::ffff:a.b.c.d */
	enum conn_state state;
	bool refused;
	int64_t begun_ms; /* the first byte of the head; 0: none has come */
	int64_t due_ms;   /* more of the body must have come by then */
	size_t seen;      /* bytes of the input without the head's end */
	bool broken;      /* the client is gone, and a reply is still to come */
	struct http_exchange *x; /* NULL while there is no head */
};

TAILQ_HEAD(conn_list, conn);

struct http_exchange {
	struct conn *conn;
	struct http_head head;
	char *text; /* what head points into */
	struct http_chunks chunks;
	char *body;
	size_t body_len;
	size_t body_room; /* allocated */
	size_t body_max;
	bool whole;        /* the request was read to its end */
	bool close;        /* the connection ends behind the reply */
	bool chunked;      /* the reply */
	struct buf fields; /* of the reply */
	void *data;
	void (*end)(void *arg); /* or NULL */
	void *end_arg;
};

struct http_service {
	struct event_base *base;
	struct http_service_options options;
	struct http_listen *listen;
	struct conn_list conns;
	struct conn_list spare; /* who goes for a newer one: the first first */
	int count;              /* of conns, without those refused */
	int refused;            /* to be told that there are too many */
	int count_max;
	size_t bodies; /* bytes of body_room */
	bool draining;
};

/* --- http_conn.c --- */

void conn_open(struct http_service *s, int fd, const struct in6_addr *peer);
/* Likewise, to be told why not. */
void conn_open_refused(struct http_service *s, int fd,
                       const struct in6_addr *peer, const char *detail);
void conn_enter(struct conn *c, enum conn_state state);
/* Ends the exchange. */
void conn_free(struct conn *c);
void conn_refuse(struct conn *c, enum http_refusal why, const char *detail);
/* Has something of a request, or a reply that is not sent. */
bool conn_is_busy(const struct conn *c);

/* --- http_exchange.c --- */

struct http_exchange *exchange_new(struct conn *c);
void exchange_free(struct http_exchange **x);

/* --- http_body.c --- */

enum body_result {
	BODY_MORE,
	BODY_WHOLE,
	BODY_BAD,
	BODY_TOO_LARGE,
	BODY_NO_ROOM
};

/* Moves what has come of it from the connection's input into the exchange. */
enum body_result body_read(struct http_exchange *x);
void body_free(struct http_exchange *x);

#endif
