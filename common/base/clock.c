/* The two clocks: one to measure with, one to show. Neither can fail: both are
 * there on every Linux. */
#include "common/base/clock.h"

#include <stdio.h>
#include <time.h>

int64_t clock_us(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t clock_ms(void)
{
	return clock_us() / 1000;
}

void clock_iso(char *out, size_t size)
{
	struct timespec now;
	struct tm utc;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	(void)gmtime_r(&now.tv_sec, &utc);
	const size_t len = strftime(out, size, "%Y-%m-%dT%H:%M:%S", &utc);
	(void)snprintf(out + len, size - len, ".%03ldZ", now.tv_nsec / 1000000);
}
