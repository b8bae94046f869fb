/* Who may connect, and the end of all connections. */
#include "common/http/http_service.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <event2/event.h>

#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/http/http_listen.h"
#include "common/http/http_metrics.h"
#include "common/http/http_private.h"

/* For the database, the log, files, calls to others. */
#define DESCRIPTORS_KEPT 64
/* Told at the same time that there are too many; more are closed at once. */
#define REFUSED_MAX 16

static void accepted(int fd, const struct sockaddr *address, void *arg);

/* As many as were asked for and the descriptors allow. */
static int connections_max(const struct http_limits *limits)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) != 0 ||
	    files.rlim_cur >= (rlim_t)limits->connections + DESCRIPTORS_KEPT)
		return limits->connections;

	const int open = (int)files.rlim_cur;
	const int fit = open > 2 * DESCRIPTORS_KEPT ? open - DESCRIPTORS_KEPT
	                                            : open / 4 + 1;
	if (fit >= limits->connections)
		return limits->connections;
	log_warn("fewer connections than configured",
	         log_int("configured", limits->connections),
	         log_int("connections", fit), log_int("descriptors", open));
	return fit;
}

struct http_service *
http_service_new(struct event_base *base,
                 const struct http_service_options *options, struct error *err)
{
	struct http_service *s = xcalloc(1, sizeof(*s));

	s->base = base;
	s->options = *options;
	s->count_max = connections_max(&options->limits);
	TAILQ_INIT(&s->conns);
	TAILQ_INIT(&s->spare);
	http_metrics_register();
	s->listen = http_listen_new(base, accepted, s);
	if (!http_listen_on(s->listen, options->what, options->address,
	                    options->port, err))
		http_service_free(&s);
	return s;
}

void http_service_drain(struct http_service *s)
{
	struct conn *next;

	s->draining = true;
	http_listen_stop(s->listen);
	for (struct conn *c = TAILQ_FIRST(&s->spare); c != NULL; c = next) {
		next = TAILQ_NEXT(c, spare);
		if (c->state == CONN_WAITING && !conn_is_busy(c))
			conn_free(c);
	}
}

bool http_service_drained(const struct http_service *s)
{
	const struct conn *c;

	for (c = TAILQ_FIRST(&s->conns); c != NULL; c = TAILQ_NEXT(c, link)) {
		if (conn_is_busy(c))
			return false;
	}
	return true;
}

/* A reply that is whole is handed to the kernel, as far as it takes it. */
static void refuse_unfinished(struct http_service *s)
{
	struct conn *c;

	for (c = TAILQ_FIRST(&s->conns); c != NULL; c = TAILQ_NEXT(c, link)) {
		if (conn_is_busy(c) &&
		    (c->state == CONN_WAITING || c->state == CONN_BODY))
			conn_refuse(c, HTTP_STOPPING,
			            "The server was stopped before this "
			            "request had come in full. Send it again "
			            "when it is back.");
	}
	if (!http_service_drained(s))
		event_base_loop(s->base, EVLOOP_NONBLOCK);
}

void http_service_free(struct http_service **s)
{
	struct conn *c;

	if (*s == NULL)
		return;
	http_service_drain(*s);
	refuse_unfinished(*s);
	http_listen_free(&s[0]->listen);
	while ((c = TAILQ_FIRST(&s[0]->conns)) != NULL) {
		ensure(c->state != CONN_PENDING);
		conn_free(c);
	}
	free(*s);
	*s = NULL;
}

/* --- who may connect --- */

static struct in6_addr peer_of(const struct sockaddr *address)
{
	const struct sockaddr_in6 *v6 = (const void *)address;
	const struct sockaddr_in *v4 = (const void *)address;
	struct in6_addr peer = { .s6_addr = { [10] = 0xff, [11] = 0xff } };

	if (address->sa_family == AF_INET6)
		return v6->sin6_addr;
	memcpy(&peer.s6_addr[12], &v4->sin_addr, 4);
	return peer;
}

static bool is_loopback(const struct in6_addr *peer)
{
	return IN6_IS_ADDR_LOOPBACK(peer) ||
	       (IN6_IS_ADDR_V4MAPPED(peer) && peer->s6_addr[12] == 127);
}

/* A household has a whole network of IPv6. */
static bool same_household(const struct in6_addr *a, const struct in6_addr *b)
{
	return memcmp(a, b, IN6_IS_ADDR_V4MAPPED(a) ? 16 : 8) == 0;
}

static bool address_is_full(const struct http_service *s,
                            const struct in6_addr *peer)
{
	const int max = s->options.limits.per_address;
	const struct conn *c;
	int count = 0;

	if (max == 0 || is_loopback(peer))
		return false;
	for (c = TAILQ_FIRST(&s->conns); c != NULL; c = TAILQ_NEXT(c, link))
		count += !c->refused && same_household(&c->peer, peer);
	return count >= max;
}

static void refuse(struct http_service *s, int fd, const struct in6_addr *peer,
                   enum http_cut why, const char *detail)
{
	http_metrics_cut(why);
	if (s->refused < REFUSED_MAX)
		conn_open_refused(s, fd, peer, detail);
	else
		close(fd);
}

/* One that has its last reply, else the one that has waited longest for its
 * head, an idle one included. */
static bool make_place(struct http_service *s)
{
	struct conn *spare = TAILQ_FIRST(&s->spare);

	if (spare == NULL)
		return false;
	http_metrics_cut(HTTP_CUT_FOR_ROOM);
	conn_free(spare);
	return true;
}

static void accepted(int fd, const struct sockaddr *address, void *arg)
{
	struct http_service *s = arg;
	const struct in6_addr peer = peer_of(address);

	if (address_is_full(s, &peer))
		refuse(s, fd, &peer, HTTP_CUT_PER_ADDRESS,
		       "There are too many connections from your address.");
	else if (s->count >= s->count_max && !make_place(s))
		refuse(s, fd, &peer, HTTP_CUT_FULL,
		       "There are too many connections to this server at the "
		       "moment.");
	else
		conn_open(s, fd, &peer);
}
