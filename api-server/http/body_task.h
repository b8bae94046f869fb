#ifndef API_SERVER_HTTP_BODY_TASK_H
#define API_SERVER_HTTP_BODY_TASK_H

#include <stdbool.h>
#include <stddef.h>

struct body;
struct task_thread;

/*
 * Finishing a body: its tag and its compressed form. Hashing a MiB takes about a
 * millisecond, compressing it sixteen, and whoever else has a request would wait
 * for it: bodies that would take a millisecond are finished on a thread of their
 * own.
 */
#define BODY_TASK_MIN ((size_t)64 << 10)
/* Bodies that may wait for the thread. */
#define BODY_TASKS_MAX 64

struct body_finish {
	const char *version; /* of the tag, see body_tag(); NULL: none */
	bool compress;
	void (*done)(void *arg);
	void *arg;
};

/*
 * Calls done() when the body has its tag and, if that is wanted and worth it,
 * its compressed form: at once, or for a large body later from the loop. Meanwhile
 * the thread reads its bytes, and others may reply with it as it is. When the thread has
 * too much to do, or is stopped before it came to this one, a large body gets
 * its tag at once and is not compressed.
 */
void body_finish(struct task_thread *thread, struct body *body,
                 const struct body_finish *how);

#endif
