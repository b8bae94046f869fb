/* Facts about a film, a line of a table, in the shape of TMDB's answers. */

#include "tests/tmdb-stub/tsv.h"

#include <stdint.h>
#include <stdlib.h>

#include "common/base/attr.h"
#include "common/base/mem.h"
#include "common/json/json_write.h"

enum column {
	KIND,
	ID,
	TITLE,
	ORIGINAL,
	DATE,
	MINUTES,
	EPISODES,
	GENRES,
	COUNTRIES,
	LANGUAGES,
	STUDIOS,
	DIRECTORS,
	WRITERS,
	CAST,
	VOTES,
	AVERAGE,
	KEYWORDS,
	ALSO,
	COLLECTION,
	COLUMNS
};

/* Synthetic ids stay clear of TMDB's own. */
#define SYNTHETIC_ID 900000000

static int64_t id_of(const char *name)
{
	uint32_t hash = 2166136261u;

	for (; *name != '\0'; name++)
		hash = (hash ^ (unsigned char)*name) * 16777619u;
	return SYNTHETIC_ID + hash % 99999989u;
}

/* Cuts text at the first sep; NULL at the end. */
static char *cut(char **rest, char sep)
{
	char *head = *rest;
	char *at;

	if (head == NULL || *head == '\0')
		return NULL;
	at = strchr(head, sep);
	if (at != NULL)
		*at = '\0';
	*rest = at != NULL ? at + 1 : NULL;
	return head;
}

static void member_string(struct json_writer *w, const char *key,
                          const char *value)
{
	json_key(w, key);
	json_string(w, value);
}

static void member_int(struct json_writer *w, const char *key, int64_t value)
{
	json_key(w, key);
	json_int(w, value);
}

/* [{"id":..,"name":..}] or, with code, [{code:..,"name":..}]. */
static void named_list(struct json_writer *w, const char *key, char *list,
                       const char *code)
{
	const char *item;

	json_key(w, key);
	json_array_begin(w);
	while ((item = cut(&list, '|')) != NULL) {
		json_object_begin(w);
		if (code != NULL)
			member_string(w, code, item);
		else
			member_int(w, "id", id_of(item));
		member_string(w, "name", item);
		json_object_end(w);
	}
	json_array_end(w);
}

static void person(struct json_writer *w, const char *name)
{
	member_int(w, "id", id_of(name));
	member_string(w, "name", name);
	member_int(w, "gender", 0);
	json_key(w, "profile_path");
	json_null(w);
}

static void cast_list(struct json_writer *w, const char *key, char *list,
                      bool tv)
{
	char *item;
	int order = 0;

	json_key(w, key);
	json_array_begin(w);
	while ((item = cut(&list, '|')) != NULL) {
		char *character = strchr(item, '=');

		if (character != NULL)
			*character++ = '\0';
		json_object_begin(w);
		person(w, item);
		member_int(w, "order", order++);
		if (tv) {
			json_key(w, "roles");
			json_array_begin(w);
			json_object_begin(w);
			member_string(w, "character",
			              character != NULL ? character : "");
			json_object_end(w);
			json_array_end(w);
		} else {
			member_string(w, "character",
			              character != NULL ? character : "");
		}
		json_object_end(w);
	}
	json_array_end(w);
}

static void crew_member(struct json_writer *w, const char *name,
                        const char *department, const char *job, bool tv)
{
	json_object_begin(w);
	person(w, name);
	member_string(w, "department", department);
	if (tv) {
		json_key(w, "jobs");
		json_array_begin(w);
		json_object_begin(w);
		member_string(w, "job", job);
		json_object_end(w);
		json_array_end(w);
	} else {
		member_string(w, "job", job);
	}
	json_object_end(w);
}

static void crew_list(struct json_writer *w, char *const *column, bool tv)
{
	char *directors = column[DIRECTORS];
	char *writers = column[WRITERS];
	const char *name;

	json_key(w, "crew");
	json_array_begin(w);
	while (!tv && (name = cut(&directors, '|')) != NULL)
		crew_member(w, name, "Directing", "Director", tv);
	while ((name = cut(&writers, '|')) != NULL)
		crew_member(w, name, "Writing", "Writer", tv);
	json_array_end(w);
}

static void credits(struct json_writer *w, char *const *column, bool tv)
{
	json_key(w, tv ? "aggregate_credits" : "credits");
	json_object_begin(w);
	cast_list(w, "cast", column[CAST], tv);
	crew_list(w, column, tv);
	json_object_end(w);
}

static void titles(struct json_writer *w, char *list, bool tv)
{
	const char *item;

	json_key(w, "alternative_titles");
	json_object_begin(w);
	json_key(w, tv ? "results" : "titles");
	json_array_begin(w);
	while ((item = cut(&list, '|')) != NULL) {
		json_object_begin(w);
		member_string(w, "iso_3166_1", "US");
		member_string(w, "title", item);
		member_string(w, "type", "");
		json_object_end(w);
	}
	json_array_end(w);
	json_object_end(w);
}

static void appended(struct json_writer *w, char *const *column, bool tv)
{
	credits(w, column, tv);
	json_key(w, "keywords");
	json_object_begin(w);
	named_list(w, tv ? "results" : "keywords", column[KEYWORDS], NULL);
	json_object_end(w);
	titles(w, column[ALSO], tv);
	json_key(w, tv ? "content_ratings" : "release_dates");
	json_object_begin(w);
	json_key(w, "results");
	json_array_begin(w);
	json_array_end(w);
	json_object_end(w);
	json_key(w, "external_ids");
	json_object_begin(w);
	json_object_end(w);
}

