/* Search rows and finds; the tree is only needed while it is read. */
#include "enrich-daemon/tmdb/tmdb_search.h"

#include "common/base/attr.h"
#include "common/json/json_read.h"
#include "enrich-daemon/tmdb/tmdb_json.h"

#define NAME_BYTES_MAX 500
#define VOTES_MAX      INT32_MAX

/* Under which keys films and series have the same things. */
static const struct row_keys {
	const char *name;
	const char *original_name;
	const char *date;
} keys_of[] = {
	[TITLE_MOVIE] = { "title", "original_title", "release_date" },
	[TITLE_TV] = { "name", "original_name", "first_air_date" },
};

static bool row_read(struct arena *arena, enum title_kind kind,
                     const struct json *j, struct tmdb_row *row)
{
	const struct row_keys *keys = &keys_of[kind];

	*row = (struct tmdb_row){
		.kind = kind,
		.id = tmdb_id(json_get(j, "id")),
		.name = tmdb_text(arena, json_get(j, keys->name),
		                  NAME_BYTES_MAX),
		.original_name =
			tmdb_text(arena, json_get(j, keys->original_name),
		                  NAME_BYTES_MAX),
		.date = tmdb_date(arena, json_get(j, keys->date)),
		.votes = tmdb_count(json_get(j, "vote_count"), VOTES_MAX),
		.video = json_as_bool(json_get(j, "video"), false),
		.adult = json_as_bool(json_get(j, "adult"), false),
	};
	if (row->name == NULL)
		row->name = row->original_name;
	if (row->original_name == NULL)
		row->original_name = row->name;
	return row->id > 0 && row->name != NULL;
}

static bool page_read(struct arena *arena, enum title_kind kind,
                      const struct json *root, struct tmdb_search *out,
                      struct error *err)
{
	const struct json *results = json_get(root, "results");
	const struct json *item;
	int rank = 0;

	if (results == NULL || results->type != JSON_ARRAY)
		return error_set(err, "TMDB's search answer has no array "
		                      "\"results\"");
	out->page_count = tmdb_count(json_get(root, "total_pages"), INT32_MAX);
	JSON_EACH(item, results) {
		if (out->row_count == TMDB_SEARCH_ROWS_MAX)
			break;
		struct tmdb_row *row = &out->rows[out->row_count];
		if (row_read(arena, kind, item, row)) {
			row->rank = rank;
			out->row_count++;
		}
		rank++;
	}
	return true;
}

bool tmdb_search_parse(struct arena *arena, enum title_kind kind,
                       const char *text, size_t len, struct tmdb_search *out,
                       struct error *err)
{
	struct arena *scratch = arena_new();
	const struct json *root =
		json_parse(scratch, text, len, &tmdb_json_limits, err);
	bool ok = false;

	*out = (struct tmdb_search){ 0 };
	if (root == NULL)
		error_prefix(err, "TMDB's search answer");
	else
		ok = page_read(arena, kind, root, out, err);
	arena_free(&scratch);
	return ok;
}

/* In which arrays of an answer of /find a title is. */
static const struct find_place {
	const char *array;
	enum title_kind kind;
} find_places[] = {
	{ "movie_results", TITLE_MOVIE },
	{ "tv_results", TITLE_TV },
	{ "tv_episode_results", TITLE_EPISODE },
};

static struct title_ref found_read(const struct find_place *place,
                                   const struct json *found)
{
	struct title_ref ref = {
		.kind = place->kind,
		.id = tmdb_id(json_get(found, "id")),
	};

	if (place->kind != TITLE_EPISODE)
		return ref;
	ref.place = (struct episode_place){
		.series_id = tmdb_id(json_get(found, "show_id")),
		.season = (int)tmdb_count(json_get(found, "season_number"),
		                          INT16_MAX),
		.number = (int)tmdb_count(json_get(found, "episode_number"),
		                          INT16_MAX),
	};
	if (ref.place.series_id == 0)
		ref.id = 0;
	return ref;
}

static bool find_read(const struct json *root, struct title_ref *ref_r,
                      struct error *err)
{
	const struct json *movies = json_get(root, find_places[0].array);

	*ref_r = (struct title_ref){ 0 };
	if (movies == NULL || movies->type != JSON_ARRAY)
		return error_set(err, "it has no array \"%s\"",
		                 find_places[0].array);
	for (size_t i = 0; i < ARRAY_LEN(find_places) && ref_r->id == 0; i++) {
		const struct find_place *place = &find_places[i];
		const struct json *array = json_get(root, place->array);

		*ref_r = found_read(place, json_first(array));
	}
	return true;
}

bool tmdb_find_parse(const char *text, size_t len, struct title_ref *ref_r,
                     struct error *err)
{
	struct arena *scratch = arena_new();
	const struct json *root =
		json_parse(scratch, text, len, &tmdb_json_limits, err);
	const bool ok = root != NULL && find_read(root, ref_r, err);

	arena_free(&scratch);
	return ok || error_prefix(err, "TMDB's answer to a find");
}
