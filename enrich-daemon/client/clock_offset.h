#ifndef ENRICH_DAEMON_CLIENT_CLOCK_OFFSET_H
#define ENRICH_DAEMON_CLIENT_CLOCK_OFFSET_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/attr.h"

/*
 * What the database's clock shows, told by ours. Each answer that holds its
 * time bounds the difference, since that time was read after we had asked and
 * before we were answered; all of them together say it better than the last
 * one, as clocks drift apart slowly. Microseconds throughout.
 */
struct clock_offset {
	bool known;
	int64_t low, high; /* of our clock minus theirs */
	int64_t at;        /* of our clock, when that was so */
};

/* Zeroed: nothing is known. False when their clock was set, which is believed
 * at once. */
bool clock_offset_learn(struct clock_offset *offset, int64_t asked,
                        int64_t theirs, int64_t answered);
/* What our clock shows when theirs shows this; wrong by clock_offset_error() at
 * most. Once something is known. */
int64_t clock_offset_ours(const struct clock_offset *offset,
                          int64_t theirs) MUST_CHECK;
int64_t clock_offset_error(const struct clock_offset *offset) MUST_CHECK;

#endif
