#ifndef ENRICH_DAEMON_CLIENT_CLOCK_OFFSET_H
#define ENRICH_DAEMON_CLIENT_CLOCK_OFFSET_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/attr.h"

/*
 * How far our clock is from the database's. The database reads its clock for
 * an answer after we have asked and before the answer is here, so each answer
 * gives two bounds of the offset. The bounds of all answers together are closer
 * than those of the last one, as clocks drift apart slowly. Microseconds
 * throughout. Zeroed: nothing is known.
 */
struct clock_offset {
	bool known;
	int64_t low, high; /* of our clock minus theirs */
	int64_t at;        /* of our clock, when that was so */
};

/* We asked and were answered at these times of our clock, and the answer says
 * theirs. False when the answer does not fit: one of the clocks was set, and
 * the bounds are those of this answer alone. */
bool clock_offset_learn(struct clock_offset *offset, int64_t asked,
                        int64_t theirs, int64_t answered);
/* The time of our clock at a time of theirs, wrong by clock_offset_error() at
 * most. Both only once something is known. */
int64_t clock_offset_ours(const struct clock_offset *offset,
                          int64_t theirs) MUST_CHECK;
int64_t clock_offset_error(const struct clock_offset *offset) MUST_CHECK;

#endif
