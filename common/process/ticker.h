#ifndef COMMON_PROCESS_TICKER_H
#define COMMON_PROCESS_TICKER_H

#include <stdint.h>

struct event_base;
struct every;

/*
 * Calls again and again, at intervals of *ms +-20 % (so that many daemons do
 * not do it at the same moment), read anew each time. The first call comes
 * after one interval.
 */
struct every *every_new(struct event_base *base, const int64_t *ms,
                        void (*call)(void *arg), void *arg);
void every_free(struct every **every);
/* Lets the next call come in ms, and the intervals go on from there. */
void every_soon(struct every *every, int64_t ms);

#endif
