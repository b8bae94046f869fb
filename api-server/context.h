#ifndef API_SERVER_CONTEXT_H
#define API_SERVER_CONTEXT_H

#include <stdbool.h>

struct event_base;
struct files;
struct pg_pool;
struct request;
struct settings;
struct task_thread;
struct topics;

/*
 * What the server is made of, for handlers: request_context(). Everything in
 * it outlives every request.
 */
struct context {
	struct event_base *base;
	const struct settings *settings;
	struct pg_pool *pool;
	/* Unpacks and parses; import.concurrent uploads may wait for it. */
	struct task_thread *import_thread;
	struct files *files;   /* the page */
	struct topics *topics; /* progress, for those who follow it */
	/* Ready to serve? If not, *why_r is a sentence. */
	bool (*ready)(const char **why_r);
};

#endif
