#ifndef COMMON_PG_PG_CANCEL_H
#define COMMON_PG_PG_CANCEL_H

#include <libpq-fe.h>
#include <stdbool.h>

#include "common/base/attr.h"

struct event_base;

/*
 * Private to common/pg/. Asks the server to cancel what a connection runs there,
 * some times within a second. That takes connections of their own, which libpq
 * 15 makes and waits for: a task thread for each; it is never waited for. The
 * connection itself may end meanwhile. A request that comes late cancels
 * whatever the server's session runs by then, so its connection must not be used
 * for anything else.
 */
struct pg_cancel;

/* on_done: from the loop, once, unless it has been freed by then: the server has
 * been asked, or cannot be reached. NULL: pg is not connected, or no thread or
 * no file descriptor is left. */
struct pg_cancel *pg_cancel_new(struct event_base *base, PGconn *pg,
                                void (*on_done)(void *arg),
                                void *arg) MUST_CHECK;
/* Also from on_done. A request that has begun goes on by itself. */
void pg_cancel_free(struct pg_cancel **cancel);

#endif
