#ifndef COMMON_BASE_LOG_REPEATS_H
#define COMMON_BASE_LOG_REPEATS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/attr.h"

/*
 * Which warnings are repeats. For log.c, which holds the lock; the clock is the
 * caller's. Two are equal when event and subject are; of a subject the first
 * LOG_SUBJECT_MAX bytes count. The first is to be written; those that follow
 * within a span are counted, and their count is due at its end. Then the next
 * span begins, until one passes without any.
 *
 * The table is of constant size: of one event at most LOG_SUBJECTS_MAX subjects
 * are told apart, what else it is about is counted with the last of them. When
 * there are too many events, those without a place are written each time.
 */
#define LOG_SUBJECT_MAX  160
#define LOG_SUBJECTS_MAX 8

struct log_repeat {
	int level;
	const char *event; /* constant text; NULL: the place is free */
	const char *key;   /* of the subject's field, constant text */
	char subject[LOG_SUBJECT_MAX];
	int64_t since_ms; /* the span's begin */
	int64_t count;    /* in it, beyond the one that was written */
};

/* False: it is a repeat, and was counted. */
bool log_repeats_is_first(int level, const char *event, const char *key,
                          const char *subject, int64_t now_ms) MUST_CHECK;
/* The next count that is due, with the span that it is of; false: none is.
 * span_ms 0: all are. */
bool log_repeats_take_due(int64_t now_ms, int64_t span_ms,
                          struct log_repeat *repeat_r) MUST_CHECK;

#endif
