/* http/http_chunks: bodies in chunks, however they are cut on the way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/attr.h"
#include "common/base/buf.h"
#include "common/http/http_chunks.h"

/* Passed on in pieces of `step` bytes; what is behind the end goes to rest. */
static enum http_chunks_result read_all(const char *text, size_t step,
                                        struct buf *body, size_t *rest)
{
	struct http_chunks chunks = { 0 };
	enum http_chunks_result result = HTTP_CHUNKS_MORE;
	size_t left = strlen(text);

	while (left > 0 && result == HTTP_CHUNKS_MORE) {
		struct str in = { text, left < step ? left : step };
		const size_t piece = in.n;
		struct str data;

		while ((result = http_chunks_next(&chunks, &in, &data)) ==
		       HTTP_CHUNKS_DATA)
			buf_add(body, data.p, data.n);
		text += piece - in.n;
		left -= piece - in.n;
	}
	*rest = left;
	return result;
}

static void bodies(void **state)
{
	static const struct {
		const char *text;
		const char *body;
		size_t rest;
	} rows[] = {
		{ "0\r\n\r\n", "", 0 },
		{ "5\r\nhello\r\n0\r\n\r\n", "hello", 0 },
		{ "A\r\n0123456789\r\n00001\r\na\r\n0\r\n\r\nGET /",
		  "0123456789a", 5 },
		{ "1;name=\"a\";b\r\nx\r\n0;last\r\n\r\n", "x", 0 },
		{ "1\r\n\n\r\n0\r\nSum: 1\r\nHost: evil\r\n\r\n", "\n", 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		for (size_t step = 1; step < 60; step++) {
			struct buf body;
			size_t rest;

			buf_init(&body, 1000);
			assert_int_equal(
				read_all(rows[i].text, step, &body, &rest),
				HTTP_CHUNKS_END);
			assert_int_equal(rest, rows[i].rest);
			assert_int_equal(body.len, strlen(rows[i].body));
			if (body.len > 0)
				assert_memory_equal(body.data, rows[i].body,
				                    body.len);
			buf_deinit(&body);
		}
	}
}

static void what_is_refused(void **state)
{
	static const char *const rows[] = {
		"\r\n",
		"-1\r\n",
		"+1\r\n",
		" 1\r\n",
		"1 \r\n",
		"0x1\r\n",
		"1\n",
		"1\r\r",
		"zz\r\n",
		"1\r\nab",
		"1\r\na\n",
		"1\r\na\rb",
		"0\r\n\n",
		"0\r\na\n",
		"1;a\n",
		"1;\1\r\n",
		"0\r\na\r\r",
		"1000000000000\r\n",
		"0\r\nA: \x7f\r\n",
	};
	struct buf body;
	size_t rest;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		buf_init(&body, 1000);
		if (read_all(rows[i], 100, &body, &rest) != HTTP_CHUNKS_BAD)
			fail_msg("taken: %s", rows[i]);
		buf_deinit(&body);
	}
}

/* What is skipped has a bound. */
static void trailers_without_end(void **state)
{
	struct buf text;
	struct buf body;
	size_t rest;

	(void)state;
	buf_init(&text, 20000);
	buf_add_str(&text, "0\r\n");
	for (int i = 0; i < 3000; i++)
		buf_add_str(&text, "a:\r\n");
	buf_init(&body, 10);
	assert_int_equal(read_all(text.data, 100, &body, &rest),
	                 HTTP_CHUNKS_BAD);
	buf_deinit(&body);
	buf_deinit(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bodies),
		cmocka_unit_test(what_is_refused),
		cmocka_unit_test(trailers_without_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
