#ifndef COMMON_BASE_CLOCK_H
#define COMMON_BASE_CLOCK_H

#include <stddef.h>
#include <stdint.h>

/* Milliseconds and microseconds of CLOCK_MONOTONIC: for waits and durations. */
int64_t clock_ms(void);
int64_t clock_us(void);

/* Wall clock as 2026-11-23T03:04:05.678Z; size of at least CLOCK_ISO_SIZE. */
#define CLOCK_ISO_SIZE 32
void clock_iso(char *out, size_t size);

#endif
