/*
 * Films have numbers; a title is made of its film's.
 */
#include "tests/bench/made_up.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/base/attr.h"
#include "common/base/str.h"
#include "common/json/json_write.h"

#define PEOPLE 20000 /* that all titles share */
#define CAST   12
#define CREW   4

/* As the call asked for it ("...&year=1999"), else some year. */
static int year_asked(const char *call)
{
	const char *at = strstr(call, "year=");
	int64_t year;

	if (at == NULL)
		return 2000;
	at += strlen("year=");
	return str_to_int64((struct str){ at, strspn(at, "0123456789") }, 1800,
	                    2200, &year)
	               ? (int)year
	               : 2000;
}

static void write_facts(struct json_writer *w, const struct job *job, int year)
{
	char text[64];

	json_key(w, "id");
	json_int(w, job->film_id);
	json_key(w, "title");
	json_string(w, job->film);
	json_key(w, "original_title");
	json_string(w, job->film);
	json_key(w, "release_date");
	(void)snprintf(text, sizeof(text), "%d-%02d-%02d", year,
	               (int)(job->film_id % 12) + 1,
	               (int)(job->film_id % 28) + 1);
	json_string(w, text);
	json_key(w, "vote_count");
	json_int(w, 100 + job->film_id % 5000);
}

static void write_search(struct json_writer *w, const struct job *job,
                         const char *call, bool found)
{
	json_object_begin(w);
	json_key(w, "total_pages");
	json_int(w, found ? 1 : 0);
	json_key(w, "results");
	json_array_begin(w);
	if (found) {
		json_object_begin(w);
		write_facts(w, job, year_asked(call));
		json_object_end(w);
	}
	json_array_end(w);
	json_object_end(w);
}

/* The same number, the same person; their object is left open. */
static void write_person(struct json_writer *w, int64_t number)
{
	const int64_t person = 1 + number % PEOPLE;
	char name[64];

	json_object_begin(w);
	json_key(w, "id");
	json_int(w, person);
	json_key(w, "name");
	(void)snprintf(name, sizeof(name), "Given Family-%" PRId64, person);
	json_string(w, name);
	json_key(w, "gender");
	json_int(w, person % 3);
}

static void write_credits(struct json_writer *w, int64_t film)
{
	static const char *const crew[CREW][2] = {
		{ "Directing", "Director" },
		{ "Writing", "Screenplay" },
		{ "Camera", "Director of Photography" },
		{ "Sound", "Original Music Composer" },
	};

	json_key(w, "credits");
	json_object_begin(w);
	json_key(w, "cast");
	json_array_begin(w);
	for (int i = 0; i < CAST; i++) {
		write_person(w, film * 7 + (int64_t)i * 131);
		json_key(w, "order");
		json_int(w, i);
		json_key(w, "character");
		json_string(w, "Somebody");
		json_object_end(w);
	}
	json_array_end(w);
	json_key(w, "crew");
	json_array_begin(w);
	for (int i = 0; i < CREW; i++) {
		write_person(w, film / 5 + (int64_t)i * 977);
		json_key(w, "department");
		json_string(w, crew[i][0]);
		json_key(w, "job");
		json_string(w, crew[i][1]);
		json_object_end(w);
	}
	json_array_end(w);
	json_object_end(w);
}

/* "KEY": [{"FIELD": "VALUE"}] */
static void write_one(struct json_writer *w, const char *key, const char *field,
                      const char *value)
{
	json_key(w, key);
	json_array_begin(w);
	json_object_begin(w);
	json_key(w, field);
	json_string(w, value);
	json_object_end(w);
	json_array_end(w);
}

static void write_details(struct json_writer *w, const struct job *job)
{
	static const char *const genres[] = { "Drama", "Comedy", "Horror",
		                              "Documentary", "Western" };
	static const char *const places[][2] = {
		{ "US", "en" }, { "FR", "fr" }, { "JP", "ja" }, { "BR", "pt" }
	};
	const size_t n = (size_t)job->film_id;
	const char *const *place = places[n % ARRAY_LEN(places)];

	json_object_begin(w);
	write_facts(w, job, 1950 + (int)(n % 75));
	json_key(w, "runtime");
	json_int(w, 70 + job->film_id % 90);
	json_key(w, "overview");
	json_string(w, "Somebody wants something, somebody else is in the way, "
	               "and in the end it turns out otherwise.");
	json_key(w, "original_language");
	json_string(w, place[1]);
	json_key(w, "vote_average");
	json_double(w, 6.5);
	write_one(w, "genres", "name", genres[n % ARRAY_LEN(genres)]);
	write_one(w, "production_countries", "iso_3166_1", place[0]);
	write_one(w, "spoken_languages", "iso_639_1", place[1]);
	write_one(w, "production_companies", "name", "Some Pictures");
	write_credits(w, job->film_id);
	json_object_end(w);
}

void made_up_search(struct buf *out, const struct job *job, const char *call,
                    bool found)
{
	struct json_writer *w = json_writer_new(out);

	write_search(w, job, call, found);
	json_writer_end(&w);
}

void made_up_details(struct buf *out, const struct job *job)
{
	struct json_writer *w = json_writer_new(out);

	write_details(w, job);
	json_writer_end(&w);
}
