/*
 * The difference of two clocks, by intersecting what each answer says of it.
 */
#include "enrich-daemon/skew.h"

/* The kernel corrects a clock by 500 parts in a million at most. */
#define DRIFT_DIVISOR 2000

void skew_learn(struct skew *skew, int64_t asked, int64_t theirs,
                int64_t answered)
{
	const int64_t low = asked - theirs;
	const int64_t high = answered - theirs;
	const int64_t drift = (answered - skew->at) / DRIFT_DIVISOR;
	struct skew now = { .known = true, .low = low, .high = high };

	now.at = answered;
	if (skew->known && skew->low - drift <= high &&
	    low <= skew->high + drift) {
		if (skew->low - drift > low)
			now.low = skew->low - drift;
		if (skew->high + drift < high)
			now.high = skew->high + drift;
	}
	*skew = now;
}

int64_t skew_ours(const struct skew *skew, int64_t theirs)
{
	return theirs + skew->low + (skew->high - skew->low) / 2;
}

int64_t skew_error(const struct skew *skew)
{
	return (skew->high - skew->low + 1) / 2;
}
