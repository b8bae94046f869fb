#ifndef ENRICH_DAEMON_STORE_STORE_COLUMNS_H
#define ENRICH_DAEMON_STORE_STORE_COLUMNS_H

#include <stdbool.h>

#include "enrich-daemon/queue/job.h"

struct pg_tx;
struct sql;

/*
 * What is stored of jobs, as the parameters of a statement: an array a column,
 * an element a job.
 */
struct store_column;

struct store_columns {
	const struct sql *sql;
	const struct store_column *list; /* by its parameters */
	int count;
};

/* Of jobs with any verdict: job/store. */
extern const struct store_columns store_verdict_columns;
/* Of jobs with a title: what job/lock_film takes behind the films. */
extern const struct store_columns store_lock_columns;
/* Only of jobs whose title was fetched (job_fetched()): title/store, and before
 * it role/store and studio/store; for episodes title/store_episode. */
extern const struct store_columns store_title_columns;
extern const struct store_columns store_role_columns;
extern const struct store_columns store_studio_columns;
extern const struct store_columns store_episode_columns;
/* Of jobs that are renewed: title/renew. */
extern const struct store_columns store_renewed_columns;
/* Of jobs with a gone_id: title/gone. */
extern const struct store_columns store_gone_columns;

/* Sets them, of the latest statement, with a row for each job in JOB_STORING
 * for which is_row(). */
void store_columns_add(struct pg_tx *tx, const struct store_columns *columns,
                       const struct jobs *jobs,
                       bool (*is_row)(const struct job *job));

/* As film.match_state has it: "matched", "not_found", "ambiguous". */
const char *match_state_name(enum lookup_state state);

#endif
