#ifndef COMMON_PG_PG_LISTEN_H
#define COMMON_PG_PG_LISTEN_H

#include "common/pg/pg_pool.h"

/*
 * A connection of its own that LISTENs. A notification is a hint: it may be
 * lost with the connection, so whoever uses it polls as well. on_connect runs
 * each time LISTEN is in force again: what was known may be stale then.
 */
struct pg_listen;

struct pg_listen_options {
	const struct pg_settings *settings; /* checked, borrowed */
	const char *application_name;
	const char *const *channels; /* constant names, NULL at the end */
	void (*on_notify)(void *arg, const char *channel, const char *payload);
	void (*on_connect)(void *arg);
	void (*on_disconnect)(void *arg);
	void *arg;
};

struct pg_listen *pg_listen_new(struct event_base *base,
                                const struct pg_listen_options *options);
/* Not from one of the options' functions. */
void pg_listen_free(struct pg_listen **listen);

#endif
