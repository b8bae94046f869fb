/*
 * Tables say which field goes where: of the title as it is, or what a function
 * makes of the job.
 */
#include "enrich-daemon/store_columns.h"

#include <stddef.h>
#include <stdint.h>

#include "common/attr.h"
#include "common/buf.h"
#include "common/pg_array.h"
#include "common/pg_tx.h"
#include "enrich-daemon/candidates.h"
#include "enrich-daemon/lookup.h"
#include "enrich-daemon/store_people.h"
#include "enrich-daemon/tmdb_title.h"

#define CANDIDATES_BYTES_MAX ((size_t)64 * 1024)

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

enum column_kind {
	COLUMN_TEXT,   /* const char * of the title */
	COLUMN_INT,    /* int64_t */
	COLUMN_ID,     /* int64_t; 0 is NULL */
	COLUMN_DOUBLE, /* double */
	COLUMN_LIST,   /* struct tmdb_strings */
	COLUMN_JOB     /* add() says */
};

struct store_column {
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

/* --- what is made of a job ------------------------------------------------ */

static const struct lookup_verdict *verdict(const struct job *job)
{
	return lookup_verdict(job->lookup);
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
	if (job_fetched(job)->runtime > 0)
		pg_array_int(out, job_fetched(job)->runtime);
	else
		pg_array_null(out);
}

static void add_series(struct pg_array *out, const struct job *job)
{
	pg_array_int(out, job_fetched(job)->place.series_id);
}

static void add_season(struct pg_array *out, const struct job *job)
{
	pg_array_int(out, job_fetched(job)->place.season);
}

static void add_number(struct pg_array *out, const struct job *job)
{
	pg_array_int(out, job_fetched(job)->place.number);
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

/* --- the tables ----------------------------------------------------------- */

#define COLUMNS(table)                                                         \
	{                                                                      \
		table, ARRAY_LEN(table)                                        \
	}

static const struct store_column title[] = {
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
	JOB(store_people_directors),
	JOB(store_people_writers),
	JOB(store_people_cast),
	JOB(store_people_characters),
	JOB(store_people_crew),
	JOB(store_people_departments),
	JOB(store_people_jobs),
	JOB(add_raw),
	JOB(add_etag),
};

static const struct store_column verdicts[] = {
	JOB(add_film_id),    JOB(add_token),   JOB(add_state),
	JOB(add_kind),       JOB(add_tmdb_id), JOB(add_method),
	JOB(add_confidence), JOB(add_score),   JOB(add_candidates),
};

static const struct store_column lock[] = { JOB(add_kind), JOB(add_tmdb_id) };

static const struct store_column touch[] = { JOB(add_film_id), JOB(add_token),
	                                     JOB(add_kind), JOB(add_tmdb_id) };

static const struct store_column episode[] = {
	JOB(add_film_id), JOB(add_token),  JOB(add_kind),  JOB(add_tmdb_id),
	JOB(add_series),  JOB(add_season), JOB(add_number)
};

static const struct store_column renewed[] = { JOB(add_film_id), JOB(add_token),
	                                       JOB(add_kind), JOB(add_tmdb_id),
	                                       JOB(add_old_etag) };

static const struct store_column gone[] = { JOB(add_film_id), JOB(add_token),
	                                    JOB(add_gone_kind),
	                                    JOB(add_gone_id) };

const struct store_columns store_verdict_columns = COLUMNS(verdicts);
const struct store_columns store_lock_columns = COLUMNS(lock);
const struct store_columns store_title_columns = COLUMNS(title);
const struct store_columns store_touch_columns = COLUMNS(touch);
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

static void column_add(struct pg_array *out, const struct store_column *c,
                       const struct job *job)
{
	const void *field = (const char *)job_fetched(job) + c->offset;

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
