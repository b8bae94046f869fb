/* The body of a request: its memory, taken as it comes, out of the budget of
 * all of them. */
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>

#include "common/http/http_private.h"

#define ROOM_MIN 4096
/* malloc() keeps what is freed in smaller pieces. */
#define TRIM_FROM ((size_t)1 << 20)

static size_t min_size(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Doubled, so that a body is moved a few times only. The NUL has its place. */
static bool make_room(struct http_exchange *x, size_t n)
{
	struct http_service *s = x->conn->service;
	const size_t need = x->body_len + n + 1;
	size_t room = x->body_room > 0 ? x->body_room : ROOM_MIN;

	if (need <= x->body_room)
		return true;
	while (room < need)
		room *= 2;
	room = min_size(room, x->body_max + 1);
	if (room - x->body_room > s->options.limits.bodies - s->bodies)
		room = need;
	if (room - x->body_room > s->options.limits.bodies - s->bodies)
		return false;

	char *body = realloc(x->body, room);
	if (body == NULL)
		return false;
	s->bodies += room - x->body_room;
	x->body = body;
	x->body_room = room;
	return true;
}

static enum body_result add(struct http_exchange *x, const char *data, size_t n)
{
	if (n > x->body_max - x->body_len)
		return BODY_TOO_LARGE;
	if (!make_room(x, n))
		return BODY_NO_ROOM;
	memcpy(x->body + x->body_len, data, n);
	x->body_len += n;
	x->body[x->body_len] = '\0';
	return BODY_MORE;
}

/* The input lies in pieces; the first one. */
static struct str first_piece(struct evbuffer *in)
{
	struct evbuffer_iovec piece;

	if (evbuffer_peek(in, -1, NULL, &piece, 1) < 1)
		return STR_LIT("");
	return (struct str){ piece.iov_base, piece.iov_len };
}

static enum body_result read_sized(struct http_exchange *x, struct evbuffer *in)
{
	const size_t length = (size_t)x->head.length;

	while (x->body_len < length && evbuffer_get_length(in) > 0) {
		const struct str piece = first_piece(in);
		const size_t n = min_size(piece.n, length - x->body_len);
		const enum body_result result = add(x, piece.p, n);
		if (result != BODY_MORE)
			return result;
		evbuffer_drain(in, n);
	}
	return x->body_len == length ? BODY_WHOLE : BODY_MORE;
}

static enum body_result read_piece(struct http_exchange *x, struct str *piece)
{
	struct str data;

	for (;;) {
		switch (http_chunks_next(&x->chunks, piece, &data)) {
		case HTTP_CHUNKS_MORE:
			return BODY_MORE;
		case HTTP_CHUNKS_END:
			return BODY_WHOLE;
		case HTTP_CHUNKS_BAD:
			return BODY_BAD;
		case HTTP_CHUNKS_DATA: {
			const enum body_result result = add(x, data.p, data.n);
			if (result != BODY_MORE)
				return result;
		}
		}
	}
}

static enum body_result read_chunked(struct http_exchange *x,
                                     struct evbuffer *in)
{
	enum body_result result = BODY_MORE;

	while (result == BODY_MORE && evbuffer_get_length(in) > 0) {
		const struct str piece = first_piece(in);
		struct str rest = piece;

		result = read_piece(x, &rest);
		evbuffer_drain(in, piece.n - rest.n);
	}
	return result;
}

enum body_result body_read(struct http_exchange *x)
{
	struct evbuffer *in = bufferevent_get_input(x->conn->bev);

	return x->head.chunked ? read_chunked(x, in) : read_sized(x, in);
}

void body_free(struct http_exchange *x)
{
	const bool large = x->body_room >= TRIM_FROM;

	free(x->body);
	x->body = NULL;
	x->conn->service->bodies -= x->body_room;
	x->body_room = 0;
	x->body_len = 0;
	if (large)
		malloc_trim(0);
}
