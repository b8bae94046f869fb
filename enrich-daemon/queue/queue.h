#ifndef ENRICH_DAEMON_QUEUE_QUEUE_H
#define ENRICH_DAEMON_QUEUE_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/attr.h"
#include "enrich-daemon/queue/job.h"
#include "enrich-daemon/settings.h"

struct db;
struct lease;

/*
 * The queue in the database (sql/deploy/enrich_job.sql), each operation one
 * short transaction, ended before anything else happens:
 *
 *	claim    ready jobs become ours under a token       -> JOB_READY
 *	ask      are wanted titles here and fresh?          JOB_ASKING ->
 *	fail     an error, and the time of the next attempt JOB_FAILED ->
 *	release  given back, the attempt with them          JOB_UNDONE ->
 *
 * Each is sent once at a time. One that did not commit leaves its jobs in the
 * state they were in, to be sent again.
 */
struct queue;

struct queue_options {
	struct db *db;
	struct lease *lease;
	struct jobs *jobs;
	const struct enrich_settings *settings; /* borrowed */
	bool index;                 /* claims ask the index of titles */
	void (*changed)(void *arg); /* jobs are in other states now */
	void *arg;
};

struct queue *queue_new(const struct queue_options *options);
void queue_free(struct queue **queue);

/* Claims n jobs at most; only when queue_can_claim(). */
void queue_claim(struct queue *queue, int n);
bool queue_can_claim(const struct queue *queue) MUST_CHECK;
/* A claim is under way. */
bool queue_is_busy(const struct queue *queue) MUST_CHECK;
/* The last claim brought as many as it asked for: there may be more. */
bool queue_has_more(const struct queue *queue) MUST_CHECK;
/* The last claim that worked brought nothing, and no jobs came since that we
 * know of. */
bool queue_is_empty(const struct queue *queue) MUST_CHECK;

/* Ready jobs have appeared, maybe before where the last claim began. */
void queue_poll_again(struct queue *queue);

/* Do what there is to do of it, if the database is worth trying. */
void queue_ask(struct queue *queue);
void queue_fail(struct queue *queue);
void queue_release(struct queue *queue);

#endif
