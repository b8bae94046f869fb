/*
 * Repeating timers with jitter.
 */
#include "common/process/ticker.h"

#include <event2/event.h>
#include <stdlib.h>

#include "common/base/backoff.h"
#include "common/base/mem.h"

struct ticker {
	struct event *timer;
	const int64_t *ms;
	void (*call)(void *arg);
	void *arg;
};

void ticker_soon(struct ticker *ticker, int64_t ms)
{
	struct timeval delay = { ms / 1000, ms % 1000 * 1000 };

	ensure(event_add(ticker->timer, &delay) == 0);
}

static void ticker_wait(struct ticker *ticker)
{
	int64_t fifth = *ticker->ms / 5;

	ticker_soon(ticker,
	            *ticker->ms - fifth +
	                    (int64_t)random_below((uint64_t)(2 * fifth + 1)));
}

static void ticker_cb(evutil_socket_t fd, short what, void *arg)
{
	struct ticker *ticker = arg;

	(void)fd;
	(void)what;
	ticker_wait(ticker);
	ticker->call(ticker->arg);
}

struct ticker *ticker_new(struct event_base *base, const int64_t *ms,
                          void (*call)(void *arg), void *arg)
{
	struct ticker *ticker = xmalloc(sizeof(*ticker));

	*ticker = (struct ticker){ .ms = ms, .call = call, .arg = arg };
	ticker->timer = evtimer_new(base, ticker_cb, ticker);
	ensure(ticker->timer != NULL);
	ticker_wait(ticker);
	return ticker;
}

void ticker_free(struct ticker **ticker)
{
	if (*ticker == NULL)
		return;
	event_free((*ticker)->timer);
	free(*ticker);
	*ticker = NULL;
}
