#ifndef ENRICH_DAEMON_STORE_STORE_TX_H
#define ENRICH_DAEMON_STORE_STORE_TX_H

#include "enrich-daemon/queue/job.h"

struct pg_tx;

/* The transaction that stores all jobs in JOB_STORING. Its last result has
 * the film_id of every job it had an effect for. */
struct pg_tx *store_tx_new(const struct jobs *jobs);

/* Keeps the details of a finished job the way they will be stored: called
 * once for each job, so that it does not come all at once in a batch. */
void store_tx_prepare(struct job *job);

#endif
