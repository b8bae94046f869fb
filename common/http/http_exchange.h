#ifndef COMMON_HTTP_HTTP_EXCHANGE_H
#define COMMON_HTTP_HTTP_EXCHANGE_H

#include "common/base/str.h"
#include "common/http/http_head.h"

/*
 * One request and its one reply. It lives until the reply has been handed to
 * the kernel in full or the connection is gone, whichever comes; then the end
 * callback is called, once, and it must not be used any more. A client that
 * leaves before the reply is not noticed until then.
 */
struct http_exchange;

/* In refused() it may hold less than a head: see http_head_parse(). */
const struct http_head *http_exchange_head(const struct http_exchange *x);
/* NULL when absent. */
const char *http_exchange_field(const struct http_exchange *x,
                                const char *name);
/* Whole in request(); NUL-terminated. */
struct str http_exchange_body(const struct http_exchange *x);
/* Whoever has copied it needs it no more: its memory is for other bodies. */
void http_exchange_drop_body(struct http_exchange *x);

/* Whoever replies keeps something with it. */
void http_exchange_set_data(struct http_exchange *x, void *data);
void *http_exchange_data(const struct http_exchange *x);
/* Before the reply. */
void http_exchange_at_end(struct http_exchange *x, void (*end)(void *arg),
                          void *arg);

#endif