static void of_movie(struct json_writer *w, char *const *column)
{
	json_key(w, "belongs_to_collection");
	if (*column[COLLECTION] == '\0') {
		json_null(w);
	} else {
		json_object_begin(w);
		member_int(w, "id", id_of(column[COLLECTION]));
		member_string(w, "name", column[COLLECTION]);
		json_object_end(w);
	}
	member_int(w, "runtime", strtol(column[MINUTES], NULL, 10));
	json_key(w, "video");
	json_bool(w, false);
}

static void of_series(struct json_writer *w, char *const *column)
{
	char *creators = xstrdup(column[DIRECTORS]);
	char *rest = creators;
	const char *name;

	json_key(w, "episode_run_time");
	json_array_begin(w);
	json_int(w, strtol(column[MINUTES], NULL, 10));
	json_array_end(w);
	member_int(w, "number_of_episodes", strtol(column[EPISODES], NULL, 10));
	json_key(w, "created_by");
	json_array_begin(w);
	while ((name = cut(&rest, '|')) != NULL) {
		json_object_begin(w);
		person(w, name);
		json_object_end(w);
	}
	json_array_end(w);
	free(creators);
}

static void plain(struct json_writer *w, char *const *column, bool tv)
{
	const char *original = column[ORIGINAL];
	char language[3] = { 0 };

	if (*original == '\0')
		original = column[TITLE];
	memcpy(language, column[LANGUAGES],
	       strlen(column[LANGUAGES]) < 2 ? 0 : 2);
	member_int(w, "id", strtoll(column[ID], NULL, 10));
	member_string(w, tv ? "name" : "title", column[TITLE]);
	member_string(w, tv ? "original_name" : "original_title", original);
	member_string(w, tv ? "first_air_date" : "release_date", column[DATE]);
	member_string(w, "original_language", language);
	member_string(w, "overview", "");
	json_key(w, "poster_path");
	json_null(w);
	json_key(w, "backdrop_path");
	json_null(w);
	json_key(w, "adult");
	json_bool(w, false);
	member_int(w, "vote_count", strtol(column[VOTES], NULL, 10));
	json_key(w, "vote_average");
	json_double(w, strtod(column[AVERAGE], NULL));
	json_key(w, "popularity");
	json_double(w, strtod(column[VOTES], NULL) / 100);
}

static void title(struct json_writer *w, char *const *column, bool tv)
{
	plain(w, column, tv);
	if (tv)
		of_series(w, column);
	else
		of_movie(w, column);
	named_list(w, "genres", column[GENRES], NULL);
	named_list(w, "production_countries", column[COUNTRIES], "iso_3166_1");
	named_list(w, "spoken_languages", column[LANGUAGES], "iso_639_1");
	named_list(w, "production_companies", column[STUDIOS], NULL);
	appended(w, column, tv);
}

static void episode(struct json_writer *w, char *const *column)
{
	char *at = column[EPISODES];

	member_int(w, "id", strtoll(column[ID], NULL, 10));
	member_int(w, "show_id", strtoll(column[ORIGINAL], NULL, 10));
	member_int(w, "season_number", strtol(at, &at, 10));
	member_int(w, "episode_number",
	           *at == 'x' ? strtol(at + 1, NULL, 10) : 0);
	member_string(w, "name", column[TITLE]);
	member_string(w, "air_date", column[DATE]);
	member_int(w, "runtime", strtol(column[MINUTES], NULL, 10));
	member_string(w, "overview", "");
	json_key(w, "still_path");
	json_null(w);
	member_int(w, "vote_count", strtol(column[VOTES], NULL, 10));
	json_key(w, "vote_average");
	json_double(w, strtod(column[AVERAGE], NULL));
	crew_list(w, column, false);
	cast_list(w, "guest_stars", column[CAST], false);
}

static bool kind_of(const char *name, enum tsv_kind *kind_r)
{
	static const char *const names[] = { [TSV_MOVIE] = "movie",
		                             [TSV_TV] = "tv",
		                             [TSV_EPISODE] = "episode" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (strcmp(name, names[i]) != 0)
			continue;
		*kind_r = (enum tsv_kind)i;
		return true;
	}
	return false;
}

bool tsv_expand(const char *line, struct buf *out, enum tsv_kind *kind_r)
{
	char *copy = xstrdup(line);
	char *rest = copy;
	char *column[COLUMNS];
	struct json_writer *w;
	int n = 0;

	while (rest != NULL && n < COLUMNS) {
		char *at = strchr(rest, '\t');

		if (at != NULL)
			*at++ = '\0';
		column[n++] = rest;
		rest = at;
	}
	if (n < COLUMNS || rest != NULL || !kind_of(column[KIND], kind_r)) {
		free(copy);
		return false;
	}
	w = json_writer_new(out);
	json_object_begin(w);
	if (*kind_r == TSV_EPISODE)
		episode(w, column);
	else
		title(w, column, *kind_r == TSV_TV);
	json_object_end(w);
	json_writer_end(&w);
	free(copy);
	return true;
}
