/*
 * A details answer becomes a record. Films and series differ in keys and in
 * shape; the tables say where each finds a thing, the functions how it is
 * checked. The JSON tree lives in an arena of its own, so that the caller's
 * keeps only what is taken.
 */
#include "enrich-daemon/tmdb/tmdb_title.h"

#include <string.h>

#include "common/json/json_read.h"
#include "enrich-daemon/tmdb/tmdb_credits.h"
#include "enrich-daemon/tmdb/tmdb_episode.h"
#include "enrich-daemon/tmdb/tmdb_json.h"
#include "enrich-daemon/tmdb/tmdb_length.h"

#define NAME_BYTES_MAX     500
#define OVERVIEW_BYTES_MAX 10000
#define LIST_MAX           50
#define LIST_LONG_MAX      500 /* keywords, other names, release dates */
#define COUNT_MAX          INT32_MAX
#define RUNTIME_MAX        1000000
#define VOTE_MAX           10.0

struct reader {
	struct arena *arena;
	const struct json *root;
	const struct json *own; /* an episode's object in root; else root */
	struct tmdb_title *title;
};

static const char *const kind_names[TITLE_KINDS] = {
	[TITLE_MOVIE] = "movie",
	[TITLE_TV] = "tv",
	[TITLE_EPISODE] = "tv_episode",
};

const char *title_kind_name(enum title_kind kind)
{
	return kind_names[kind];
}

bool title_kind_of(const char *name, enum title_kind *kind_r)
{
	for (int kind = 0; kind < TITLE_KINDS; kind++) {
		if (strcmp(name, kind_names[kind]) != 0)
			continue;
		*kind_r = (enum title_kind)kind;
		return true;
	}
	return false;
}

/* --- lists ---------------------------------------------------------------- */

/* How one item of a list becomes a string; NULL leaves it out. */
typedef const char *list_item_fn(struct arena *arena, const struct json *item);

static bool strings_have(const struct tmdb_strings *list, const char *s)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i], s) == 0)
			return true;
	return false;
}

static void strings_begin(const struct reader *r, struct tmdb_strings *list,
                          size_t max)
{
	if (list->items == NULL)
		list->items = arena_alloc(r->arena, max * sizeof(char *));
}

static void strings_add(struct tmdb_strings *list, size_t max, const char *s)
{
	if (s != NULL && list->count < max && !strings_have(list, s))
		list->items[list->count++] = s;
}

static void strings_read(const struct reader *r, struct tmdb_strings *list,
                         size_t max, const struct json *array,
                         list_item_fn *item_fn)
{
	const struct json *item;

	if (json_first(array) == NULL)
		return;
	strings_begin(r, list, max);
	JSON_EACH(item, array)
		if (list->count < max)
			strings_add(list, max, item_fn(r->arena, item));
}

static const char *item_name(struct arena *arena, const struct json *item)
{
	return tmdb_text(arena, json_get(item, "name"), NAME_BYTES_MAX);
}

static const char *item_title(struct arena *arena, const struct json *item)
{
	return tmdb_text(arena, json_get(item, "title"), NAME_BYTES_MAX);
}

static const char *item_translation(struct arena *arena,
                                    const struct json *item)
{
	const struct json *data = json_get(item, "data");
	const char *title =
		tmdb_text(arena, json_get(data, "title"), NAME_BYTES_MAX);

	return title != NULL ? title
	                     : tmdb_text(arena, json_get(data, "name"),
	                                 NAME_BYTES_MAX);
}

static const char *item_country(struct arena *arena, const struct json *item)
{
	return tmdb_code(arena, json_get(item, "iso_3166_1"), 2, 2);
}

static const char *item_country_code(struct arena *arena,
                                     const struct json *item)
{
	return tmdb_code(arena, item, 2, 2);
}

static const char *item_language(struct arena *arena, const struct json *item)
{
	return tmdb_code(arena, json_get(item, "iso_639_1"), 2, 3);
}

static const char *item_language_code(struct arena *arena,
                                      const struct json *item)
{
	return tmdb_code(arena, item, 2, 3);
}

static const char *item_release(struct arena *arena, const struct json *item)
{
	return tmdb_date(arena, json_get(item, "release_date"));
}

static void read_lists(const struct reader *r)
{
	const struct json *root = r->root;
	struct tmdb_title *t = r->title;
	const struct json *keywords = json_get(root, "keywords");
	const struct json *list = json_get(keywords, "keywords");

	strings_read(r, &t->genres, LIST_MAX, json_get(root, "genres"),
	             item_name);
	strings_read(r, &t->keywords, LIST_LONG_MAX,
	             list != NULL ? list : json_get(keywords, "results"),
	             item_name);
	strings_read(r, &t->countries, LIST_MAX,
	             json_get(root, "production_countries"), item_country);
	if (t->countries.count == 0)
		strings_read(r, &t->countries, LIST_MAX,
		             json_get(root, "origin_country"),
		             item_country_code);
}

