/*
 * The statements of a store and their parameters: an array a column, an
 * element a row. Tables say which field goes where.
 */
#include "enrich-daemon/store_tx.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "common/attr.h"
#include "common/buf.h"
#include "common/mem.h"
#include "common/pg_array.h"
#include "common/pg_tx.h"
#include "enrich-daemon/candidates.h"
#include "enrich-daemon/job_array.h"
#include "gen/sql.h"

#define CANDIDATES_BYTES_MAX ((size_t)64 * 1024)
#define DEPARTMENT_WRITING   "Writing"

const char *match_state_name(enum lookup_state state)
{
	switch (state) {
	case LOOKUP_MATCHED:
		return "matched";
	case LOOKUP_NOT_FOUND:
		return "not_found";
	case LOOKUP_AMBIGUOUS:
		return "ambiguous";
	}
	return "";
}

static const struct lookup_verdict *verdict(const struct job *job)
{
	return lookup_verdict(job->lookup);
}

/* The title that was fetched; one that was stored before has nothing new. */
static const struct tmdb_title *fetched(const struct job *job)
{
	return verdict(job)->raw != NULL ? verdict(job)->title : NULL;
}

void store_tx_prepare(struct job *job)
{
	const struct lookup_verdict *v = verdict(job);
	uLongf len = compressBound(v->raw_len);
	Bytef *out;

	if (fetched(job) == NULL)
		return;
	out = xmalloc(len);
	ensure(compress(out, &len, (const Bytef *)v->raw, v->raw_len) == Z_OK);
	job->raw = arena_strndup(job->arena, (const char *)out, len);
	job->raw_len = len;
	free(out);
}

/* --- columns -------------------------------------------------------------- */

enum column_kind {
	COLUMN_TEXT,   /* const char * of the title */
	COLUMN_INT,    /* int64_t */
	COLUMN_ID,     /* int64_t; 0 is NULL */
	COLUMN_DOUBLE, /* double */
	COLUMN_LIST,   /* struct tmdb_strings */
	COLUMN_JOB     /* add() says */
};

struct column {
	enum column_kind kind;
	size_t offset; /* in struct tmdb_title */
	void (*add)(struct pg_array *out, const struct job *job);
};

#define TITLE(kind, field)                                                     \
	{                                                                      \
		kind, offsetof(struct tmdb_title, field), NULL                 \
	}
#define JOB(add)                                                               \
	{                                                                      \
		COLUMN_JOB, 0, add                                             \
	}

static void add_film_id(struct pg_array *out, const struct job *job)
{
	pg_array_int(out, job->film_id);
}

static void add_token(struct pg_array *out, const struct job *job)
{
	pg_array_int(out, job->token);
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
	if (fetched(job)->runtime > 0)
		pg_array_int(out, fetched(job)->runtime);
	else
		pg_array_null(out);
}

/* Those of the crew for whom wanted() is true, each once. */
static void add_people(struct pg_array *out, const struct tmdb_title *t,
                       bool (*wanted)(enum title_kind kind,
                                      const struct tmdb_person *person))
{
	int64_t *seen = xmalloc((t->crew_count + 1) * sizeof(*seen));
	struct pg_array *ids = pg_array_new();
	size_t n = 0;

	for (size_t i = 0; i < t->crew_count; i++) {
		size_t at = 0;

		if (!wanted(t->kind, &t->crew[i]))
			continue;
		while (at < n && seen[at] != t->crew[i].id)
			at++;
		if (at < n)
			continue;
		seen[n++] = t->crew[i].id;
		pg_array_int(ids, t->crew[i].id);
	}
	pg_array_array(out, ids);
	free(seen);
}

static bool writes(enum title_kind kind, const struct tmdb_person *person)
{
	(void)kind;
	return strcmp(person->department, DEPARTMENT_WRITING) == 0;
}

static void add_directors(struct pg_array *out, const struct job *job)
{
	add_people(out, fetched(job), tmdb_person_directs);
}

static void add_writers(struct pg_array *out, const struct job *job)
{
	add_people(out, fetched(job), writes);
}

static void add_ids(struct pg_array *out, const struct tmdb_person *people,
                    size_t count)
{
	struct pg_array *ids = pg_array_new();

	for (size_t i = 0; i < count; i++)
		pg_array_int(ids, people[i].id);
	pg_array_array(out, ids);
}

static void add_cast(struct pg_array *out, const struct job *job)
{
	add_ids(out, fetched(job)->cast, fetched(job)->cast_count);
}

static void add_crew(struct pg_array *out, const struct job *job)
{
	add_ids(out, fetched(job)->crew, fetched(job)->crew_count);
}

static const char *department_of(const struct tmdb_person *person)
{
	return person->department;
}

/* Of the cast: the character. */
static const char *job_of(const struct tmdb_person *person)
{
	return person->job;
}

