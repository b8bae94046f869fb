/* http/http_head: heads of requests, and what is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/attr.h"
#include "common/base/buf.h"
#include "common/http/http_head.h"

#define HOST "Host: a\r\n"
#define GET  "GET / HTTP/1.1\r\n"
/* With its length: it may hold a NUL. */
#define BYTES(text) text, sizeof(text) - 1

/* Where a head lies until the test ends. */
static char place[HTTP_HEAD_MAX];

static bool parse(struct http_head *head, const char *text, size_t n,
                  enum http_refusal *why)
{
	struct error err = { "" };

	assert_int_equal(http_head_end(text, n, 0), n);
	memcpy(place, text, n);
	if (http_head_parse(head, place, n, why, &err))
		return true;
	assert_true(err.message[0] != '\0');
	return false;
}

static void parsed(struct http_head *head, const char *text)
{
	enum http_refusal why;

	assert_true(parse(head, text, strlen(text), &why));
}

static void request_line(void **state)
{
	struct http_head head;

	(void)state;
	parsed(&head, "GET /v1/films?year=1 HTTP/1.1\r\n" HOST "\r\n");
	assert_string_equal(head.method, "GET");
	assert_true(str_is(head.path, "/v1/films"));
	assert_string_equal(head.query, "year=1");
	assert_true(head.keep_alive && !head.old && !head.chunked);
	assert_int_equal(head.length, 0);
	parsed(&head, "POST /? HTTP/1.0\r\n\r\n");
	assert_string_equal(head.query, "");
	assert_true(head.old && !head.keep_alive);
	parsed(&head, "OPTIONS * HTTP/1.1\r\n" HOST "\r\n");
	assert_true(str_is(head.path, "*") && head.query == NULL);
}

static void address_with_a_host(void **state)
{
	struct http_head head;
	enum http_refusal why;

	(void)state;
	parsed(&head, "GET http://A:1/x HTTP/1.1\r\nHost: a:1\r\n\r\n");
	assert_true(str_is(head.path, "/x"));
	assert_false(parse(&head,
	                   BYTES("GET http://evil/ HTTP/1.1\r\n" HOST "\r\n"),
	                   &why));
	assert_int_equal(why, HTTP_BAD_REQUEST);
}

static void fields(void **state)
{
	struct http_head head;

	(void)state;
	parsed(&head, GET "Host:\t a \t\r\nX: \xc3\xa9 b\r\nx: 2\r\nY:\r\n"
	                  "Connection: x, Close\r\n\r\n");
	assert_string_equal(http_head_field(&head, "host"), "a");
	assert_string_equal(http_head_field(&head, "X"), "\xc3\xa9 b");
	assert_string_equal(http_head_field(&head, "Y"), "");
	assert_null(http_head_field(&head, "Z"));
	assert_false(head.keep_alive);
	parsed(&head, "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n");
	assert_true(head.keep_alive);
}

static void bodies(void **state)
{
	struct http_head head;

	(void)state;
	parsed(&head, GET HOST "Content-Length: 12\r\n"
	                       "Expect: 100-Continue\r\n\r\n");
	assert_true(head.length == 12 && head.expects && !head.chunked);
	parsed(&head, GET HOST "Transfer-Encoding: Chunked\r\n\r\n");
	assert_true(head.length == 0 && head.chunked);
}

