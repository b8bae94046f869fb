#ifndef COMMON_BASE_BUF_H
#define COMMON_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/attr.h"

/*
 * A growing byte buffer with a maximum that must be given. What does not fit
 * is not added and buf_overflowed() stays true until buf_reset(), so a writer
 * checks once, at the end. data is always NUL-terminated.
 */
struct buf {
	char *data;
	size_t len;
	size_t cap;
	size_t max;
	bool overflowed;
};

/* max is a bound that somebody chose: SIZE_MAX is refused. */
void buf_init(struct buf *b, size_t max);
void buf_deinit(struct buf *b);
/* Empties it, keeps the memory. */
void buf_reset(struct buf *b);

void buf_add(struct buf *b, const void *data, size_t len);
void buf_add_str(struct buf *b, const char *s);
void buf_add_char(struct buf *b, char c);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
bool buf_overflowed(const struct buf *b);
/* The content, owned by the caller (free()); b is empty afterwards. */
char *buf_steal(struct buf *b) MUST_CHECK;

#endif