static void add_texts(struct pg_array *out, const struct tmdb_person *people,
                      size_t count,
                      const char *(*text_of)(const struct tmdb_person *))
{
	struct pg_array *texts = pg_array_new();

	for (size_t i = 0; i < count; i++)
		pg_array_text(texts, text_of(&people[i]));
	pg_array_array(out, texts);
}

static void add_cast_characters(struct pg_array *out, const struct job *job)
{
	const struct tmdb_title *t = fetched(job);

	add_texts(out, t->cast, t->cast_count, job_of);
}

static void add_crew_departments(struct pg_array *out, const struct job *job)
{
	const struct tmdb_title *t = fetched(job);

	add_texts(out, t->crew, t->crew_count, department_of);
}

static void add_crew_jobs(struct pg_array *out, const struct job *job)
{
	const struct tmdb_title *t = fetched(job);

	add_texts(out, t->crew, t->crew_count, job_of);
}

static void add_series(struct pg_array *out, const struct job *job)
{
	pg_array_int(out, fetched(job)->place.series_id);
}

static void add_season(struct pg_array *out, const struct job *job)
{
	pg_array_int(out, fetched(job)->place.season);
}

static void add_number(struct pg_array *out, const struct job *job)
{
	pg_array_int(out, fetched(job)->place.number);
}

static void add_raw(struct pg_array *out, const struct job *job)
{
	pg_array_bytes(out, job->raw, job->raw_len);
}

static void add_etag(struct pg_array *out, const struct job *job)
{
	pg_array_text(out, job->etag);
}

static void add_old_etag(struct pg_array *out, const struct job *job)
{
	pg_array_text(out, job->old_etag);
}

static void add_gone_kind(struct pg_array *out, const struct job *job)
{
	pg_array_text(out, title_kind_name(job->gone_kind));
}

static void add_gone_id(struct pg_array *out, const struct job *job)
{
	pg_array_int(out, job->gone_id);
}

/* The parameters of title/store; the first four are those of the statements
 * that follow it too. */
#define KEY_COLUMNS 4
static const struct column title_columns[] = {
	JOB(add_film_id),
	JOB(add_token),
	JOB(add_kind),
	JOB(add_tmdb_id),
	TITLE(COLUMN_TEXT, name),
	TITLE(COLUMN_TEXT, original_name),
	TITLE(COLUMN_TEXT, released_on),
	JOB(add_runtime),
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
	TITLE(COLUMN_LIST, studios),
	TITLE(COLUMN_LIST, keywords),
	JOB(add_directors),
	JOB(add_writers),
	JOB(add_cast),
	JOB(add_cast_characters),
	JOB(add_crew),
	JOB(add_crew_departments),
	JOB(add_crew_jobs),
	JOB(add_raw),
	JOB(add_etag),
};

/* The parameters of job/store. */
static const struct column verdict_columns[] = {
	JOB(add_film_id),    JOB(add_token),   JOB(add_state),
	JOB(add_kind),       JOB(add_tmdb_id), JOB(add_method),
	JOB(add_confidence), JOB(add_score),   JOB(add_candidates),
};

static void add_strings(struct pg_array *out, const struct tmdb_strings *list)
{
	struct pg_array *items = pg_array_new();

	for (size_t i = 0; i < list->count; i++)
		pg_array_text(items, list->items[i]);
	pg_array_array(out, items);
}

static void column_add(struct pg_array *out, const struct column *c,
                       const struct job *job)
{
	const void *field = (const char *)fetched(job) + c->offset;

	switch (c->kind) {
	case COLUMN_TEXT:
		pg_array_text(out, *(const char *const *)field);
		break;
	case COLUMN_INT:
		pg_array_int(out, *(const int64_t *)field);
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
	case COLUMN_JOB:
		c->add(out, job);
		break;
	}
}

static bool any(const struct job *job)
{
	(void)job;
	return true;
}

static bool with_title(const struct job *job)
{
	return fetched(job) != NULL;
}

static bool with_episode(const struct job *job)
{
	return with_title(job) && fetched(job)->kind == TITLE_EPISODE;
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
                       bool (*counts)(const struct job *job))
{
	const struct job *job;

	JOB_EACH(job, jobs, JOB_STORING) {
		if (counts(job))
			return true;
	}
	return false;
}

/* A parameter a column, with a row for each job in JOB_STORING that counts. */
static void add_columns(struct pg_tx *tx, const struct jobs *jobs,
                        const struct column *columns, size_t n,
                        bool (*counts)(const struct job *job))
{
	for (size_t i = 0; i < n; i++) {
		struct pg_array *out = pg_array_new();
		const struct job *job;

		JOB_EACH(job, jobs, JOB_STORING) {
			if (counts(job))
				column_add(out, &columns[i], job);
		}
		pg_tx_array(tx, out);
	}
}

/* --- people --------------------------------------------------------------- */

enum person_column {
	PERSON_FILM_ID,
	PERSON_ID,
	PERSON_NAME,
	PERSON_GENDER,
	PERSON_PROFILE_PATH,
	PERSON_COLUMNS
};

