/*
 * A growing byte buffer with a maximum. After the first piece that does not
 * fit nothing more is added, so the content is always a beginning of what was
 * meant. Memory is taken with the first byte; until then data points to a
 * shared empty string that is never written to (cap is 0).
 */
#include "common/base/buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"

#define BUF_CAP_MIN 256

static char empty[1];

void buf_init(struct buf *b, size_t max)
{
	ensure(max <= SIZE_MAX / 4);
	*b = (struct buf){ .data = empty, .max = max };
}

void buf_deinit(struct buf *b)
{
	if (b->cap > 0)
		free(b->data);
	buf_init(b, b->max);
}

void buf_reset(struct buf *b)
{
	b->len = 0;
	b->overflowed = false;
	if (b->cap > 0)
		b->data[0] = '\0';
}

/* Makes room for len more bytes and the NUL; false when they do not fit. */
static bool make_room(struct buf *b, size_t len)
{
	if (b->overflowed || len > b->max - b->len) {
		b->overflowed = true;
		return false;
	}
	const size_t need = b->len + len + 1;
	if (need <= b->cap)
		return true;

	size_t cap = b->cap > 0 ? b->cap : BUF_CAP_MIN;
	while (cap < need)
		cap *= 2;
	if (cap > b->max + 1)
		cap = b->max + 1;
	b->data = xrealloc(b->cap > 0 ? b->data : NULL, cap);
	b->cap = cap;
	return true;
}

void buf_add(struct buf *b, const void *data, size_t len)
{
	if (len == 0 || !make_room(b, len))
		return;
	memcpy(b->data + b->len, data, len);
	b->len += len;
	b->data[b->len] = '\0';
}

void buf_add_str(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void buf_add_char(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	const int len = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	ensure(len >= 0);
	if (len == 0 || !make_room(b, (size_t)len))
		return;

	va_start(args, fmt);
	(void)vsnprintf(b->data + b->len, (size_t)len + 1, fmt, args);
	va_end(args);
	b->len += (size_t)len;
}

bool buf_overflowed(const struct buf *b)
{
	return b->overflowed;
}

char *buf_steal(struct buf *b)
{
	char *content = b->cap > 0 ? b->data : xstrdup("");

	buf_init(b, b->max);
	return content;
}
