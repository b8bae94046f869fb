/* TMDB's own errors, told from those of whoever stands in its place. */
#include "enrich-daemon/tmdb/tmdb_error.h"

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/json/json_read.h"
#include "enrich-daemon/tmdb/tmdb_json.h"

bool tmdb_is_error(const char *text, size_t len)
{
	struct arena *scratch = arena_new();
	struct error err;
	const struct json *root =
		json_parse(scratch, text, len, &tmdb_json_limits, &err);
	const bool is =
		json_as_int(json_get(root, "status_code"), 0) > 0 &&
		json_as_string(json_get(root, "status_message"), NULL) != NULL;

	arena_free(&scratch);
	return is;
}
