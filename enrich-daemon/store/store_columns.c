/*
 * Tables say what goes where: a field of the job or of its title as it is, or
 * what a function makes of them.
 */
#include "enrich-daemon/store/store_columns.h"

#include <stddef.h>
#include <stdint.h>

#include "common/base/attr.h"
#include "common/base/buf.h"
#include "common/pg/pg_array.h"
#include "common/pg/pg_tx.h"
#include "enrich-daemon/match/candidates.h"
#include "enrich-daemon/match/lookup.h"
#include "enrich-daemon/store/store_people.h"
#include "enrich-daemon/tmdb/tmdb_title.h"

#define CANDIDATES_BYTES_MAX ((size_t)64 * 1024)

const char *match_state_name(enum lookup_state state)
{
	static const char *const names[] = {
		[LOOKUP_MATCHED] = "matched",
		[LOOKUP_NOT_FOUND] = "not_found",
		[LOOKUP_AMBIGUOUS] = "ambiguous",
	};

	return names[state];
}

enum column_kind {
	COLUMN_TEXT,   /* const char * */
	COLUMN_INT,    /* int64_t */
	COLUMN_SMALL,  /* int */
	COLUMN_ID,     /* int64_t; 0 is NULL */
	COLUMN_DOUBLE, /* double */
	COLUMN_LIST,   /* struct tmdb_strings */
	COLUMN_MADE    /* add() says */
};

enum column_owner {
	OF_JOB,
	OF_TITLE /* the fetched one */
};

struct store_column {
	enum column_kind kind;
	enum column_owner of;
	size_t offset;
	void (*add)(struct pg_array *out, const struct job *job);
};

#define JOB(kind, field)                                                       \
	{                                                                      \
		kind, OF_JOB, offsetof(struct job, field), NULL                \
	}
#define TITLE(kind, field)                                                     \
	{                                                                      \
		kind, OF_TITLE, offsetof(struct tmdb_title, field), NULL       \
	}
#define MADE(add)                                                              \
	{                                                                      \
		COLUMN_MADE, OF_JOB, 0, add                                    \
	}

/* --- what is made of a job ------------------------------------------------ */

static const struct lookup_verdict *verdict(const struct job *job)
{
	return lookup_verdict(job->lookup);
}

static void add_state(struct pg_array *out, const struct job *job)
{
	pg_array_text(out, match_state_name(verdict(job)->state));
}

static void add_kind(struct pg_array *out, const struct job *job)
{
	const struct tmdb_title *t = verdict(job)->title;

	pg_array_text(out, t == NULL ? NULL : title_kind_name(t->kind));
}

static void add_tmdb_id(struct pg_array *out, const struct job *job)
{
	const struct tmdb_title *t = verdict(job)->title;

	if (t == NULL)
		pg_array_null(out);
	else
		pg_array_int(out, t->id);
}

static void add_method(struct pg_array *out, const struct job *job)
{
	const char *method = verdict(job)->method;

	pg_array_text(out, method[0] == '\0' ? NULL : method);
}

static void add_confidence(struct pg_array *out, const struct job *job)
{
	pg_array_text(out, verdict(job)->confidence);
}

static void add_score(struct pg_array *out, const struct job *job)
{
	if (verdict(job)->title == NULL)
		pg_array_null(out);
	else
		pg_array_double(out, verdict(job)->score);
}

static void add_candidates(struct pg_array *out, const struct job *job)
{
	struct buf json;

	buf_init(&json, CANDIDATES_BYTES_MAX);
	candidates_write(&json, verdict(job));
	pg_array_text(out, buf_overflowed(&json) ? "[]" : json.data);
	buf_deinit(&json);
}

static void add_runtime(struct pg_array *out, const struct job *job)
{
	if (job_fetched(job)->runtime > 0)
		pg_array_int(out, job_fetched(job)->runtime);
	else
		pg_array_null(out);
}

static void add_raw(struct pg_array *out, const struct job *job)
{
	pg_array_bytes(out, job->raw, job->raw_len);
}

static void add_studio_ids(struct pg_array *out, const struct job *job)
{
	const struct tmdb_title *t = job_fetched(job);
	struct pg_array *ids = pg_array_new();

	for (size_t i = 0; i < t->studio_count; i++)
		pg_array_int(ids, t->studios[i].id);
	pg_array_array(out, ids);
}

static void add_studio_names(struct pg_array *out, const struct job *job)
{
	const struct tmdb_title *t = job_fetched(job);
	struct pg_array *names = pg_array_new();

	for (size_t i = 0; i < t->studio_count; i++)
		pg_array_text(names, t->studios[i].name);
	pg_array_array(out, names);
}

static void add_gone_kind(struct pg_array *out, const struct job *job)
{
	pg_array_text(out, title_kind_name(job->gone_kind));
}

/* --- the tables ----------------------------------------------------------- */

#define COLUMNS(table)                                                         \
	{                                                                      \
		table, ARRAY_LEN(table)                                        \
	}

