/*
 * Array literals. Text is always quoted: then neither "NULL", nor "", nor a
 * blank, comma or brace in it means anything to the server.
 */
#include "common/pg/pg_array.h"

#include <inttypes.h>
#include <math.h>

#include "common/base/buf.h"
#include "common/base/mem.h"

/* The protocol's limit of one parameter is 1 GiB. */
#define LITERAL_MAX ((size_t)512 << 20)

struct pg_array {
	struct buf literal;
	size_t count;
	bool finished;
};

struct pg_array *pg_array_new(void)
{
	struct pg_array *a = xcalloc(1, sizeof(*a));

	buf_init(&a->literal, LITERAL_MAX);
	buf_add_char(&a->literal, '{');
	return a;
}

void pg_array_free(struct pg_array **a)
{
	if (*a == NULL)
		return;
	buf_deinit(&(*a)->literal);
	free(*a);
	*a = NULL;
}

static struct buf *element(struct pg_array *a)
{
	ensure(!a->finished);
	if (a->count++ > 0)
		buf_add_char(&a->literal, ',');
	return &a->literal;
}

void pg_array_int(struct pg_array *a, int64_t value)
{
	buf_printf(element(a), "%" PRId64, value);
}

void pg_array_double(struct pg_array *a, double value)
{
	if (isnan(value))
		buf_add_str(element(a), "NaN");
	else
		buf_printf(element(a), "%.17g", value);
}

void pg_array_bool(struct pg_array *a, bool value)
{
	buf_add_char(element(a), value ? 't' : 'f');
}

void pg_array_text(struct pg_array *a, const char *value)
{
	if (value == NULL)
		pg_array_null(a);
	else
		pg_array_text_len(a, value, strlen(value));
}

/* Up to the next byte that needs care, in one piece. */
static size_t plain_prefix(const char *value, size_t len)
{
	size_t n = 0;

	while (n < len && value[n] != '"' && value[n] != '\\' &&
	       value[n] != '\0')
		n++;
	return n;
}

void pg_array_text_len(struct pg_array *a, const char *value, size_t len)
{
	struct buf *b = element(a);

	buf_add_char(b, '"');
	while (len > 0) {
		size_t n = plain_prefix(value, len);

		buf_add(b, value, n);
		if (n == len)
			break;
		/* Text cannot hold a NUL; 0xFF makes the server say so
		 * (22021) where the NUL would silently cut the value. */
		if (value[n] == '\0') {
			buf_add_char(b, '\xff');
		} else {
			buf_add_char(b, '\\');
			buf_add_char(b, value[n]);
		}
		value += n + 1;
		len -= n + 1;
	}
	buf_add_char(b, '"');
}

void pg_array_bytes(struct pg_array *a, const void *value, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *bytes = value;
	struct buf *b = element(a);

	char piece[256];
	size_t n = 0;

	buf_add_str(b, "\"\\\\x");
	for (size_t i = 0; i < len; i++) {
		piece[n++] = digits[bytes[i] >> 4];
		piece[n++] = digits[bytes[i] & 15];
		if (n == sizeof(piece) || i + 1 == len) {
			buf_add(b, piece, n);
			n = 0;
		}
	}
	buf_add_char(b, '"');
}

void pg_array_null(struct pg_array *a)
{
	buf_add_str(element(a), "NULL");
}

void pg_array_array(struct pg_array *a, struct pg_array *inner)
{
	pg_array_text(a, pg_array_literal(inner));
	pg_array_free(&inner);
}

size_t pg_array_count(const struct pg_array *a)
{
	return a->count;
}

const char *pg_array_literal(struct pg_array *a)
{
	if (!a->finished)
		buf_add_char(&a->literal, '}');
	a->finished = true;
	ensure(!buf_overflowed(&a->literal));
	return a->literal.data;
}
