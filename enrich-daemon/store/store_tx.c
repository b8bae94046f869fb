/*
 * Which statements a batch needs, in which order, and which of its jobs are in
 * each. Films are locked before jobs; jobs are ended last, since all other
 * statements look whether theirs are still in force.
 */
#include "enrich-daemon/store/store_tx.h"

#include <stdbool.h>
#include <stdlib.h>
#include <zlib.h>

#include "common/base/arena.h"
#include "common/base/mem.h"
#include "common/pg/pg_tx.h"
#include "common/pg/sql.h"
#include "enrich-daemon/match/lookup.h"
#include "enrich-daemon/queue/job_array.h"
#include "enrich-daemon/store/store_columns.h"
#include "enrich-daemon/store/store_people.h"
#include "enrich-daemon/tmdb/tmdb_title.h"
#include "gen/sql.h"

void store_tx_prepare(struct job *job)
{
	const struct lookup_verdict *v = lookup_verdict(job->lookup);
	uLongf len = compressBound(v->raw_len);
	Bytef *out;

	if (job_fetched(job) == NULL)
		return;
	out = xmalloc(len);
	ensure(compress(out, &len, (const Bytef *)v->raw, v->raw_len) == Z_OK);
	job->raw = arena_strndup(job->arena, (const char *)out, len);
	job->raw_len = len;
	free(out);
}

/* --- which jobs are in a statement ---------------------------------------- */

static bool any(const struct job *job)
{
	(void)job;
	return true;
}

static bool with_title(const struct job *job)
{
	return job_fetched(job) != NULL;
}

static bool with_episode(const struct job *job)
{
	return with_title(job) && job_fetched(job)->kind == TITLE_EPISODE;
}

static bool is_renewed(const struct job *job)
{
	return job->renewed;
}

static bool with_gone(const struct job *job)
{
	return job->gone_id != 0;
}

static bool changes_title(const struct job *job)
{
	return with_title(job) || is_renewed(job);
}

static bool any_stored(const struct jobs *jobs,
                       bool (*is_row)(const struct job *job))
{
	const struct job *job;

	JOB_EACH(job, jobs, JOB_STORING) {
		if (is_row(job))
			return true;
	}
	return false;
}

/* --- the transaction ------------------------------------------------------ */

static void add_locks(struct pg_tx *tx, const struct jobs *jobs)
{
	pg_tx_add(tx, &SQL_JOB_LOCK_FILM);
	PG_ARRAY(tx, SQL_JOB_LOCK_FILM, FILMS, job_films(jobs, JOB_STORING));
	store_columns_add(tx, &store_lock_columns, jobs, changes_title);
	pg_tx_add(tx, &SQL_JOB_LOCK);
	PG_ARRAY(tx, SQL_JOB_LOCK, FILMS, job_films(jobs, JOB_STORING));
	PG_ARRAY(tx, SQL_JOB_LOCK, TOKENS, job_tokens(jobs, JOB_STORING));
}

static void add_rows(struct pg_tx *tx, const struct store_columns *columns,
                     const struct jobs *jobs,
                     bool (*is_row)(const struct job *job))
{
	pg_tx_add(tx, columns->sql);
	store_columns_add(tx, columns, jobs, is_row);
}

static void add_titles(struct pg_tx *tx, const struct jobs *jobs)
{
	add_rows(tx, &store_role_columns, jobs, with_title);
	store_people_add(tx, jobs);
	add_rows(tx, &store_studio_columns, jobs, with_title);
	add_rows(tx, &store_title_columns, jobs, with_title);
}

struct pg_tx *store_tx_new(const struct jobs *jobs)
{
	struct pg_tx *tx = pg_tx_new();

	add_locks(tx, jobs);
	if (any_stored(jobs, with_title))
		add_titles(tx, jobs);
	if (any_stored(jobs, with_episode))
		add_rows(tx, &store_episode_columns, jobs, with_episode);
	if (any_stored(jobs, is_renewed))
		add_rows(tx, &store_renewed_columns, jobs, is_renewed);
	if (any_stored(jobs, with_gone))
		add_rows(tx, &store_gone_columns, jobs, with_gone);
	add_rows(tx, &store_verdict_columns, jobs, any);
	return tx;
}
