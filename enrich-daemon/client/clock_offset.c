/*
 * The difference of two clocks, by intersecting what each answer says of it.
 */
#include "enrich-daemon/client/clock_offset.h"

/* The kernel corrects a clock by 500 parts in a million at most. */
#define DRIFT_DIVISOR 2000
/* Of both clocks. */
#define ROUNDING_US 1

bool skew_learn(struct skew *skew, int64_t asked, int64_t theirs,
                int64_t answered)
{
	const int64_t low = asked - theirs;
	const int64_t high = answered - theirs;
	const int64_t drift =
		(answered - skew->at) / DRIFT_DIVISOR + ROUNDING_US;
	const bool fits =
		skew->low - drift <= high && low <= skew->high + drift;
	const bool set = skew->known && !fits;
	struct skew now = { true, low, high, answered };

	if (skew->known && fits) {
		if (skew->low - drift > low)
			now.low = skew->low - drift;
		if (skew->high + drift < high)
			now.high = skew->high + drift;
	}
	*skew = now;
	return !set;
}

int64_t skew_ours(const struct skew *skew, int64_t theirs)
{
	return theirs + skew->low + (skew->high - skew->low) / 2;
}

int64_t skew_error(const struct skew *skew)
{
	return (skew->high - skew->low + 1) / 2;
}
