/*
 * Server-sent events over a chunked evhttp reply. While it lasts evhttp reads
 * from the connection, so a client that leaves is noticed: evhttp then takes
 * the request off the connection and calls closecb.
 */
#include "api-server/http/event_stream.h"

#include <stdlib.h>
#include <string.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>

#include "api-server/http/access_log.h"
#include "api-server/http/http_server_private.h"
#include "api-server/http/reply.h"
#include "api-server/http/request_private.h"
#include "common/base/mem.h"
#include "common/base/str.h"

/* Some hundred events; a client that far behind is not reading. */
#define UNSENT_MAX 65536
#define INPUT_MAX  4096
/* Milliseconds after which a browser connects again. */
#define RETRY "retry: 3000\n\n"

struct event_stream {
	struct request *rq;
	void (*gone)(void *arg);
	void *arg;
};

static void gone_cb(struct evhttp_connection *connection, void *arg);
static bool send_text(struct event_stream *s, struct evbuffer *text);

static struct evhttp_connection *connection_of(const struct event_stream *s)
{
	return evhttp_request_get_connection(s->rq->ev);
}

/* The client has nothing more to say: that is no fault, and what it sends all
 * the same is not collected without end. */
static void expect_silence(struct evhttp_connection *connection, int64_t ms)
{
	const struct timeval timeout = { ms / 1000, (ms % 1000) * 1000 };
	struct bufferevent *bev = evhttp_connection_get_bufferevent(connection);

	bufferevent_set_timeouts(bev, NULL, &timeout);
	bufferevent_setwatermark(bev, EV_READ, 0, INPUT_MAX);
}

struct event_stream *event_stream_start(struct request *rq,
                                        void (*gone)(void *arg), void *arg)
{
	struct event_stream *s = xcalloc(1, sizeof(*s));
	struct evbuffer *text = evbuffer_new();

	ensure(text != NULL && !rq->replied);
	s->rq = rq;
	s->gone = gone;
	s->arg = arg;
	reply_common_headers(rq);
	reply_header(rq, "Content-Type", "text/event-stream");
	reply_header(rq, "Cache-Control", "no-store");
	reply_header(rq, "Connection", "close");
	rq->replied = true;
	access_log_request(rq, 200, 0);
	evhttp_connection_set_closecb(connection_of(s), gone_cb, s);
	evhttp_send_reply_start(rq->ev, 200, NULL);
	expect_silence(connection_of(s), rq->http->options.timeout);
	evbuffer_add(text, RETRY, strlen(RETRY));
	ensure(send_text(s, text));
	return s;
}

bool event_stream_send(struct event_stream *s, const char *event,
                       const char *data)
{
	struct evbuffer *text = evbuffer_new();
	struct str lines = str_of(data);
	struct str line;

	ensure(text != NULL);
	evbuffer_add_printf(text, "event: %s\n", event);
	while (str_cut(&lines, '\n', &line)) {
		evbuffer_add(text, "data: ", 6);
		evbuffer_add(text, line.p, line.n);
		evbuffer_add(text, "\n", 1);
	}
	evbuffer_add(text, "\n", 1);
	return send_text(s, text);
}

bool event_stream_beat(struct event_stream *s)
{
	struct evbuffer *text = evbuffer_new();

	ensure(text != NULL);
	evbuffer_add(text, ":\n\n", 3);
	return send_text(s, text);
}

void event_stream_end(struct event_stream **s)
{
	struct request *rq = s[0]->rq;

	reply_release_when_sent(rq);
	evhttp_send_reply_end(rq->ev);
	free(*s);
	*s = NULL;
}

void event_stream_cut(struct event_stream **s)
{
	struct evhttp_connection *connection = connection_of(*s);

	evhttp_connection_set_closecb(connection, NULL, NULL);
	request_free(s[0]->rq);
	free(*s);
	*s = NULL;
	/* Takes the evhttp_request with it. */
	evhttp_connection_free(connection);
}

/* Frees text. */
static bool send_text(struct event_stream *s, struct evbuffer *text)
{
	struct bufferevent *bev =
		evhttp_connection_get_bufferevent(connection_of(s));
	const bool reads =
		evbuffer_get_length(bufferevent_get_output(bev)) < UNSENT_MAX;

	if (reads)
		evhttp_send_reply_chunk(s->rq->ev, text);
	evbuffer_free(text);
	return reads;
}

static void gone_cb(struct evhttp_connection *connection, void *arg)
{
	struct event_stream *s = arg;
	struct evhttp_request *ev = s->rq->ev;

	evhttp_connection_set_closecb(connection, NULL, NULL);
	s->gone(s->arg);
	request_free(s->rq);
	free(s);
	/* evhttp has let go of the request: this frees it. */
	if (evhttp_request_get_connection(ev) == NULL)
		evhttp_send_reply_end(ev);
}
