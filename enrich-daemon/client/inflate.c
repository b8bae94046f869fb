/*
 * gzip without a Content-Encoding header: TMDB's CDN has done that.
 */
#include "enrich-daemon/client/inflate.h"

#include <limits.h>
#define ZLIB_CONST
#include <zlib.h>

#define CHUNK       16384
#define WINDOW_GZIP (15 + 16)

bool inflate_is_gzip(const char *data, size_t len)
{
	return len >= 2 && data[0] == '\x1f' && data[1] == '\x8b';
}

bool inflate_gzip(const char *data, size_t len, struct buf *out,
                  struct error *err)
{
	z_stream z = { .next_in = (const Bytef *)data, .avail_in = (uInt)len };
	unsigned char chunk[CHUNK];
	int status = Z_OK;

	if (len > UINT_MAX || inflateInit2(&z, WINDOW_GZIP) != Z_OK)
		return error_set(err, "gzip body cannot be unpacked");
	while (status == Z_OK && !buf_overflowed(out)) {
		z.next_out = chunk;
		z.avail_out = sizeof(chunk);
		status = inflate(&z, Z_NO_FLUSH);
		buf_add(out, chunk, sizeof(chunk) - z.avail_out);
	}
	(void)inflateEnd(&z);
	if (buf_overflowed(out))
		return error_set(err, "gzip body unpacks to over %zu bytes",
		                 out->max);
	if (status != Z_STREAM_END)
		return error_set(err, "gzip body is broken or cut off");
	return true;
}