static void add_persons(struct pg_array *columns[PERSON_COLUMNS],
                        int64_t film_id, const struct tmdb_person *people,
                        size_t count)
{
	for (size_t i = 0; i < count; i++) {
		pg_array_int(columns[PERSON_FILM_ID], film_id);
		pg_array_int(columns[PERSON_ID], people[i].id);
		pg_array_text(columns[PERSON_NAME], people[i].name);
		pg_array_int(columns[PERSON_GENDER], people[i].gender);
		pg_array_text(columns[PERSON_PROFILE_PATH],
		              people[i].profile_path);
	}
}

static void add_credited(struct pg_tx *tx, const struct jobs *jobs)
{
	struct pg_array *columns[PERSON_COLUMNS];
	const struct job *job;

	for (size_t i = 0; i < PERSON_COLUMNS; i++)
		columns[i] = pg_array_new();
	JOB_EACH(job, jobs, JOB_STORING) {
		const struct tmdb_title *t = fetched(job);

		if (t == NULL)
			continue;
		add_persons(columns, job->film_id, t->cast, t->cast_count);
		add_persons(columns, job->film_id, t->crew, t->crew_count);
	}
	for (size_t i = 0; i < PERSON_COLUMNS; i++)
		pg_tx_array(tx, columns[i]);
}

/* --- the transaction ------------------------------------------------------ */

static void add_jobs(struct pg_tx *tx, const struct jobs *jobs)
{
	pg_tx_array(tx, job_films(jobs, JOB_STORING));
	pg_tx_array(tx, job_tokens(jobs, JOB_STORING));
}

static void add_locks(struct pg_tx *tx, const struct jobs *jobs)
{
	static const struct column title_key[] = { JOB(add_kind),
		                                   JOB(add_tmdb_id) };

	pg_tx_add(tx, &SQL_JOB_LOCK_FILM, 3);
	pg_tx_array(tx, job_films(jobs, JOB_STORING));
	add_columns(tx, jobs, title_key, ARRAY_LEN(title_key), changes_title);
	pg_tx_add(tx, &SQL_JOB_LOCK, 2);
	add_jobs(tx, jobs);
}

static void add_titles(struct pg_tx *tx, const struct jobs *jobs)
{
	pg_tx_add(tx, &SQL_TITLE_STORE, ARRAY_LEN(title_columns));
	add_columns(tx, jobs, title_columns, ARRAY_LEN(title_columns),
	            with_title);
	pg_tx_add(tx, &SQL_PERSON_STORE, 2 + PERSON_COLUMNS);
	add_jobs(tx, jobs);
	add_credited(tx, jobs);
	pg_tx_add(tx, &SQL_TITLE_TOUCH_FILM, KEY_COLUMNS);
	add_columns(tx, jobs, title_columns, KEY_COLUMNS, with_title);
}

static void add_episodes(struct pg_tx *tx, const struct jobs *jobs)
{
	static const struct column columns[] = {
		JOB(add_film_id), JOB(add_token),  JOB(add_kind),
		JOB(add_tmdb_id), JOB(add_series), JOB(add_season),
		JOB(add_number)
	};

	pg_tx_add(tx, &SQL_TITLE_STORE_EPISODE, ARRAY_LEN(columns));
	add_columns(tx, jobs, columns, ARRAY_LEN(columns), with_episode);
}

static void add_renewed(struct pg_tx *tx, const struct jobs *jobs)
{
	static const struct column columns[] = { JOB(add_film_id),
		                                 JOB(add_token), JOB(add_kind),
		                                 JOB(add_tmdb_id),
		                                 JOB(add_old_etag) };

	pg_tx_add(tx, &SQL_TITLE_RENEW, ARRAY_LEN(columns));
	add_columns(tx, jobs, columns, ARRAY_LEN(columns), is_renewed);
}

static void add_gone(struct pg_tx *tx, const struct jobs *jobs)
{
	static const struct column columns[] = { JOB(add_film_id),
		                                 JOB(add_token),
		                                 JOB(add_gone_kind),
		                                 JOB(add_gone_id) };

	pg_tx_add(tx, &SQL_TITLE_GONE, ARRAY_LEN(columns));
	add_columns(tx, jobs, columns, ARRAY_LEN(columns), with_gone);
}

struct pg_tx *store_tx_new(const struct jobs *jobs)
{
	struct pg_tx *tx = pg_tx_new();

	add_locks(tx, jobs);
	if (any_stored(jobs, with_title))
		add_titles(tx, jobs);
	if (any_stored(jobs, with_episode))
		add_episodes(tx, jobs);
	if (any_stored(jobs, is_renewed))
		add_renewed(tx, jobs);
	if (any_stored(jobs, with_gone))
		add_gone(tx, jobs);
	pg_tx_add(tx, &SQL_JOB_STORE, ARRAY_LEN(verdict_columns));
	add_columns(tx, jobs, verdict_columns, ARRAY_LEN(verdict_columns), any);
	return tx;
}