static const struct store_column title[] = {
	JOB(COLUMN_INT, film_id),
	JOB(COLUMN_INT, token),
	MADE(add_kind),
	MADE(add_tmdb_id),
	TITLE(COLUMN_TEXT, name),
	TITLE(COLUMN_TEXT, original_name),
	TITLE(COLUMN_TEXT, released_on),
	MADE(add_runtime),
	TITLE(COLUMN_TEXT, overview),
	TITLE(COLUMN_TEXT, poster_path),
	TITLE(COLUMN_TEXT, backdrop_path),
	TITLE(COLUMN_TEXT, original_language),
	TITLE(COLUMN_TEXT, imdb_id),
	TITLE(COLUMN_INT, vote_count),
	TITLE(COLUMN_DOUBLE, vote_average),
	TITLE(COLUMN_DOUBLE, popularity),
	TITLE(COLUMN_ID, collection_id),
	TITLE(COLUMN_TEXT, collection_name),
	TITLE(COLUMN_LIST, genres),
	TITLE(COLUMN_LIST, countries),
	TITLE(COLUMN_LIST, languages),
	MADE(add_studio_ids),
	TITLE(COLUMN_LIST, keywords),
	MADE(store_people_directors),
	MADE(store_people_writers),
	MADE(store_people_cast),
	MADE(store_people_characters),
	MADE(store_people_crew),
	MADE(store_people_departments),
	MADE(store_people_jobs),
	MADE(add_raw),
	JOB(COLUMN_TEXT, etag),
};

static const struct store_column verdicts[] = {
	JOB(COLUMN_INT, film_id), JOB(COLUMN_INT, token), MADE(add_state),
	MADE(add_kind),           MADE(add_tmdb_id),      MADE(add_method),
	MADE(add_confidence),     MADE(add_score),        MADE(add_candidates),
};

static const struct store_column lock[] = {
	MADE(add_kind),
	MADE(add_tmdb_id),
};

static const struct store_column role[] = {
	MADE(store_people_departments),
	MADE(store_people_jobs),
};

static const struct store_column studio[] = {
	MADE(add_studio_ids),
	MADE(add_studio_names),
};

static const struct store_column episode[] = {
	JOB(COLUMN_INT, film_id),
	JOB(COLUMN_INT, token),
	MADE(add_kind),
	MADE(add_tmdb_id),
	TITLE(COLUMN_INT, place.series_id),
	TITLE(COLUMN_SMALL, place.season),
	TITLE(COLUMN_SMALL, place.number),
};

static const struct store_column renewed[] = {
	JOB(COLUMN_INT, film_id), JOB(COLUMN_INT, token),     MADE(add_kind),
	MADE(add_tmdb_id),        JOB(COLUMN_TEXT, old_etag),
};

static const struct store_column gone[] = {
	JOB(COLUMN_INT, film_id),
	JOB(COLUMN_INT, token),
	MADE(add_gone_kind),
	JOB(COLUMN_INT, gone_id),
};

const struct store_columns store_verdict_columns = COLUMNS(verdicts);
const struct store_columns store_lock_columns = COLUMNS(lock);
const struct store_columns store_title_columns = COLUMNS(title);
const struct store_columns store_role_columns = COLUMNS(role);
const struct store_columns store_studio_columns = COLUMNS(studio);
const struct store_columns store_episode_columns = COLUMNS(episode);
const struct store_columns store_renewed_columns = COLUMNS(renewed);
const struct store_columns store_gone_columns = COLUMNS(gone);

/* --- adding --------------------------------------------------------------- */

static void add_strings(struct pg_array *out, const struct tmdb_strings *list)
{
	struct pg_array *items = pg_array_new();

	for (size_t i = 0; i < list->count; i++)
		pg_array_text(items, list->items[i]);
	pg_array_array(out, items);
}

static const void *column_field(const struct store_column *c,
                                const struct job *job)
{
	switch (c->of) {
	case OF_JOB:
		return (const char *)job + c->offset;
	case OF_TITLE:
		return (const char *)job_fetched(job) + c->offset;
	}
	return NULL;
}

static void column_add(struct pg_array *out, const struct store_column *c,
                       const struct job *job)
{
	const void *field = column_field(c, job);

	switch (c->kind) {
	case COLUMN_TEXT:
		pg_array_text(out, *(const char *const *)field);
		break;
	case COLUMN_INT:
		pg_array_int(out, *(const int64_t *)field);
		break;
	case COLUMN_SMALL:
		pg_array_int(out, *(const int *)field);
		break;
	case COLUMN_ID:
		if (*(const int64_t *)field == 0)
			pg_array_null(out);
		else
			pg_array_int(out, *(const int64_t *)field);
		break;
	case COLUMN_DOUBLE:
		pg_array_double(out, *(const double *)field);
		break;
	case COLUMN_LIST:
		add_strings(out, (const struct tmdb_strings *)field);
		break;
	case COLUMN_MADE:
		c->add(out, job);
		break;
	}
}

void store_columns_add(struct pg_tx *tx, const struct store_columns *columns,
                       const struct jobs *jobs,
                       bool (*is_row)(const struct job *job))
{
	for (int i = 0; i < columns->count; i++) {
		struct pg_array *out = pg_array_new();
		const struct job *job;

		JOB_EACH(job, jobs, JOB_STORING) {
			if (is_row(job))
				column_add(out, &columns->list[i], job);
		}
		pg_tx_array(tx, out);
	}
}
