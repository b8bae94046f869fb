/* A page of search rows; the tree is only needed while it is read. */
#include "enrich-daemon/tmdb_search.h"

#include "common/json_read.h"
#include "enrich-daemon/tmdb_json.h"

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