static void what_is_refused(void **state)
{
	static const struct {
		const char *text;
		size_t n;
		enum http_refusal why;
	} rows[] = {
		{ BYTES("GET\r\n\r\n"), HTTP_BAD_REQUEST },
		{ BYTES("GET /\r\n\r\n"), HTTP_BAD_REQUEST },
		{ BYTES("GET  / HTTP/1.1\r\n" HOST "\r\n"), HTTP_BAD_REQUEST },
		{ BYTES(GET "\r\n"), HTTP_BAD_REQUEST },
		{ BYTES(GET HOST HOST "\r\n"), HTTP_BAD_REQUEST },
		{ BYTES("GET / HTTP/1.1\n" HOST "\r\n"), HTTP_BAD_REQUEST },
		{ BYTES(GET "Host: a\n\n"), HTTP_BAD_REQUEST },
		{ BYTES(GET HOST "\n"), HTTP_BAD_REQUEST },
		{ BYTES(GET HOST "A: b\rc\r\n\r\n"), HTTP_BAD_REQUEST },
		{ BYTES(GET HOST " folded\r\n\r\n"), HTTP_BAD_REQUEST },
		{ BYTES(GET HOST "A : b\r\n\r\n"), HTTP_BAD_REQUEST },
		{ BYTES(GET HOST ": b\r\n\r\n"), HTTP_BAD_REQUEST },
		{ BYTES(GET HOST "no colon\r\n\r\n"), HTTP_BAD_REQUEST },
		{ BYTES(GET "Host: a\0.evil\r\n\r\n"), HTTP_BAD_REQUEST },
		{ BYTES(GET HOST "A: \x01\r\n\r\n"), HTTP_BAD_REQUEST },
		{ BYTES("GET /\0 HTTP/1.1\r\n" HOST "\r\n"), HTTP_BAD_REQUEST },
		{ BYTES("GET /\xff HTTP/1.1\r\n" HOST "\r\n"),
		  HTTP_BAD_REQUEST },
		{ BYTES("GET /#x HTTP/1.1\r\n" HOST "\r\n"), HTTP_BAD_REQUEST },
		{ BYTES("GET x HTTP/1.1\r\n" HOST "\r\n"), HTTP_BAD_REQUEST },
		{ BYTES("GET * HTTP/1.1\r\n" HOST "\r\n"), HTTP_BAD_REQUEST },
		{ BYTES("GET / XTTP/1.1\r\n" HOST "\r\n"), HTTP_BAD_REQUEST },
		{ BYTES("GET / HTTP/1.2\r\n" HOST "\r\n"),
		  HTTP_UNKNOWN_VERSION },
		{ BYTES("GET / HTTP/2.0\r\n" HOST "\r\n"),
		  HTTP_UNKNOWN_VERSION },
		{ BYTES("get / HTTP/1.1\r\n" HOST "\r\n"),
		  HTTP_UNKNOWN_METHOD },
		{ BYTES("CONNECT a:1 HTTP/1.1\r\n" HOST "\r\n"),
		  HTTP_UNKNOWN_METHOD },
		{ BYTES(GET HOST "Expect: money\r\n\r\n"),
		  HTTP_BAD_EXPECTATION },
		{ BYTES(GET HOST "Content-Length: +0\r\n\r\n"),
		  HTTP_BAD_REQUEST },
		{ BYTES(GET HOST "Content-Length: -1\r\n\r\n"),
		  HTTP_BAD_REQUEST },
		{ BYTES(GET HOST "Content-Length: -0\r\n\r\n"),
		  HTTP_BAD_REQUEST },
		{ BYTES(GET HOST "Content-Length: 0x5\r\n\r\n"),
		  HTTP_BAD_REQUEST },
		{ BYTES(GET HOST "Content-Length: 5, 5\r\n\r\n"),
		  HTTP_BAD_REQUEST },
		{ BYTES(GET HOST "Content-Length:\r\n\r\n"), HTTP_BAD_REQUEST },
		{ BYTES(GET HOST "Content-Length: 5\r\n"
		                 "Content-Length: 5\r\n\r\n"),
		  HTTP_BAD_REQUEST },
		{ BYTES(GET HOST "Content-Length: 5\r\n"
		                 "Transfer-Encoding: chunked\r\n\r\n"),
		  HTTP_BAD_REQUEST },
		{ BYTES(GET HOST "Transfer-Encoding: chunked\r\n"
		                 "Transfer-Encoding: chunked\r\n\r\n"),
		  HTTP_BAD_REQUEST },
		{ BYTES(GET HOST "Transfer-Encoding: xchunked\r\n\r\n"),
		  HTTP_UNKNOWN_CODING },
		{ BYTES(GET HOST "Transfer-Encoding: \vchunked\r\n\r\n"),
		  HTTP_BAD_REQUEST },
		{ BYTES(GET HOST "Transfer-Encoding: gzip, chunked\r\n\r\n"),
		  HTTP_UNKNOWN_CODING },
		{ BYTES("GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"),
		  HTTP_BAD_REQUEST },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct http_head head;
		enum http_refusal why = HTTP_REFUSALS;

		if (parse(&head, rows[i].text, rows[i].n, &why) ||
		    why != rows[i].why)
			fail_msg("row %zu: %s", i, rows[i].text);
	}
}

static bool takes_fields(int count, enum http_refusal *why)
{
	struct http_head head;
	struct buf text;

	buf_init(&text, HTTP_HEAD_MAX);
	buf_add_str(&text, GET HOST);
	for (int i = 1; i < count; i++)
		buf_add_str(&text, "x:\r\n");
	buf_add_str(&text, "\r\n");
	const bool taken = parse(&head, text.data, text.len, why);
	buf_deinit(&text);
	return taken;
}

static void too_many_fields(void **state)
{
	enum http_refusal why = HTTP_REFUSALS;

	(void)state;
	assert_true(takes_fields(HTTP_FIELDS_MAX, &why));
	assert_false(takes_fields(HTTP_FIELDS_MAX + 1, &why));
	assert_int_equal(why, HTTP_HEAD_TOO_LARGE);
}

/* Wherever it is cut, the end is found with its last byte and not before. */
static void end_that_comes_in_pieces(void **state)
{
	static const char *const heads[] = { GET HOST "\r\n", GET "a\n\n",
		                             GET "a\r\n\n", "\n\n" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(heads); i++) {
		const size_t n = strlen(heads[i]);
		for (size_t seen = 0; seen < n; seen++) {
			assert_int_equal(http_head_end(heads[i], seen, 0), 0);
			assert_int_equal(http_head_end(heads[i], n, seen), n);
		}
	}
}

static void status_of_each_refusal(void **state)
{
	(void)state;
	for (int i = 0; i < HTTP_REFUSALS; i++)
		assert_in_range(http_refusal_status((enum http_refusal)i), 400,
		                505);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(request_line),
		cmocka_unit_test(address_with_a_host),
		cmocka_unit_test(fields),
		cmocka_unit_test(bodies),
		cmocka_unit_test(what_is_refused),
		cmocka_unit_test(too_many_fields),
		cmocka_unit_test(end_that_comes_in_pieces),
		cmocka_unit_test(status_of_each_refusal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
