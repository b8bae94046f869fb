/* Listening sockets of evhttp. */
#include "api-server/http/listen.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <event2/event.h>
#include <event2/http.h>
#include <event2/listener.h>
#include <event2/util.h>

#include "common/base/log.h"
#include "common/base/mem.h"

#define BACKLOG      128
#define RESUME_AFTER ((struct timeval){ .tv_usec = 200000 })
#define SOCKETS_MAX  4

struct listen {
	struct event_base *base;
	struct evhttp *evhttp;
	struct evhttp_bound_socket *sockets[SOCKETS_MAX];
	int count;
	struct event *resume;
};

static void resume_cb(evutil_socket_t fd, short what, void *arg);

/* For accept_failed_cb(): a listener has one argument for all its callbacks,
 * and evhttp took it. */
static struct listen *accepting;

struct listen *listen_new(struct event_base *base, struct evhttp *evhttp)
{
	struct listen *l = xcalloc(1, sizeof(*l));

	ensure(accepting == NULL);
	l->base = base;
	l->evhttp = evhttp;
	l->resume = evtimer_new(base, resume_cb, l);
	ensure(l->resume != NULL);
	accepting = l;
	return l;
}

void listen_free(struct listen **l)
{
	if (*l == NULL)
		return;
	accepting = NULL;
	event_free(l[0]->resume);
	free(*l);
	*l = NULL;
}

void listen_stop(struct listen *l)
{
	evtimer_del(l->resume);
	for (int i = 0; i < l->count; i++)
		evhttp_del_accept_socket(l->evhttp, l->sockets[i]);
	l->count = 0;
}

static void enable(struct listen *l, bool on)
{
	for (int i = 0; i < l->count; i++) {
		struct evconnlistener *listener =
			evhttp_bound_socket_get_listener(l->sockets[i]);
		if (on)
			evconnlistener_enable(listener);
		else
			evconnlistener_disable(listener);
	}
}

/* To try again at once would keep the loop busy. */
static void accept_failed_cb(struct evconnlistener *listener, void *arg)
{
	const int problem = EVUTIL_SOCKET_ERROR();

	(void)listener;
	(void)arg;
	log_warn("accept failed", log_str("error", strerror(problem)));
	enable(accepting, false);
	evtimer_add(accepting->resume, &RESUME_AFTER);
}

static void resume_cb(evutil_socket_t fd, short what, void *arg)
{
	struct listen *l = arg;

	(void)fd;
	(void)what;
	enable(l, true);
}

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

static bool listen_at(struct listen *l, const struct sockaddr *address, int len)
{
	const unsigned flags = LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC |
	                       LEV_OPT_REUSEABLE;
	struct evconnlistener *listener = evconnlistener_new_bind(
		l->base, NULL, NULL, flags, BACKLOG, address, len);

	if (listener == NULL)
		return false;
	l->sockets[l->count] = evhttp_bind_listener(l->evhttp, listener);
	ensure(l->sockets[l->count] != NULL);
	l->count++;
	evconnlistener_set_error_cb(listener, accept_failed_cb);
	send_at_once(listener);
	return true;
}

bool listen_on(struct listen *l, const char *address, int port,
               struct error *err)
{
	const struct evutil_addrinfo hints = { .ai_family = AF_UNSPEC,
		                               .ai_socktype = SOCK_STREAM,
		                               .ai_protocol = IPPROTO_TCP,
		                               .ai_flags = EVUTIL_AI_PASSIVE };
	struct evutil_addrinfo *list = NULL;
	char service[16];
	int problem = 0;

	snprintf(service, sizeof(service), "%d", port);
	const int failed = evutil_getaddrinfo(address, service, &hints, &list);
	if (failed != 0)
		return error_set(err,
		                 "http.address %s is no address of this "
		                 "machine: %s",
		                 address, evutil_gai_strerror(failed));
	for (struct evutil_addrinfo *a = list;
	     a != NULL && l->count < SOCKETS_MAX; a = a->ai_next) {
		if (!listen_at(l, a->ai_addr, (int)a->ai_addrlen))
			problem = errno;
	}
	evutil_freeaddrinfo(list);
	if (l->count == 0)
		return error_set(err, "cannot listen on %s port %d: %s",
		                 address, port, strerror(problem));
	log_info("listening", log_str("address", address),
	         log_int("port", port));
	return true;
}
