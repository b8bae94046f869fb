/* A body in chunks: however it is cut on the way, it is the same. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "common/base/buf.h"
#include "common/base/mem.h"
#include "common/http/http_chunks.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define BODY_MAX 65536

static enum http_chunks_result read_all(struct str in, size_t step,
                                        struct buf *body, size_t *rest)
{
	struct http_chunks chunks = { 0 };
	enum http_chunks_result result = HTTP_CHUNKS_MORE;

	while (in.n > 0 && result == HTTP_CHUNKS_MORE) {
		struct str piece = { in.p, in.n < step ? in.n : step };
		const size_t n = piece.n;
		struct str part;

		while ((result = http_chunks_next(&chunks, &piece, &part)) ==
		       HTTP_CHUNKS_DATA)
			buf_add(body, part.p, part.n);
		in.p += n - piece.n;
		in.n -= n - piece.n;
	}
	*rest = in.n;
	return result;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf whole;
	struct buf cut;
	size_t rest_whole;
	size_t rest_cut;

	if (size < 2)
		return 0;
	const struct str in = { (const char *)data + 1, size - 1 };
	buf_init(&whole, BODY_MAX);
	buf_init(&cut, BODY_MAX);
	const enum http_chunks_result once =
		read_all(in, in.n, &whole, &rest_whole);
	const enum http_chunks_result cut_up =
		read_all(in, (size_t)data[0] % 16 + 1, &cut, &rest_cut);
	ensure(once == cut_up && whole.len == cut.len);
	ensure(whole.len == 0 || memcmp(whole.data, cut.data, whole.len) == 0);
	ensure(once != HTTP_CHUNKS_END || rest_whole == rest_cut);
	buf_deinit(&whole);
	buf_deinit(&cut);
	return 0;
}
