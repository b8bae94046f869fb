#ifndef COMMON_PG_PG_RESOLVER_H
#define COMMON_PG_PG_RESOLVER_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/attr.h"

struct event_base;
struct pg_hosts;

/*
 * Private to common/pg/. Looks up names of hosts beside the loop: libpq would
 * do it in the loop, and a silent server of names holds that up for half a
 * minute. A task thread for each; it is never waited for.
 */
struct pg_resolver;

/* Takes hosts over. on_done: from the loop, once, unless it has been freed by
 * then. NULL: no thread or no file descriptor is left. */
struct pg_resolver *pg_resolver_new(struct event_base *base,
                                    struct pg_hosts *hosts,
                                    void (*on_done)(void *arg),
                                    void *arg) MUST_CHECK;
/* Also from on_done. A thread that is still at it ends by itself, later. */
void pg_resolver_free(struct pg_resolver **resolver);

/* on_done has been called, or is being. */
bool pg_resolver_is_done(const struct pg_resolver *r) MUST_CHECK;
/* When done, once: all hosts, with each of the addresses that a name has; the
 * caller's. A name without any is left out; when that leaves no host: NULL,
 * and why. */
struct pg_hosts *pg_resolver_take(struct pg_resolver *r, char *why,
                                  size_t size) MUST_CHECK;

#endif
