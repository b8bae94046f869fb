#ifndef COMMON_PROCESS_TICKER_H
#define COMMON_PROCESS_TICKER_H

#include <stdint.h>

struct event_base;
struct ticker;

/*
 * Calls again and again, at intervals of *ms +-20 % (so that many daemons do
 * not do it at the same moment), read anew each time. The first call comes
 * after one interval.
 */
struct ticker *ticker_new(struct event_base *base, const int64_t *ms,
                          void (*call)(void *arg), void *arg);
void ticker_free(struct ticker **ticker);
/* Lets the next call come in ms, and the intervals go on from there. */
void ticker_soon(struct ticker *ticker, int64_t ms);

#endif
