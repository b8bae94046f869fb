#ifndef COMMON_PROCESS_TICKER_H
#define COMMON_PROCESS_TICKER_H

#include <stdint.h>

struct event_base;
struct ticker;

/*
 * Calls a function again and again. The intervals are *ms, which is read anew
 * each time, give or take 20 %, so that many daemons do not call at the same
 * moment. The first call comes after one interval.
 */
struct ticker *ticker_new(struct event_base *base, const int64_t *ms,
                          void (*call)(void *arg), void *arg);
void ticker_free(struct ticker **ticker);
/* The next call comes in ms, and the intervals go on from there. */
void ticker_soon(struct ticker *ticker, int64_t ms);

#endif
