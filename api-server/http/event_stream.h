#ifndef API_SERVER_HTTP_EVENT_STREAM_H
#define API_SERVER_HTTP_EVENT_STREAM_H

#include <stdbool.h>

#include "common/base/attr.h"

struct request;

/*
 * A reply that does not end: server-sent events to one client. It lives until
 * event_stream_end() or event_stream_cut(), or until gone() was called.
 */
struct event_stream;

/*
 * Sends the headers and takes the request over. gone() is called once when the
 * client has left: the stream must not be used any more. Not called by end
 * and cut.
 */
struct event_stream *event_stream_start(struct request *rq,
                                        void (*gone)(void *arg),
                                        void *arg) MUST_CHECK;
/*
 * One event; data may have several lines. False when the client has not read
 * what was sent before: the caller ends it with event_stream_cut().
 */
bool event_stream_send(struct event_stream *s, const char *event,
                       const char *data) MUST_CHECK;
/* A comment, so that a dead connection is noticed. */
bool event_stream_beat(struct event_stream *s) MUST_CHECK;
/* In good order, after what was sent. */
void event_stream_end(struct event_stream **s);
/* At once, unsent data and connection included. */
void event_stream_cut(struct event_stream **s);

#endif
