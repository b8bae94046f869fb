#ifndef TESTS_TMDB_STUB_PULSE_H
#define TESTS_TMDB_STUB_PULSE_H

struct event_base;

/*
 * Whether the stand-in itself was kept from running: calls that came over such
 * a time are logged as if of one moment, and a second seems to have too many.
 */
void pulse_start(struct event_base *base);
void pulse_reset(void);
/* The longest such time since, in milliseconds. */
int pulse_stalled_ms(void);

#endif
