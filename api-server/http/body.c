/* Bodies: reference counts, entity tags, gzip by zlib. */
#include "api-server/http/body.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ZLIB_CONST /* next_in is const */
#include <zlib.h>

#include "common/base/mem.h"

/* Nearly as small as the default, in half the time. */
#define GZIP_LEVEL 4

struct body *body_new(const char *content_type, const void *data, size_t len)
{
	struct body *b = xcalloc(1, sizeof(*b));

	b->refs = 1;
	b->content_type = content_type;
	b->data = xmalloc(len + 1);
	if (len > 0)
		memcpy(b->data, data, len);
	b->data[len] = '\0';
	b->len = len;
	return b;
}

struct body *body_ref(struct body *b)
{
	b->refs++;
	return b;
}

void body_unref(struct body **b)
{
	if (*b == NULL)
		return;
	ensure(b[0]->refs > 0);
	if (--b[0]->refs == 0) {
		free(b[0]->data);
		free(b[0]->gzip);
		free(*b);
	}
	*b = NULL;
}

/* --- on their way --- */

static size_t sends_bytes;

struct body *body_send(struct body *b)
{
	if (b->sends++ == 0) {
		b->sends_size = b->resident ? 0 : body_size(b);
		sends_bytes += b->sends_size;
	}
	return body_ref(b);
}

void body_sent(struct body **b)
{
	ensure(b[0]->sends > 0);
	if (--b[0]->sends == 0)
		sends_bytes -= b[0]->sends_size;
	body_unref(b);
}

size_t body_sends_bytes(void)
{
	return sends_bytes;
}

/* --- tags and compression --- */

/* FNV-1a: a tag tells versions apart, it does not guard against forgers. */
static uint64_t content_hash(const char *data, size_t len)
{
	uint64_t hash = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < len; i++) {
		hash ^= (unsigned char)data[i];
		hash *= UINT64_C(1099511628211);
	}
	return hash;
}

void body_tag(struct body *b, const char *version)
{
	snprintf(b->etag, sizeof(b->etag), "%s%s%016" PRIx64,
	         version ? version : "", version ? "-" : "",
	         content_hash(b->data, b->len));
}

/* False when it does not get smaller: then out is not worth keeping. */
static bool gzip(const char *data, size_t len, char *out, size_t *out_len)
{
	/* 15 bits of window; 16 more mean the gzip wrapper. */
	const int window_bits = 15 + 16;
	const int memory_level = 8;
	z_stream z = { 0 };

	if (deflateInit2(&z, GZIP_LEVEL, Z_DEFLATED, window_bits, memory_level,
	                 Z_DEFAULT_STRATEGY) != Z_OK)
		return false;
	z.next_in = (const Bytef *)data;
	z.avail_in = (uInt)len;
	z.next_out = (Bytef *)out;
	z.avail_out = (uInt)*out_len;

	const bool done = deflate(&z, Z_FINISH) == Z_STREAM_END;
	*out_len = z.total_out;
	deflateEnd(&z);
	return done;
}

bool body_compress(struct body *b)
{
	if (b->gzip_tried || b->len < BODY_GZIP_MIN || b->len > BODY_GZIP_MAX)
		return b->gzip != NULL;
	b->gzip_tried = true;
	b->gzip_len = b->len;
	b->gzip = xmalloc(b->len);
	if (gzip(b->data, b->len, b->gzip, &b->gzip_len)) {
		b->gzip = xrealloc(b->gzip, b->gzip_len);
	} else {
		free(b->gzip);
		b->gzip = NULL;
	}
	return b->gzip != NULL;
}

size_t body_size(const struct body *b)
{
	return sizeof(*b) + b->len + (b->gzip != NULL ? b->gzip_len : 0);
}
