#ifndef ENRICH_DAEMON_QUEUE_QUEUE_PRIVATE_H
#define ENRICH_DAEMON_QUEUE_QUEUE_PRIVATE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/pg/pg_result.h"
#include "enrich-daemon/queue/queue.h"

/* A transaction for the queue as a whole, one at a time. */
struct upkeep {
	struct queue *queue;
	void (*count)(struct queue *q, const struct pg_rows *rows);
	bool busy; /* under way */
};

struct queue {
	struct queue_options o;
	int64_t token; /* of the claim under way; 0: none */
	int asked;
	bool whole;             /* and it looks at all of the queue */
	int64_t asked_ms;       /* when it was sent */
	int64_t whole_until_ms; /* none looks at all again before */
	int64_t low_tag;
	bool has_more;
	bool is_empty;
	struct upkeep promote;
	struct upkeep refresh;
	struct upkeep sweep;
};

/* --- queue.c: jobs in hand ------------------------------------------------ */

void queue_changed(struct queue *q);
/* Ready jobs have appeared, maybe before where the last claim began. */
void queue_look_again(struct queue *q);

/* --- queue_upkeep.c: all jobs --------------------------------------------- */

void queue_upkeep_init(struct queue *q);

#endif
