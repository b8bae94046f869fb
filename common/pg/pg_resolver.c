/*
 * One task on a thread of its own. What the task needs is in `search`. The loop
 * reads and frees it once the task is done; given up before, it is dropped.
 */
#include "common/pg/pg_resolver.h"

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "common/base/mem.h"
#include "common/pg/pg_hosts.h"
#include "common/process/task_thread.h"

struct search {
	struct task task; /* first, so that one is the other */
	struct pg_hosts *hosts;
	struct pg_hosts *found;
	char why[256];
	struct pg_resolver *owner; /* the loop's */
};

struct pg_resolver {
	struct task_thread *thread;
	struct search *search;
	bool done; /* the search is ours again */
	void (*on_done)(void *arg);
	void *arg;
};

static void search_free(struct search *s)
{
	pg_hosts_free(&s->hosts);
	pg_hosts_free(&s->found);
	free(s);
}

/* --- the thread --- */

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

static void search_run_cb(struct task *task)
{
	struct search *s = (struct search *)task;

	for (size_t i = 0; i < s->hosts->count; i++) {
		const struct pg_host *host = &s->hosts->all[i];

		if (pg_host_is_name(host))
			look_up(s, host);
		else
			pg_hosts_add(s->found, host, NULL);
	}
}

static void search_drop_cb(struct task *task)
{
	search_free((struct search *)task);
}

/* --- the loop's side --- */

static void search_done_cb(struct task *task)
{
	struct pg_resolver *r = ((struct search *)task)->owner;

	r->done = true;
	r->on_done(r->arg);
}

static struct search *search_new(struct pg_hosts *hosts,
                                 struct pg_resolver *owner)
{
	struct search *s = xcalloc(1, sizeof(*s));

	s->task = (struct task){ .run = search_run_cb,
		                 .done = search_done_cb,
		                 .drop = search_drop_cb };
	s->hosts = hosts;
	s->found = xcalloc(1, sizeof(*s->found));
	s->owner = owner;
	return s;
}

struct pg_resolver *pg_resolver_new(struct event_base *base,
                                    struct pg_hosts *hosts,
                                    void (*on_done)(void *arg), void *arg)
{
	struct task_thread *thread = task_thread_new(base, 1);
	struct pg_resolver *r;

	if (thread == NULL) {
		pg_hosts_free(&hosts);
		return NULL;
	}
	r = xmalloc(sizeof(*r));
	*r = (struct pg_resolver){ .thread = thread,
		                   .search = search_new(hosts, r),
		                   .on_done = on_done,
		                   .arg = arg };
	ensure(task_thread_submit(r->thread, &r->search->task));
	return r;
}

bool pg_resolver_is_done(const struct pg_resolver *r)
{
	return r->done;
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
	task_thread_abandon(&r->thread);
	if (r->done)
		search_free(r->search);
	free(r);
	*resolver = NULL;
}
