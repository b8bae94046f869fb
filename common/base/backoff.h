#ifndef COMMON_BASE_BACKOFF_H
#define COMMON_BASE_BACKOFF_H

#include <stdint.h>

/*
 * Exponential backoff with full jitter: the n-th delay (n from 1) is drawn
 * evenly from base..min(base * 2^(n-1), max). Pure but for getrandom().
 */
struct backoff {
	int64_t base_ms;
	int64_t max_ms;
	int failures; /* so far, in a row */
};

/* Counts a failure and gives the delay before the next try. */
int64_t backoff_next(struct backoff *b);
void backoff_reset(struct backoff *b);
/* The delay of the n-th failure without keeping state. */
int64_t backoff_delay(int64_t base_ms, int64_t max_ms, int n);
/* Evenly in 0..bound-1, from the kernel's generator. */
uint64_t random_below(uint64_t bound);
uint64_t random_u64(void);

#endif