static bool studio_is_known(const struct tmdb_title *t, int64_t id)
{
	for (size_t i = 0; i < t->studio_count; i++)
		if (t->studios[i].id == id)
			return true;
	return false;
}

static void read_studios(const struct reader *r)
{
	const struct json *list = json_get(r->root, "production_companies");
	const struct json *item;
	struct tmdb_title *t = r->title;

	if (json_first(list) == NULL)
		return;
	t->studios = arena_alloc(r->arena, LIST_MAX * sizeof(*t->studios));
	JSON_EACH(item, list) {
		const struct tmdb_studio studio = {
			.id = tmdb_id(json_get(item, "id")),
			.name = item_name(r->arena, item),
		};

		if (t->studio_count < LIST_MAX && studio.id > 0 &&
		    studio.name != NULL && !studio_is_known(t, studio.id))
			t->studios[t->studio_count++] = studio;
	}
}

/* The original language is first, spoken or not. */
static void read_languages(const struct reader *r)
{
	struct tmdb_title *t = r->title;

	t->original_language = tmdb_code(
		r->arena, json_get(r->root, "original_language"), 2, 3);
	strings_begin(r, &t->languages, LIST_MAX);
	strings_add(&t->languages, LIST_MAX, t->original_language);
	strings_read(r, &t->languages, LIST_MAX,
	             json_get(r->root, "spoken_languages"), item_language);
	strings_read(r, &t->languages, LIST_MAX, json_get(r->root, "languages"),
	             item_language_code);
}

static void read_other_names(const struct reader *r)
{
	struct tmdb_strings *names = &r->title->alternative_names;
	const struct json *also = json_get(r->root, "alternative_titles");
	const struct json *list = json_get(also, "titles");

	strings_read(r, names, LIST_LONG_MAX,
	             list != NULL ? list : json_get(also, "results"),
	             item_title);
	strings_read(
		r, names, LIST_LONG_MAX,
		json_get(json_get(r->root, "translations"), "translations"),
		item_translation);
}

static void read_releases(const struct reader *r)
{
	const struct json *countries =
		json_get(json_get(r->root, "release_dates"), "results");
	const struct json *country;

	JSON_EACH(country, countries)
		strings_read(r, &r->title->release_dates, LIST_LONG_MAX,
		             json_get(country, "release_dates"), item_release);
}

/* --- single values -------------------------------------------------------- */

static const struct details_keys {
	const char *name;
	const char *original_name;
	const char *date;
} keys_of[] = {
	[TITLE_MOVIE] = { "title", "original_title", "release_date" },
	[TITLE_TV] = { "name", "original_name", "first_air_date" },
	[TITLE_EPISODE] = { "name", "original_name", "air_date" },
};

static bool read_identity(const struct reader *r, struct error *err)
{
	struct tmdb_title *t = r->title;
	const struct details_keys *keys = &keys_of[t->kind];

	t->id = tmdb_id(json_get(r->own, "id"));
	t->name = tmdb_text(r->arena, json_get(r->own, keys->name),
	                    NAME_BYTES_MAX);
	t->original_name =
		tmdb_text(r->arena, json_get(r->own, keys->original_name),
	                  NAME_BYTES_MAX);
	if (t->name == NULL)
		t->name = t->original_name;
	if (t->original_name == NULL)
		t->original_name = t->name;
	if (t->id == 0 || t->name == NULL)
		return error_set(err,
		                 "TMDB's details answer has no \"id\" or no "
		                 "\"%s\"",
		                 keys->name);
	t->released_on = tmdb_date(r->arena, json_get(r->own, keys->date));
	return true;
}

static const char *imdb_id(const struct reader *r, const struct json *j)
{
	const char *id = tmdb_text(r->arena, j, 20);
	int64_t number;

	if (id == NULL || strncmp(id, "tt", 2) != 0 ||
	    !str_to_int64(str_of(id + 2), 1, INT64_MAX, &number))
		return NULL;
	return id;
}

static void read_length(const struct reader *r)
{
	struct tmdb_title *t = r->title;

	if (t->kind == TITLE_TV) {
		t->runtime = tmdb_length_read(r->root);
		tmdb_length_unmeasured(r->root, &t->unmeasured);
	} else {
		t->runtime = (int)tmdb_count(json_get(r->own, "runtime"),
		                             RUNTIME_MAX);
	}
}

