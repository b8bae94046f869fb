#ifndef COMMON_HTTP_HTTP_REPLY_H
#define COMMON_HTTP_HTTP_REPLY_H

#include <stddef.h>

struct http_exchange;

/*
 * The one reply to a request: http_reply(), http_reply_copy(), or a stream.
 */

/* Header fields of the reply: constant text or checked, no control characters.
 * Date, Content-Length, Connection and Transfer-Encoding are added here. */
void http_reply_field(struct http_exchange *x, const char *name,
                      const char *value);
/*
 * Sends the reply. data is not copied: release(arg) is called when it is no
 * longer needed, at once for a HEAD, whose reply has the length alone. release
 * may be NULL for constant data. The connection is closed behind the reply
 * when the request could not be read to its end.
 */
void http_reply(struct http_exchange *x, int status, const char *data,
                size_t len, void (*release)(void *arg), void *arg);
/* Likewise; data is copied. */
void http_reply_copy(struct http_exchange *x, int status, const char *data,
                     size_t len);

/*
 * A reply whose end is not known yet. Meanwhile a client that leaves is
 * noticed: the exchange ends. One that sends 64 KiB meanwhile is cut off.
 */
void http_stream_start(struct http_exchange *x, int status);
void http_stream_send(struct http_exchange *x, const char *data, size_t len);
/* Bytes that the client has not taken. */
size_t http_stream_unsent(const struct http_exchange *x);
/* In good order, behind what was sent. */
void http_stream_end(struct http_exchange *x);
/* At once, unsent data and connection included; the exchange ends in it. */
void http_stream_cut(struct http_exchange *x);

#endif
