/* Waiting longer after each failure, and the kernel's random numbers. */
#include "common/base/backoff.h"

#include <errno.h>
#include <limits.h>
#include <sys/random.h>
#include <sys/types.h>

#include "common/base/mem.h"

int64_t backoff_next(struct backoff *b)
{
	if (b->failures < INT_MAX)
		b->failures++;
	return backoff_delay(b->base_ms, b->max_ms, b->failures);
}

void backoff_reset(struct backoff *b)
{
	b->failures = 0;
}

int64_t backoff_delay(int64_t base_ms, int64_t max_ms, int n)
{
	ensure(base_ms >= 0 && max_ms >= 0);
	const int64_t low = base_ms < max_ms ? base_ms : max_ms;
	int64_t high = low;

	for (int i = 1; i < n && high > 0 && high < max_ms; i++)
		high = high > max_ms / 2 ? max_ms : high * 2;
	return low + (int64_t)random_below((uint64_t)(high - low) + 1);
}

uint64_t random_u64(void)
{
	uint64_t value = 0;
	ssize_t got;

	do {
		got = getrandom(&value, sizeof(value), 0);
	} while (got < 0 && errno == EINTR);
	ensure(got == (ssize_t)sizeof(value));
	return value;
}

/* Values beyond the last whole multiple of bound would favour small ones. */
uint64_t random_below(uint64_t bound)
{
	ensure(bound > 0);
	const uint64_t limit = UINT64_MAX - UINT64_MAX % bound;
	uint64_t value;

	do {
		value = random_u64();
	} while (value >= limit);
	return value % bound;
}
