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
#include "gen/sql.h"

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
	COLUMN_NONE,   /* somebody else fills it */
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

/* A row for a parameter of a statement, in its place there. */
#define JOB(sql, param, kind, field)                                           \
	[sql##_##param##                                                       \
		_ARRAY] = { kind, OF_JOB, offsetof(struct job, field), NULL }
#define TITLE(sql, param, kind, field)                                         \
	[sql##_##param##_ARRAY] = { kind, OF_TITLE,                            \
		                    offsetof(struct tmdb_title, field), NULL }
#define MADE(sql, param, add)                                                  \
	[sql##_##param##_ARRAY] = { COLUMN_MADE, OF_JOB, 0, add }

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

#define COLUMNS(sql, table)                                                    \
	{                                                                      \
		&sql, table, ARRAY_LEN(table)                                  \
	}

static const struct store_column title[] = {
	JOB(SQL_TITLE_STORE, FILMS, COLUMN_INT, film_id),
	JOB(SQL_TITLE_STORE, TOKENS, COLUMN_INT, token),
	MADE(SQL_TITLE_STORE, KINDS, add_kind),
	MADE(SQL_TITLE_STORE, IDS, add_tmdb_id),
	TITLE(SQL_TITLE_STORE, NAMES, COLUMN_TEXT, name),
	TITLE(SQL_TITLE_STORE, ORIGINAL_NAMES, COLUMN_TEXT, original_name),
	TITLE(SQL_TITLE_STORE, RELEASED_ON, COLUMN_TEXT, released_on),
	MADE(SQL_TITLE_STORE, RUNTIMES, add_runtime),
	TITLE(SQL_TITLE_STORE, OVERVIEWS, COLUMN_TEXT, overview),
	TITLE(SQL_TITLE_STORE, POSTER_PATHS, COLUMN_TEXT, poster_path),
	TITLE(SQL_TITLE_STORE, BACKDROP_PATHS, COLUMN_TEXT, backdrop_path),
	TITLE(SQL_TITLE_STORE, ORIGINAL_LANGUAGES, COLUMN_TEXT,
	      original_language),
	TITLE(SQL_TITLE_STORE, IMDB_IDS, COLUMN_TEXT, imdb_id),
	TITLE(SQL_TITLE_STORE, VOTE_COUNTS, COLUMN_INT, vote_count),
	TITLE(SQL_TITLE_STORE, VOTE_AVERAGES, COLUMN_DOUBLE, vote_average),
	TITLE(SQL_TITLE_STORE, POPULARITIES, COLUMN_DOUBLE, popularity),
	TITLE(SQL_TITLE_STORE, COLLECTION_IDS, COLUMN_ID, collection_id),
	TITLE(SQL_TITLE_STORE, COLLECTION_NAMES, COLUMN_TEXT, collection_name),
	TITLE(SQL_TITLE_STORE, GENRES, COLUMN_LIST, genres),
	TITLE(SQL_TITLE_STORE, COUNTRIES, COLUMN_LIST, countries),
	TITLE(SQL_TITLE_STORE, LANGUAGES, COLUMN_LIST, languages),
	MADE(SQL_TITLE_STORE, STUDIO_IDS, add_studio_ids),
	TITLE(SQL_TITLE_STORE, KEYWORDS, COLUMN_LIST, keywords),
	MADE(SQL_TITLE_STORE, DIRECTOR_IDS, store_people_directors),
	MADE(SQL_TITLE_STORE, WRITER_IDS, store_people_writers),
	MADE(SQL_TITLE_STORE, CAST_IDS, store_people_cast),
	MADE(SQL_TITLE_STORE, CAST_CHARACTERS, store_people_characters),
	TITLE(SQL_TITLE_STORE, CAST_CUTS, COLUMN_SMALL, cast_cut),
	MADE(SQL_TITLE_STORE, CREW_IDS, store_people_crew),
	MADE(SQL_TITLE_STORE, CREW_DEPARTMENTS, store_people_departments),
	MADE(SQL_TITLE_STORE, CREW_JOBS, store_people_jobs),
	TITLE(SQL_TITLE_STORE, CREW_CUTS, COLUMN_SMALL, crew_cut),
	MADE(SQL_TITLE_STORE, RAWS, add_raw),
	JOB(SQL_TITLE_STORE, ETAGS, COLUMN_TEXT, etag),
};

static const struct store_column verdicts[] = {
	JOB(SQL_JOB_STORE, FILMS, COLUMN_INT, film_id),
	JOB(SQL_JOB_STORE, TOKENS, COLUMN_INT, token),
	MADE(SQL_JOB_STORE, STATES, add_state),
	MADE(SQL_JOB_STORE, KINDS, add_kind),
	MADE(SQL_JOB_STORE, IDS, add_tmdb_id),
	MADE(SQL_JOB_STORE, METHODS, add_method),
	MADE(SQL_JOB_STORE, CONFIDENCES, add_confidence),
	MADE(SQL_JOB_STORE, SCORES, add_score),
	MADE(SQL_JOB_STORE, CANDIDATES, add_candidates),
};

static const struct store_column lock[] = {
	MADE(SQL_JOB_LOCK_FILM, KINDS, add_kind),
	MADE(SQL_JOB_LOCK_FILM, IDS, add_tmdb_id),
};

static const struct store_column role[] = {
	MADE(SQL_ROLE_STORE, DEPARTMENTS, store_people_departments),
	MADE(SQL_ROLE_STORE, JOBS, store_people_jobs),
};

static const struct store_column studio[] = {
	MADE(SQL_STUDIO_STORE, IDS, add_studio_ids),
	MADE(SQL_STUDIO_STORE, NAMES, add_studio_names),
};

static const struct store_column episode[] = {
	JOB(SQL_TITLE_STORE_EPISODE, FILMS, COLUMN_INT, film_id),
	JOB(SQL_TITLE_STORE_EPISODE, TOKENS, COLUMN_INT, token),
	MADE(SQL_TITLE_STORE_EPISODE, KINDS, add_kind),
	MADE(SQL_TITLE_STORE_EPISODE, IDS, add_tmdb_id),
	TITLE(SQL_TITLE_STORE_EPISODE, SERIES, COLUMN_INT, place.series_id),
	TITLE(SQL_TITLE_STORE_EPISODE, SEASONS, COLUMN_SMALL, place.season),
	TITLE(SQL_TITLE_STORE_EPISODE, NUMBERS, COLUMN_SMALL, place.number),
};

static const struct store_column renewed[] = {
	JOB(SQL_TITLE_RENEW, FILMS, COLUMN_INT, film_id),
	JOB(SQL_TITLE_RENEW, TOKENS, COLUMN_INT, token),
	MADE(SQL_TITLE_RENEW, KINDS, add_kind),
	MADE(SQL_TITLE_RENEW, IDS, add_tmdb_id),
	JOB(SQL_TITLE_RENEW, ETAGS, COLUMN_TEXT, old_etag),
};

static const struct store_column gone[] = {
	JOB(SQL_TITLE_GONE, FILMS, COLUMN_INT, film_id),
	JOB(SQL_TITLE_GONE, TOKENS, COLUMN_INT, token),
	MADE(SQL_TITLE_GONE, KINDS, add_gone_kind),
	JOB(SQL_TITLE_GONE, IDS, COLUMN_INT, gone_id),
};

const struct store_columns store_verdict_columns =
	COLUMNS(SQL_JOB_STORE, verdicts);
const struct store_columns store_lock_columns =
	COLUMNS(SQL_JOB_LOCK_FILM, lock);
const struct store_columns store_title_columns =
	COLUMNS(SQL_TITLE_STORE, title);
const struct store_columns store_role_columns = COLUMNS(SQL_ROLE_STORE, role);
const struct store_columns store_studio_columns =
	COLUMNS(SQL_STUDIO_STORE, studio);
const struct store_columns store_episode_columns =
	COLUMNS(SQL_TITLE_STORE_EPISODE, episode);
const struct store_columns store_renewed_columns =
	COLUMNS(SQL_TITLE_RENEW, renewed);
const struct store_columns store_gone_columns = COLUMNS(SQL_TITLE_GONE, gone);

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
	case COLUMN_NONE:
		break;
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
		const struct store_column *column = &columns->list[i];
		struct pg_array *out;
		const struct job *job;

		if (column->kind == COLUMN_NONE)
			continue;
		out = pg_array_new();
		JOB_EACH(job, jobs, JOB_STORING) {
			if (is_row(job))
				column_add(out, column, job);
		}
		pg_tx_set_array(tx, columns->sql, i, out);
	}
}
