/* http/body: references, tags, compression. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "api-server/http/body.h"
#include "common/base/mem.h"

static void copies_and_counts(void **state)
{
	char text[] = "abc";
	struct body *b = body_new("text/plain", text, 3);
	struct body *other = body_ref(b);

	(void)state;
	text[0] = 'x';
	body_unref(&b);
	assert_null(b);
	body_unref(&b);
	assert_string_equal(other->data, "abc");
	assert_int_equal(other->len, 3);
	body_unref(&other);
}

/* FNV-1a of "a" with 64 bits is AF63DC4C8601EC8C. */
static void tags(void **state)
{
	struct body *b = body_new("text/plain", "a", 1);

	(void)state;
	body_tag(b, NULL);
	assert_string_equal(b->etag, "af63dc4c8601ec8c");
	body_tag(b, "12-34");
	assert_string_equal(b->etag, "12-34-af63dc4c8601ec8c");
	body_unref(&b);
}

static void compresses(void **state)
{
	const size_t len = 100000;
	char *text = xmalloc(len);
	unsigned char *out = xmalloc(len);
	z_stream z = { 0 };

	(void)state;
	for (size_t i = 0; i < len; i++)
		text[i] = "0123456789abcdef"[(i * i / 7) % 16];

	struct body *b = body_new("text/plain", text, len);
	assert_true(body_compress(b));
	assert_true(b->gzip_len < len);
	assert_true(body_compress(b));
	assert_true(body_size(b) >= len + b->gzip_len);

	z.next_in = (unsigned char *)b->gzip;
	z.avail_in = (unsigned)b->gzip_len;
	z.next_out = out;
	z.avail_out = (unsigned)len;
	assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
	assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
	inflateEnd(&z);
	assert_int_equal(z.total_out, len);
	assert_memory_equal(out, text, len);
	body_unref(&b);
	free(text);
	free(out);
}

static void leaves_small_and_dense_ones(void **state)
{
	unsigned char noise[5000];
	uint32_t x = 1;

	(void)state;
	for (size_t i = 0; i < sizeof(noise); i++) {
		x = x * 1664525u + 1013904223u;
		noise[i] = (unsigned char)(x >> 24);
	}
	struct body *dense = body_new("image/png", noise, sizeof(noise));
	struct body *small = body_new("text/plain", "aaaaaaaaaaaaaaaaaaaa", 20);
	assert_false(body_compress(dense));
	assert_false(body_compress(dense));
	assert_false(body_compress(small));
	body_unref(&dense);
	body_unref(&small);
}

static void counts_what_is_on_its_way(void **state)
{
	struct body *b = body_new("text/plain", "abcd", 4);
	struct body *file = body_new("text/plain", "efgh", 4);
	const size_t size = body_size(b);

	(void)state;
	file->resident = true;
	struct body *first = body_send(b);
	struct body *second = body_send(b);
	struct body *other = body_send(file);
	assert_int_equal(body_sends_bytes(), size);
	body_sent(&first);
	body_sent(&other);
	assert_null(first);
	/* The last reply keeps it, whoever made it has let go. */
	body_unref(&b);
	assert_int_equal(body_sends_bytes(), size);
	assert_string_equal(second->data, "abcd");
	body_sent(&second);
	assert_int_equal(body_sends_bytes(), 0);
	body_unref(&file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_what_is_on_its_way),
		cmocka_unit_test(copies_and_counts),
		cmocka_unit_test(tags),
		cmocka_unit_test(compresses),
		cmocka_unit_test(leaves_small_and_dense_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
