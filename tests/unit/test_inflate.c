/* gzip that did not say so. */
#include "enrich-daemon/client/inflate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

/* What `printf '{"id":550}' | gzip -n` prints. */
static const char packed[] = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xab\x56"
			     "\xca\x4c\x51\xb2\x32\x35\x35\xa8\x05\x00\xda\x7f"
			     "\x2b\x44\x0a\x00\x00\x00";

enum {
	PACKED = sizeof(packed) - 1,
	OUT_MAX = 1000
};

static bool unpack(const char *data, size_t len, const char *expected)
{
	struct buf out;
	struct error err;
	bool ok;

	buf_init(&out, OUT_MAX);
	ok = inflate_gzip(data, len, &out, &err);
	if (ok)
		assert_string_equal(out.data, expected);
	buf_deinit(&out);
	return ok;
}

static void knows_gzip_by_its_first_bytes(void **state)
{
	(void)state;
	assert_true(inflate_is_gzip(packed, PACKED));
	assert_false(inflate_is_gzip("{\"id\":1}", 8));
	assert_false(inflate_is_gzip("\x1f", 1));
	assert_false(inflate_is_gzip("", 0));
}

static void unpacks(void **state)
{
	(void)state;
	assert_true(unpack(packed, PACKED, "{\"id\":550}"));
}

static void refuses_what_is_cut_off_anywhere(void **state)
{
	(void)state;
	for (size_t len = 0; len < PACKED; len++)
		assert_false(unpack(packed, len, ""));
}

static void refuses_what_is_changed(void **state)
{
	char changed[PACKED];

	(void)state;
	for (size_t at = 10; at < PACKED; at++) {
		memcpy(changed, packed, PACKED);
		changed[at] = (char)(changed[at] ^ 0x01);
		assert_false(unpack(changed, PACKED, ""));
	}
}

/* 100,000 zeros in about 130 bytes. */
static void refuses_what_unpacks_too_large(void **state)
{
	static unsigned char zeros[100000];
	unsigned char bomb[4096];
	z_stream z = { .next_in = zeros,
		       .avail_in = sizeof(zeros),
		       .next_out = bomb,
		       .avail_out = sizeof(bomb) };

	(void)state;
	assert_int_equal(
		deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY),
		Z_OK);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	assert_false(unpack((const char *)bomb, z.total_out, ""));
	assert_int_equal(deflateEnd(&z), Z_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_gzip_by_its_first_bytes),
		cmocka_unit_test(unpacks),
		cmocka_unit_test(refuses_what_is_cut_off_anywhere),
		cmocka_unit_test(refuses_what_is_changed),
		cmocka_unit_test(refuses_what_unpacks_too_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
