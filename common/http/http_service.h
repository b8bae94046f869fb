#ifndef COMMON_HTTP_HTTP_SERVICE_H
#define COMMON_HTTP_HTTP_SERVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/attr.h"
#include "common/base/error.h"
#include "common/http/http_head.h"

struct event_base;
struct http_exchange;

/*
 * An HTTP/1.1 server: sockets, connections, and the gate that every request
 * passes before anything is spent on it. It knows no address, no member and no
 * meaning; whoever uses it is asked on each head.
 *
 *	head ---> head()  true: the body is read, then request()
 *	                  false: it has replied; the body is not read
 *	what cannot be read, comes too slowly or is too large ---> refused()
 *
 * Each of the three gets an exchange (http_exchange.h) and may reply at once;
 * after request() also later. One request a connection is answered at a time.
 *
 * What a client may cost:
 *  - a connection that sends nothing ends after `idle`; one whose head is not
 *    whole after `head`, or whose body comes at less than `body_rate` or not
 *    at all for `idle`, is refused; one that takes nothing of a reply for `idle` is cut;
 *  - there are `connections` at most, and no more than the descriptors allow
 *    (some are kept back for the database): the next one takes the place of
 *    one that has had its last reply, or has waited longest for its head, or
 *    is refused;
 *  - one address has `per_address` of them, this machine's own excepted, where
 *    a proxy stands before many;
 *  - all bodies together take `bodies` bytes: the one that does not fit is
 *    refused. A body costs what has come of it, whatever length it claims.
 */
struct http_service;

struct http_limits {
	int64_t idle;      /* ms */
	int64_t head;      /* ms, from its first byte */
	int64_t body_rate; /* bytes a second, after the time for the head */
	int connections;
	int per_address; /* 0: as many as there may be */
	size_t bodies;   /* bytes */
};

struct http_service_options {
	const char *what; /* for the log and for errors: "http.address" */
	const char *address;
	int port;
	struct http_limits limits;
	/* *body_max_r is 0; what is to be read of a body must be allowed. */
	bool (*head)(struct http_exchange *x, size_t *body_max_r, void *arg);
	void (*request)(struct http_exchange *x, void *arg);
	/* detail is a sentence for whoever sent it. */
	void (*refused)(struct http_exchange *x, enum http_refusal why,
	                const char *detail, void *arg);
	void *arg;
};

/* NULL with err filled when the address cannot be listened on. */
struct http_service *
http_service_new(struct event_base *base,
                 const struct http_service_options *options,
                 struct error *err) MUST_CHECK;
/* Accepts no connection any more. Those that wait for a request end at once,
 * the others after their reply. */
void http_service_drain(struct http_service *s);
/* No request is being received or answered. */
bool http_service_drained(const struct http_service *s);
/*
 * Requests that are still being received are refused as HTTP_STOPPING, and the
 * loop runs as long as there is something to do at once, so that replies are
 * handed to the kernel. Whoever has an exchange must have replied.
 */
void http_service_free(struct http_service **s);

#endif
