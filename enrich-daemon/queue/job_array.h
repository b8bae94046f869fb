#ifndef ENRICH_DAEMON_QUEUE_JOB_ARRAY_H
#define ENRICH_DAEMON_QUEUE_JOB_ARRAY_H

#include "enrich-daemon/queue/job.h"

struct pg_array;

/* Of all jobs in a state, in the order of its list, as parameters. */
struct pg_array *job_films(const struct jobs *jobs, enum job_state state);
struct pg_array *job_tokens(const struct jobs *jobs, enum job_state state);

#endif
