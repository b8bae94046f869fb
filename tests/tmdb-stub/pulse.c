/* A timer that notices when it comes late. */

#include "tests/tmdb-stub/pulse.h"

#include <event2/event.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/time.h>

#include "common/base/clock.h"
#include "common/base/mem.h"

#define BEAT_MS 5L

static int64_t last_ms;
static int stalled_ms;

static void beat_cb(evutil_socket_t fd, short what, void *arg)
{
	const int64_t now = clock_ms();
	const int late = (int)(now - last_ms - BEAT_MS);

	(void)fd;
	(void)what;
	(void)arg;
	if (late > stalled_ms)
		stalled_ms = late;
	last_ms = now;
}

void pulse_start(struct event_base *base)
{
	const struct timeval beat = { 0, BEAT_MS * 1000 };
	struct event *timer = event_new(base, -1, EV_PERSIST, beat_cb, NULL);

	last_ms = clock_ms();
	ensure(timer != NULL && event_add(timer, &beat) == 0);
}

void pulse_reset(void)
{
	stalled_ms = 0;
}

int pulse_stalled_ms(void)
{
	return stalled_ms;
}
