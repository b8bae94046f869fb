/*
 * A ring of times.
 */
#include "enrich-daemon/client/slots.h"

#include "common/base/mem.h"

int slots_room(const struct slots *s)
{
	return SLOTS_MAX - s->count;
}

void slots_book(struct slots *s, int n, int64_t at_us, int64_t period_us)
{
	for (int i = 0; i < n; i++) {
		int64_t next = s->last_us + period_us;

		ensure(s->count < SLOTS_MAX);
		s->last_us = at_us > next ? at_us : next;
		s->at_us[(s->head + s->count) % SLOTS_MAX] = s->last_us;
		s->count++;
	}
}

int64_t slots_next(const struct slots *s)
{
	return s->count > 0 ? s->at_us[s->head] : INT64_MAX;
}

enum slot slots_due(struct slots *s, int64_t now_us, int64_t late_us)
{
	const int64_t at_us = slots_next(s);

	if (at_us > now_us)
		return SLOT_NONE;
	s->head = (s->head + 1) % SLOTS_MAX;
	s->count--;
	return now_us - at_us > late_us ? SLOT_LATE : SLOT_DUE;
}

int slots_drop(struct slots *s)
{
	const int dropped = s->count;

	s->count = 0;
	return dropped;
}

int slots_restart(struct slots *s, int64_t now_us)
{
	s->last_us = now_us;
	return slots_drop(s);
}
