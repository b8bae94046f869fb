/*
 * Cast and crew as parameters: as arrays in the row of their title, and by
 * themselves a row a credit.
 */
#include "enrich-daemon/store/store_people.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/pg/pg_array.h"
#include "common/pg/pg_tx.h"
#include "enrich-daemon/tmdb/tmdb_title.h"
#include "gen/sql.h"

#define DEPARTMENT_WRITING "Writing"

/* --- in the row of a title ------------------------------------------------ */

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

void store_people_directors(struct pg_array *out, const struct job *job)
{
	add_people(out, job_fetched(job), tmdb_person_directs);
}

void store_people_writers(struct pg_array *out, const struct job *job)
{
	add_people(out, job_fetched(job), writes);
}

static void add_ids(struct pg_array *out, const struct tmdb_person *people,
                    size_t count)
{
	struct pg_array *ids = pg_array_new();

	for (size_t i = 0; i < count; i++)
		pg_array_int(ids, people[i].id);
	pg_array_array(out, ids);
}

void store_people_cast(struct pg_array *out, const struct job *job)
{
	add_ids(out, job_fetched(job)->cast, job_fetched(job)->cast_count);
}

void store_people_crew(struct pg_array *out, const struct job *job)
{
	add_ids(out, job_fetched(job)->crew, job_fetched(job)->crew_count);
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

void store_people_characters(struct pg_array *out, const struct job *job)
{
	const struct tmdb_title *t = job_fetched(job);

	add_texts(out, t->cast, t->cast_count, job_of);
}

void store_people_departments(struct pg_array *out, const struct job *job)
{
	const struct tmdb_title *t = job_fetched(job);

	add_texts(out, t->crew, t->crew_count, department_of);
}

void store_people_jobs(struct pg_array *out, const struct job *job)
{
	const struct tmdb_title *t = job_fetched(job);

	add_texts(out, t->crew, t->crew_count, job_of);
}

/* --- by themselves -------------------------------------------------------- */

/* The parameter of a column. */
#define PERSON(name) SQL_PERSON_STORE_##name##_ARRAY

static void add_persons(struct pg_array *columns[SQL_PERSON_STORE_PARAMS],
                        int64_t film_id, const struct tmdb_person *people,
                        size_t count)
{
	for (size_t i = 0; i < count; i++) {
		pg_array_int(columns[PERSON(FILM_IDS)], film_id);
		pg_array_int(columns[PERSON(IDS)], people[i].id);
		pg_array_text(columns[PERSON(NAMES)], people[i].name);
		pg_array_int(columns[PERSON(GENDERS)], people[i].gender);
		pg_array_text(columns[PERSON(PROFILE_PATHS)],
		              people[i].profile_path);
	}
}

void store_people_add(struct pg_tx *tx, const struct jobs *jobs)
{
	struct pg_array *columns[SQL_PERSON_STORE_PARAMS];
	const struct job *job;

	for (size_t i = 0; i < SQL_PERSON_STORE_PARAMS; i++)
		columns[i] = pg_array_new();
	JOB_EACH(job, jobs, JOB_STORING) {
		const struct tmdb_title *t = job_fetched(job);

		pg_array_int(columns[PERSON(FILMS)], job->film_id);
		pg_array_int(columns[PERSON(TOKENS)], job->token);
		if (t == NULL)
			continue;
		add_persons(columns, job->film_id, t->cast, t->cast_count);
		add_persons(columns, job->film_id, t->crew, t->crew_count);
	}
	pg_tx_add_arrays(tx, &SQL_PERSON_STORE, columns);
}
