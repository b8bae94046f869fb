/* A state a character; data is passed on as it lies. */
#include "common/http/http_chunks.h"

#define DIGITS_MAX  12 /* 256 TiB */
#define SKIPPED_MAX 4096

enum {
	SIZE,
	EXTENSION,
	SIZE_LF,
	DATA,
	DATA_CR,
	DATA_LF,
	LAST_LINE, /* a trailer, or the empty line at the end */
	LAST_LF,
	TRAILER,
	TRAILER_LF,
	END,
	BAD
};

static int after_size(struct http_chunks *k, char c)
{
	const int digit = str_hex_digit(c);

	if (digit >= 0 && k->digits < DIGITS_MAX) {
		k->left = k->left * 16 + (uint64_t)digit;
		k->digits++;
		return SIZE;
	}
	if (digit >= 0 || k->digits == 0)
		return BAD;
	return c == '\r' ? SIZE_LF : c == ';' ? EXTENSION : BAD;
}

/* In an extension or a trailer, up to its CR. */
static int after_skipped(struct http_chunks *k, char c, int same, int next)
{
	if (c == '\r')
		return next;
	if (k->skipped++ == SKIPPED_MAX || c == 0x7f ||
	    ((unsigned char)c < ' ' && c != '\t'))
		return BAD;
	return same;
}

static int after_size_line(struct http_chunks *k, char c)
{
	k->digits = 0;
	k->skipped = 0;
	if (c != '\n')
		return BAD;
	return k->left > 0 ? DATA : LAST_LINE;
}

static int after(struct http_chunks *k, char c)
{
	switch (k->state) {
	case SIZE:
		return after_size(k, c);
	case EXTENSION:
		return after_skipped(k, c, EXTENSION, SIZE_LF);
	case SIZE_LF:
		return after_size_line(k, c);
	case DATA_CR:
		return c == '\r' ? DATA_LF : BAD;
	case DATA_LF:
		return c == '\n' ? SIZE : BAD;
	case LAST_LINE:
		return after_skipped(k, c, TRAILER, LAST_LF);
	case TRAILER:
		return after_skipped(k, c, TRAILER, TRAILER_LF);
	case TRAILER_LF:
		return c == '\n' ? LAST_LINE : BAD;
	case LAST_LF:
		return c == '\n' ? END : BAD;
	default:
		return BAD;
	}
}

static struct str cut_data(struct http_chunks *k, struct str *in)
{
	const size_t n = in->n < k->left ? in->n : (size_t)k->left;
	const struct str data = { in->p, n };

	in->p += n;
	in->n -= n;
	k->left -= n;
	if (k->left == 0)
		k->state = DATA_CR;
	return data;
}

enum http_chunks_result http_chunks_next(struct http_chunks *chunks,
                                         struct str *in, struct str *data_r)
{
	while (in->n > 0 && chunks->state < END) {
		if (chunks->state == DATA) {
			*data_r = cut_data(chunks, in);
			return HTTP_CHUNKS_DATA;
		}
		chunks->state = after(chunks, in->p[0]);
		in->p++;
		in->n--;
	}
	return chunks->state == END   ? HTTP_CHUNKS_END
	       : chunks->state == BAD ? HTTP_CHUNKS_BAD
	                              : HTTP_CHUNKS_MORE;
}