static void read_values(const struct reader *r)
{
	const struct json *own = r->own;
	struct tmdb_title *t = r->title;
	const struct json *set = json_get(own, "belongs_to_collection");

	read_length(r);
	t->overview = tmdb_text(r->arena, json_get(own, "overview"),
	                        OVERVIEW_BYTES_MAX);
	t->poster_path = tmdb_path(r->arena, json_get(own, "poster_path"));
	t->backdrop_path = tmdb_path(r->arena, json_get(own, "backdrop_path"));
	t->imdb_id = imdb_id(r, json_get(own, "imdb_id"));
	if (t->imdb_id == NULL)
		t->imdb_id = imdb_id(
			r, json_get(json_get(own, "external_ids"), "imdb_id"));
	t->vote_count = tmdb_count(json_get(own, "vote_count"), COUNT_MAX);
	t->vote_average = tmdb_real(json_get(own, "vote_average"), VOTE_MAX);
	t->popularity =
		tmdb_real(json_get(own, "popularity"), TMDB_POPULARITY_MAX);
	t->collection_name =
		tmdb_text(r->arena, json_get(set, "name"), NAME_BYTES_MAX);
	if (t->collection_name != NULL)
		t->collection_id = tmdb_id(json_get(set, "id"));
	if (t->collection_id == 0)
		t->collection_name = NULL;
}

/* --- the answer ----------------------------------------------------------- */

/* What an episode has from its series and its season. */
static void read_series(const struct reader *r, const struct json *season)
{
	struct tmdb_title *t = r->title;

	const char *name = tmdb_episode_name(r->arena, r->root, r->own);

	t->place = tmdb_episode_place(r->root, r->own);
	if (name != NULL)
		t->original_name = name;
	t->poster_path = tmdb_path(r->arena, json_get(season, "poster_path"));
	if (t->poster_path == NULL)
		t->poster_path =
			tmdb_path(r->arena, json_get(r->root, "poster_path"));
	t->backdrop_path = tmdb_path(r->arena, json_get(r->own, "still_path"));
	if (t->backdrop_path == NULL)
		t->backdrop_path =
			tmdb_path(r->arena, json_get(r->root, "backdrop_path"));
}

static bool title_read(const struct reader *r, struct error *err)
{
	if (!read_identity(r, err))
		return false;
	read_values(r);
	read_lists(r);
	read_studios(r);
	read_languages(r);
	read_other_names(r);
	read_releases(r);
	return true;
}

const struct tmdb_title *tmdb_title_read(struct arena *arena,
                                         enum title_kind kind,
                                         const struct json *root,
                                         struct error *err)
{
	struct reader r = {
		.arena = arena,
		.root = root,
		.own = root,
		.title = arena_alloc(arena, sizeof(*r.title)),
	};

	r.title->kind = kind;
	if (!title_read(&r, err))
		return NULL;
	tmdb_credits_read(arena, root, r.title);
	return r.title;
}

const struct tmdb_title *tmdb_title_parse(struct arena *arena,
                                          enum title_kind kind,
                                          const char *text, size_t len,
                                          struct error *err)
{
	struct arena *scratch = arena_new();
	const struct json *root =
		json_parse(scratch, text, len, &tmdb_json_limits, err);
	const struct tmdb_title *title = NULL;

	if (root == NULL)
		error_prefix(err, "TMDB's details answer");
	else
		title = tmdb_title_read(arena, kind, root, err);
	arena_free(&scratch);
	return title;
}

const struct tmdb_title *tmdb_episode_read(struct arena *arena,
                                           const struct title_ref *ref,
                                           const struct json *root)
{
	struct tmdb_episode_json found;
	struct error ignored;

	if (!tmdb_episode_find(root, ref, &found))
		return NULL;

	struct reader r = {
		.arena = arena,
		.root = root,
		.own = found.episode,
		.title = arena_alloc(arena, sizeof(*r.title)),
	};
	r.title->kind = TITLE_EPISODE;
	if (!title_read(&r, &ignored))
		return NULL;
	read_series(&r, found.season);
	tmdb_credits_read_episode(arena, root, r.own, r.title);
	return r.title;
}

bool tmdb_episode_parse(struct arena *arena, const struct title_ref *ref,
                        struct str text, const struct tmdb_title **title_r,
                        struct error *err)
{
	struct arena *scratch = arena_new();
	const struct json *root = tmdb_series_parse(scratch, text, err);

	*title_r = root != NULL ? tmdb_episode_read(arena, ref, root) : NULL;
	arena_free(&scratch);
	return root != NULL;
}
