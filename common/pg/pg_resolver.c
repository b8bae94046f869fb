/*
 * The thread and the loop share a search under its lock. Whoever of the two is
 * the last to need it frees it: the thread when it has been given up before it
 * was done, else the loop.
 */
#include "common/pg/pg_resolver.h"

#include <event2/event.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/mem.h"
#include "common/pg/pg_hosts.h"

struct search {
	struct pg_hosts *hosts; /* the thread's, as are found and why */
	struct pg_hosts *found;
	char why[256];

	pthread_mutex_t lock; /* for what follows */
	int eventfd;
	bool done;
	bool given_up;
};

struct pg_resolver {
	struct search *search;
	struct event *finished; /* eventfd is readable */
	void (*on_done)(void *arg);
	void *arg;
};

static void search_free(struct search *s)
{
	pg_hosts_free(&s->hosts);
	pg_hosts_free(&s->found);
	ensure(pthread_mutex_destroy(&s->lock) == 0);
	free(s);
}

/* --- the thread ----------------------------------------------------------- */

static void add_address(struct pg_hosts *found, const struct pg_host *host,
                        const struct addrinfo *one)
{
	char number[NI_MAXHOST];

	if (getnameinfo(one->ai_addr, one->ai_addrlen, number, sizeof(number),
	                NULL, 0, NI_NUMERICHOST) == 0)
		pg_hosts_add(found, host, number);
}

static void look_up(struct search *s, const struct pg_host *host)
{
	const struct addrinfo hints = { .ai_family = AF_UNSPEC,
		                        .ai_socktype = SOCK_STREAM };
	const char *name = host->field[PG_HOST_NAME];
	struct addrinfo *all;
	int error = getaddrinfo(name, NULL, &hints, &all);

	if (error != 0) {
		(void)snprintf(s->why, sizeof(s->why),
		               "the database's host \"%s\" has no address: %s",
		               name, gai_strerror(error));
		return;
	}
	for (const struct addrinfo *one = all; one != NULL; one = one->ai_next)
		add_address(s->found, host, one);
	freeaddrinfo(all);
}

static void search_end(struct search *s)
{
	const uint64_t one = 1;

	ensure(pthread_mutex_lock(&s->lock) == 0);
	const bool given_up = s->given_up;
	s->done = true;
	if (!given_up)
		ensure(write(s->eventfd, &one, sizeof(one)) == sizeof(one));
	ensure(pthread_mutex_unlock(&s->lock) == 0);
	if (given_up)
		search_free(s);
}

static void *thread_main(void *arg)
{
	struct search *s = arg;

	for (size_t i = 0; i < s->hosts->count; i++) {
		const struct pg_host *host = &s->hosts->all[i];

		if (pg_host_is_name(host))
			look_up(s, host);
		else
			pg_hosts_add(s->found, host, NULL);
	}
	search_end(s);
	return NULL;
}

/* Signals are for the loop's thread. */
static bool start_thread(struct search *s)
{
	pthread_t thread;
	sigset_t all;
	sigset_t before;

	ensure(sigfillset(&all) == 0);
	ensure(pthread_sigmask(SIG_SETMASK, &all, &before) == 0);
	const bool started = pthread_create(&thread, NULL, thread_main, s) == 0;
	if (started)
		ensure(pthread_detach(thread) == 0);
	ensure(pthread_sigmask(SIG_SETMASK, &before, NULL) == 0);
	return started;
}

/* --- the loop's side ------------------------------------------------------ */

bool pg_resolver_is_done(struct pg_resolver *r)
{
	ensure(pthread_mutex_lock(&r->search->lock) == 0);
	const bool done = r->search->done;
	ensure(pthread_mutex_unlock(&r->search->lock) == 0);
	return done;
}

static void finished_cb(evutil_socket_t fd, short what, void *arg)
{
	struct pg_resolver *r = arg;

	(void)fd;
	(void)what;
	/* And takes the lock, after the thread. */
	ensure(pg_resolver_is_done(r));
	r->on_done(r->arg);
}

/* NULL: none is left of what it needs. */
static struct search *search_begin(struct pg_hosts *hosts)
{
	struct search *s = xcalloc(1, sizeof(*s));

	s->hosts = hosts;
	s->found = xcalloc(1, sizeof(*s->found));
	ensure(pthread_mutex_init(&s->lock, NULL) == 0);
	s->eventfd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (s->eventfd >= 0 && start_thread(s))
		return s;
	if (s->eventfd >= 0)
		ensure(close(s->eventfd) == 0);
	search_free(s);
	return NULL;
}

struct pg_resolver *pg_resolver_new(struct event_base *base,
                                    struct pg_hosts *hosts,
                                    void (*on_done)(void *arg), void *arg)
{
	struct search *s = search_begin(hosts);
	struct pg_resolver *r;

	if (s == NULL)
		return NULL;
	r = xmalloc(sizeof(*r));
	*r = (struct pg_resolver){ .search = s,
		                   .on_done = on_done,
		                   .arg = arg };
	r->finished = event_new(base, s->eventfd, EV_READ, finished_cb, r);
	ensure(r->finished != NULL);
	ensure(event_add(r->finished, NULL) == 0);
	return r;
}

struct pg_hosts *pg_resolver_take(struct pg_resolver *r, char *why, size_t size)
{
	struct search *s = r->search;
	struct pg_hosts *found = s->found;

	if (found->count == 0) {
		(void)snprintf(why, size, "%s", s->why);
		return NULL;
	}
	s->found = NULL;
	return found;
}

void pg_resolver_free(struct pg_resolver **resolver)
{
	struct pg_resolver *r = *resolver;

	if (r == NULL)
		return;
	event_free(r->finished);
	ensure(pthread_mutex_lock(&r->search->lock) == 0);
	const bool done = r->search->done;
	r->search->given_up = true;
	ensure(close(r->search->eventfd) == 0);
	ensure(pthread_mutex_unlock(&r->search->lock) == 0);
	if (done)
		search_free(r->search);
	free(r);
	*resolver = NULL;
}
