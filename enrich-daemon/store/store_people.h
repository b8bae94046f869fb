#ifndef ENRICH_DAEMON_STORE_STORE_PEOPLE_H
#define ENRICH_DAEMON_STORE_STORE_PEOPLE_H

#include "enrich-daemon/queue/job.h"

struct pg_array;
struct pg_tx;

/*
 * The people of titles that were fetched (job_fetched()).
 *
 * In the row of a title: each of these adds an element to a column, the array
 * of what the job's title has. Directors and writers are ids, each once; cast
 * and crew are ids too, in the order of the title, with the characters of the
 * one, and the departments and jobs of the other, at the same places.
 */
void store_people_directors(struct pg_array *out, const struct job *job);
void store_people_writers(struct pg_array *out, const struct job *job);
void store_people_cast(struct pg_array *out, const struct job *job);
void store_people_characters(struct pg_array *out, const struct job *job);
void store_people_crew(struct pg_array *out, const struct job *job);
void store_people_departments(struct pg_array *out, const struct job *job);
void store_people_jobs(struct pg_array *out, const struct job *job);

/* By themselves: adds person/store for all jobs in JOB_STORING. */
void store_people_add(struct pg_tx *tx, const struct jobs *jobs);

#endif
