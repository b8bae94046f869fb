/* Server-sent events over a reply that does not end. */
#include "api-server/http/event_stream.h"

#include <stdlib.h>
#include <string.h>

#include "api-server/http/access_log.h"
#include "api-server/http/http_server_private.h"
#include "api-server/http/reply.h"
#include "api-server/http/request_private.h"
#include "common/base/buf.h"
#include "common/base/mem.h"
#include "common/base/str.h"
#include "common/http/http_reply.h"

/* Some hundred events; a client that far behind is not reading. */
#define UNSENT_MAX 65536
#define EVENT_MAX  65536
/* Milliseconds after which a browser connects again. */
#define RETRY "retry: 3000\n\n"

struct event_stream {
	struct request *rq;
	void (*gone)(void *arg); /* NULL: it was ended from here */
	void *arg;
};

static void over_cb(void *arg);

struct event_stream *event_stream_start(struct request *rq,
                                        void (*gone)(void *arg), void *arg)
{
	struct event_stream *s = xcalloc(1, sizeof(*s));

	ensure(!rq->replied);
	s->rq = rq;
	s->gone = gone;
	s->arg = arg;
	reply_common_headers(rq);
	reply_header(rq, "Content-Type", "text/event-stream");
	reply_header(rq, "Cache-Control", "no-store");
	/* nginx would keep the events until there are many. */
	reply_header(rq, "X-Accel-Buffering", "no");
	rq->replied = true;
	access_log_request(rq, 200, 0);
	request_at_end(rq, over_cb, s);
	http_stream_start(rq->x, 200);
	http_stream_send(rq->x, RETRY, strlen(RETRY));
	return s;
}

/* False when the client is too far behind to be sent more. */
static bool send_text(struct event_stream *s, const char *text, size_t len)
{
	if (http_stream_unsent(s->rq->x) >= UNSENT_MAX)
		return false;
	http_stream_send(s->rq->x, text, len);
	return true;
}

bool event_stream_send(struct event_stream *s, const char *event,
                       const char *data)
{
	struct str lines = str_of(data);
	struct str line;
	struct buf text;

	buf_init(&text, EVENT_MAX);
	buf_printf(&text, "event: %s\n", event);
	while (str_cut(&lines, '\n', &line)) {
		buf_add_str(&text, "data: ");
		buf_add(&text, line.p, line.n);
		buf_add_char(&text, '\n');
	}
	buf_add_char(&text, '\n');
	const bool sent =
		!buf_overflowed(&text) && send_text(s, text.data, text.len);
	buf_deinit(&text);
	return sent;
}

bool event_stream_beat(struct event_stream *s)
{
	return send_text(s, ":\n\n", 3);
}

void event_stream_end(struct event_stream **s)
{
	struct event_stream *stream = *s;

	*s = NULL;
	stream->gone = NULL;
	http_stream_end(stream->rq->x);
}

void event_stream_cut(struct event_stream **s)
{
	struct event_stream *stream = *s;

	*s = NULL;
	stream->gone = NULL;
	http_stream_cut(stream->rq->x);
}

static void over_cb(void *arg)
{
	struct event_stream *s = arg;

	if (s->gone != NULL)
		s->gone(s->arg);
	free(s);
}
