#ifndef ENRICH_DAEMON_CLIENT_SLOTS_H
#define ENRICH_DAEMON_CLIENT_SLOTS_H

#include <stdint.h>

#include "common/base/attr.h"

/*
 * The slots in hand: the times at which one call each may begin, a period
 * apart, the earliest first. Pure: the caller says what time it is. Zeroed:
 * there is none. Microseconds of one clock throughout.
 */
#define SLOTS_MAX 128

struct slots {
	int64_t at_us[SLOTS_MAX]; /* a ring */
	int head, count;
	int64_t last_us; /* of the last one that was booked */
};

enum slot {
	SLOT_NONE, /* no slot is due */
	SLOT_DUE,  /* a call may begin now */
	SLOT_LATE  /* its time has passed: no call may begin in it */
};

/* How many more slots there is room for. */
int slots_room(const struct slots *slots) MUST_CHECK;
/* Books n slots from at_us on; those that were booked before come first, and a
 * period lies between any two. n: slots_room() at most. */
void slots_book(struct slots *slots, int n, int64_t at_us, int64_t period_us);
/* When the next slot is due; INT64_MAX: there is none. */
int64_t slots_next(const struct slots *slots) MUST_CHECK;
/* Takes the next slot out if it is due; a slot is late when its time is longer
 * ago than late_us. */
enum slot slots_due(struct slots *slots, int64_t now_us,
                    int64_t late_us) MUST_CHECK;
/* Drops all slots, and gives how many there were. What is booked afterwards
 * still comes a period after the last one. */
int slots_drop(struct slots *slots);
/* The same when the clock of the slots was set: what is booked afterwards comes
 * a period after now. */
int slots_restart(struct slots *slots, int64_t now_us);

#endif
