/*
 * Repeating timers with jitter.
 */
#include "common/process/ticker.h"

#include <event2/event.h>
#include <stdlib.h>

#include "common/base/backoff.h"
#include "common/base/mem.h"

struct every {
	struct event *timer;
	const int64_t *ms;
	void (*call)(void *arg);
	void *arg;
};

void every_soon(struct every *every, int64_t ms)
{
	struct timeval delay = { ms / 1000, ms % 1000 * 1000 };

	ensure(event_add(every->timer, &delay) == 0);
}

static void every_wait(struct every *every)
{
	int64_t fifth = *every->ms / 5;

	every_soon(every,
	           *every->ms - fifth +
	                   (int64_t)random_below((uint64_t)(2 * fifth + 1)));
}

static void every_cb(evutil_socket_t fd, short what, void *arg)
{
	struct every *every = arg;

	(void)fd;
	(void)what;
	every_wait(every);
	every->call(every->arg);
}

struct every *every_new(struct event_base *base, const int64_t *ms,
                        void (*call)(void *arg), void *arg)
{
	struct every *every = xmalloc(sizeof(*every));

	*every = (struct every){ .ms = ms, .call = call, .arg = arg };
	every->timer = evtimer_new(base, every_cb, every);
	ensure(every->timer != NULL);
	every_wait(every);
	return every;
}

void every_free(struct every **every)
{
	if (*every == NULL)
		return;
	event_free((*every)->timer);
	free(*every);
	*every = NULL;
}
