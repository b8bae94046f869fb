/*
 * The difference of two clocks, by intersecting what each answer says of it.
 */
#include "enrich-daemon/client/clock_offset.h"

/* The kernel corrects a clock by 500 parts in a million at most. */
#define DRIFT_DIVISOR 2000
/* Of both clocks. */
#define ROUNDING_US 1

bool clock_offset_learn(struct clock_offset *offset, int64_t asked,
                        int64_t theirs, int64_t answered)
{
	const int64_t low = asked - theirs;
	const int64_t high = answered - theirs;
	const int64_t drift =
		(answered - offset->at) / DRIFT_DIVISOR + ROUNDING_US;
	const bool fits =
		offset->low - drift <= high && low <= offset->high + drift;
	const bool set = offset->known && !fits;
	struct clock_offset now = { true, low, high, answered };

	if (offset->known && fits) {
		if (offset->low - drift > low)
			now.low = offset->low - drift;
		if (offset->high + drift < high)
			now.high = offset->high + drift;
	}
	*offset = now;
	return !set;
}

int64_t clock_offset_ours(const struct clock_offset *offset, int64_t theirs)
{
	return theirs + offset->low + (offset->high - offset->low) / 2;
}

int64_t clock_offset_error(const struct clock_offset *offset)
{
	return (offset->high - offset->low + 1) / 2;
}
