/* Listening sockets, and the pause when accept() fails. */
#include "common/http/http_listen.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <event2/event.h>
#include <event2/listener.h>
#include <event2/util.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/mem.h"

#define BACKLOG      1024
#define RESUME_AFTER ((struct timeval){ .tv_usec = 200000 })
#define SAY_AFTER_MS 60000
#define SOCKETS_MAX  4

struct http_listen {
	struct event_base *base;
	struct evconnlistener *sockets[SOCKETS_MAX];
	int count;
	struct event *resume;
	void (*accepted)(int fd, const struct sockaddr *peer, void *arg);
	void *arg;
	int64_t failures; /* since the log last said so */
	int64_t said_ms;
};

static void resume_cb(evutil_socket_t fd, short what, void *arg);

struct http_listen *http_listen_new(
	struct event_base *base,
	void (*accepted)(int fd, const struct sockaddr *peer, void *arg),
	void *arg)
{
	struct http_listen *l = xcalloc(1, sizeof(*l));

	l->base = base;
	l->accepted = accepted;
	l->arg = arg;
	l->said_ms = -SAY_AFTER_MS;
	l->resume = evtimer_new(base, resume_cb, l);
	ensure(l->resume != NULL);
	return l;
}

void http_listen_stop(struct http_listen *l)
{
	evtimer_del(l->resume);
	for (int i = 0; i < l->count; i++)
		evconnlistener_free(l->sockets[i]);
	l->count = 0;
}

void http_listen_free(struct http_listen **l)
{
	if (*l == NULL)
		return;
	http_listen_stop(*l);
	event_free(l[0]->resume);
	free(*l);
	*l = NULL;
}

static void say_why(struct http_listen *l, int problem)
{
	l->failures++;
	if (clock_ms() - l->said_ms < SAY_AFTER_MS)
		return;
	log_warn("accept failed", log_str("error", strerror(problem)),
	         log_int("times", l->failures));
	l->said_ms = clock_ms();
	l->failures = 0;
}

/* To try again at once would keep the loop busy. */
static void accept_failed_cb(struct evconnlistener *listener, void *arg)
{
	struct http_listen *l = arg;

	(void)listener;
	say_why(l, EVUTIL_SOCKET_ERROR());
	for (int i = 0; i < l->count; i++)
		evconnlistener_disable(l->sockets[i]);
	evtimer_add(l->resume, &RESUME_AFTER);
}

static void resume_cb(evutil_socket_t fd, short what, void *arg)
{
	struct http_listen *l = arg;

	(void)fd;
	(void)what;
	for (int i = 0; i < l->count; i++)
		evconnlistener_enable(l->sockets[i]);
}

static void accepted_cb(struct evconnlistener *listener, evutil_socket_t fd,
                        struct sockaddr *peer, int len, void *arg)
{
	struct http_listen *l = arg;

	(void)listener;
	(void)len;
	l->accepted(fd, peer, l->arg);
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

static bool listen_at(struct http_listen *l, const struct sockaddr *address,
                      int len)
{
	const unsigned flags = LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC |
	                       LEV_OPT_REUSEABLE;
	struct evconnlistener *listener = evconnlistener_new_bind(
		l->base, accepted_cb, l, flags, BACKLOG, address, len);

	if (listener == NULL)
		return false;
	l->sockets[l->count++] = listener;
	evconnlistener_set_error_cb(listener, accept_failed_cb);
	send_at_once(listener);
	return true;
}

bool http_listen_on(struct http_listen *l, const char *what,
                    const char *address, int port, struct error *err)
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
		return error_set(err, "%s %s is no address of this machine: %s",
		                 what, address, evutil_gai_strerror(failed));
	for (struct evutil_addrinfo *a = list;
	     a != NULL && l->count < SOCKETS_MAX; a = a->ai_next) {
		if (!listen_at(l, a->ai_addr, (int)a->ai_addrlen))
			problem = errno;
	}
	evutil_freeaddrinfo(list);
	if (l->count == 0)
		return error_set(err, "cannot listen on %s port %d: %s",
		                 address, port, strerror(problem));
	return true;
}
