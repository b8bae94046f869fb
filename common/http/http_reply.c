/* Replies: head, body, streams. */
#include "common/http/http_reply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>

#include "common/base/mem.h"
#include "common/http/http_private.h"

#define DATE_SIZE 32

static const struct {
	int status;
	const char *phrase;
} phrases[] = {
	{ 200, "OK" },
	{ 201, "Created" },
	{ 202, "Accepted" },
	{ 204, "No Content" },
	{ 304, "Not Modified" },
	{ 400, "Bad Request" },
	{ 403, "Forbidden" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 408, "Request Timeout" },
	{ 409, "Conflict" },
	{ 413, "Content Too Large" },
	{ 414, "URI Too Long" },
	{ 415, "Unsupported Media Type" },
	{ 417, "Expectation Failed" },
	{ 422, "Unprocessable Content" },
	{ 431, "Request Header Fields Too Large" },
	{ 500, "Internal Server Error" },
	{ 501, "Not Implemented" },
	{ 503, "Service Unavailable" },
	{ 505, "HTTP Version Not Supported" },
};

void http_reply_field(struct http_exchange *x, const char *name,
                      const char *value)
{
	ensure(strpbrk(value, "\r\n") == NULL);
	buf_add_str(&x->fields, name);
	buf_add_str(&x->fields, ": ");
	buf_add_str(&x->fields, value);
	buf_add_str(&x->fields, "\r\n");
}

static const char *phrase_of(int status)
{
	for (size_t i = 0; i < ARRAY_LEN(phrases); i++) {
		if (phrases[i].status == status)
			return phrases[i].phrase;
	}
	return "";
}

/* RFC 9110, 5.6.7; made once a second. */
static const char *date_now(void)
{
	static char text[DATE_SIZE];
	static time_t made;
	const time_t now = time(NULL);
	struct tm tm;

	if (now != made && gmtime_r(&now, &tm) != NULL) {
		strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S GMT", &tm);
		made = now;
	}
	return text;
}

static bool status_has_body(int status)
{
	return status >= 200 && status != 204 && status != 304;
}

static bool is_head(const struct http_exchange *x)
{
	return x->head.method != NULL && strcmp(x->head.method, "HEAD") == 0;
}

/* From here on the request is no longer read. */
static void begin_reply(struct http_exchange *x)
{
	const struct conn *c = x->conn;

	ensure(c->x == x && c->state <= CONN_PENDING);
	x->close = x->close || !x->whole || !x->head.keep_alive ||
	           c->service->draining;
}

static void send_head(struct http_exchange *x, int status)
{
	struct evbuffer *out = bufferevent_get_output(x->conn->bev);

	if (x->close)
		http_reply_field(x, "Connection", "close");
	else if (x->head.old)
		http_reply_field(x, "Connection", "keep-alive");
	ensure(!buf_overflowed(&x->fields));
	evbuffer_add_printf(out, "HTTP/1.1 %d %s\r\nDate: %s\r\n", status,
	                    phrase_of(status), date_now());
	evbuffer_add(out, x->fields.data, x->fields.len);
	evbuffer_add(out, "\r\n", 2);
}

/* --- a whole reply --- */

struct release {
	void (*release)(void *arg);
	void *arg;
};

static void release_cb(const void *data, size_t len, void *arg)
{
	struct release *r = arg;

	(void)data;
	(void)len;
	if (r->release != NULL)
		r->release(r->arg);
	free(r);
}

void http_reply(struct http_exchange *x, int status, const char *data,
                size_t len, void (*release)(void *arg), void *arg)
{
	struct evbuffer *out = bufferevent_get_output(x->conn->bev);
	struct release *r = xmalloc(sizeof(*r));
	char length[32];

	*r = (struct release){ release, arg };
	begin_reply(x);
	if (status_has_body(status)) {
		snprintf(length, sizeof(length), "%zu", len);
		http_reply_field(x, "Content-Length", length);
	}
	send_head(x, status);
	if (len > 0 && status_has_body(status) && !is_head(x))
		ensure(evbuffer_add_reference(out, data, len, release_cb, r) ==
		       0);
	else
		release_cb(data, len, r);
	conn_enter(x->conn, CONN_SENDING);
}

void http_reply_copy(struct http_exchange *x, int status, const char *data,
                     size_t len)
{
	char *copy = xmalloc(len + 1);

	if (len > 0)
		memcpy(copy, data, len);
	http_reply(x, status, copy, len, free, copy);
}

/* --- a reply that goes on --- */

void http_stream_start(struct http_exchange *x, int status)
{
	x->close = true;
	begin_reply(x);
	x->chunked = !x->head.old;
	if (x->chunked)
		http_reply_field(x, "Transfer-Encoding", "chunked");
	send_head(x, status);
	conn_enter(x->conn, CONN_STREAMING);
}

void http_stream_send(struct http_exchange *x, const char *data, size_t len)
{
	struct evbuffer *out = bufferevent_get_output(x->conn->bev);

	ensure(x->conn->state == CONN_STREAMING);
	if (len == 0 || is_head(x))
		return;
	if (x->chunked)
		evbuffer_add_printf(out, "%zx\r\n", len);
	evbuffer_add(out, data, len);
	if (x->chunked)
		evbuffer_add(out, "\r\n", 2);
}

size_t http_stream_unsent(const struct http_exchange *x)
{
	return evbuffer_get_length(bufferevent_get_output(x->conn->bev));
}

void http_stream_end(struct http_exchange *x)
{
	struct evbuffer *out = bufferevent_get_output(x->conn->bev);

	ensure(x->conn->state == CONN_STREAMING);
	if (x->chunked && !is_head(x))
		evbuffer_add(out, "0\r\n\r\n", 5);
	conn_enter(x->conn, CONN_SENDING);
	/* Nobody tells of nothing that it was written. */
	if (evbuffer_get_length(out) == 0)
		bufferevent_trigger(x->conn->bev, EV_WRITE,
		                    BEV_TRIG_DEFER_CALLBACKS);
}

void http_stream_cut(struct http_exchange *x)
{
	conn_free(x->conn);
}
