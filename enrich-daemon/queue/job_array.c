/*
 * What says to the database which jobs are meant.
 */
#include "enrich-daemon/queue/job_array.h"

#include "common/pg/pg_array.h"

struct pg_array *job_films(const struct jobs *jobs, enum job_state state)
{
	struct pg_array *films = pg_array_new();
	const struct job *job;

	JOB_EACH(job, jobs, state)
		pg_array_int(films, job->film_id);
	return films;
}

struct pg_array *job_tokens(const struct jobs *jobs, enum job_state state)
{
	struct pg_array *tokens = pg_array_new();
	const struct job *job;

	JOB_EACH(job, jobs, state)
		pg_array_int(tokens, job->token);
	return tokens;
}
