/* Pages of ids; the tree is only needed while it is read. */
#include "enrich-daemon/tmdb/tmdb_changes.h"

#include "common/json/json_read.h"
#include "enrich-daemon/tmdb/tmdb_json.h"

static bool is_array(const struct json *j)
{
	return j != NULL && j->type == JSON_ARRAY;
}

static bool is_count(const struct json *j)
{
	return j != NULL && j->type == JSON_NUMBER && j->is_integer &&
	       j->integer >= 0;
}

static void ids_read(struct arena *arena, const struct json *results,
                     struct tmdb_changes *out)
{
	int64_t *ids = arena_alloc(arena, (results->len + 1) * sizeof(*ids));
	const struct json *item;

	out->ids = ids;
	out->count = 0;
	JSON_EACH(item, results) {
		int64_t id = tmdb_id(json_get(item, "id"));

		if (id > 0)
			ids[out->count++] = id;
	}
}

static bool page_read(struct arena *arena, int page, const struct json *root,
                      struct tmdb_changes *out, struct error *err)
{
	const struct json *results = json_get(root, "results");
	const struct json *pages = json_get(root, "total_pages");

	if (!is_array(results))
		return error_set(err, "it has no array \"results\"");
	if (results->len > TMDB_CHANGES_ROWS_MAX)
		return error_set(err, "it has more than %d rows",
		                 TMDB_CHANGES_ROWS_MAX);
	if (!is_count(pages))
		return error_set(err, "it has no number \"total_pages\"");
	if (json_as_int(json_get(root, "page"), page) != page)
		return error_set(err, "it is not page %d", page);
	out->pages = (int)tmdb_count(pages, TMDB_CHANGES_PAGES_MAX);
	ids_read(arena, results, out);
	return true;
}

bool tmdb_changes_parse(struct arena *arena, int page, const char *text,
                        size_t len, struct tmdb_changes *out, struct error *err)
{
	struct arena *scratch = arena_new();
	const struct json *root =
		json_parse(scratch, text, len, &tmdb_json_limits, err);
	const bool ok = root != NULL && page_read(arena, page, root, out, err);

	arena_free(&scratch);
	return ok || error_prefix(err, "TMDB's list of changes");
}
