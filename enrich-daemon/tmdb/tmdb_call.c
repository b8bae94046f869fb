/* What we ask TMDB, and never more: pictures and videos are not appended. */
#include "enrich-daemon/tmdb/tmdb_call.h"

#include <inttypes.h>
#include <string.h>

#include "common/base/buf.h"

#define CALL_BYTES_MAX 4096

const char tmdb_call_configuration[] = "/3/configuration";

static const char *const year_keys[] = {
	[TITLE_MOVIE] = "year",
	[TITLE_TV] = "first_air_date_year",
};

static const char *const details_parts[] = {
	[TITLE_MOVIE] = "credits,keywords,release_dates",
	[TITLE_TV] = "aggregate_credits,keywords,content_ratings,external_ids",
};

static void add_encoded(struct buf *out, const char *text)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz"
				    "0123456789-._~";

	for (; *text != '\0'; text++) {
		if (strchr(plain, *text) != NULL)
			buf_add_char(out, *text);
		else
			buf_printf(out, "%%%02X", (unsigned char)*text);
	}
}

const char *tmdb_call_search(struct arena *arena, enum title_kind kind,
                             const char *text, int year, int page)
{
	struct buf b;

	buf_init(&b, CALL_BYTES_MAX);
	buf_printf(&b, "/3/search/%s?query=", title_kind_name(kind));
	add_encoded(&b, text);
	if (year > 0)
		buf_printf(&b, "&%s=%d", year_keys[kind], year);
	buf_add_str(&b, "&include_adult=true&language=en-US");
	if (page > 1)
		buf_printf(&b, "&page=%d", page);
	const char *call = arena_strndup(arena, b.data, b.len);
	buf_deinit(&b);
	return call;
}

const char *tmdb_call_find(struct arena *arena, const char *imdb_id)
{
	struct buf b;

	buf_init(&b, CALL_BYTES_MAX);
	buf_add_str(&b, "/3/find/");
	add_encoded(&b, imdb_id);
	buf_add_str(&b, "?external_source=imdb_id&language=en-US");
	const char *call = arena_strndup(arena, b.data, b.len);
	buf_deinit(&b);
	return call;
}

const char *tmdb_call_details(struct arena *arena, const struct title_ref *ref,
                              bool with_names)
{
	if (ref->kind == TITLE_EPISODE)
		return tmdb_call_seasons(
			arena, ref->place.series_id,
			&(struct tmdb_seasons){
				.numbers = { ref->place.season }, .count = 1 });
	return arena_printf(
		arena,
		"/3/%s/%" PRId64 "?append_to_response=%s%s&language=en-US",
		title_kind_name(ref->kind), ref->id, details_parts[ref->kind],
		with_names ? ",alternative_titles,translations" : "");
}

static const char *series_with(struct arena *arena, int64_t series_id,
                               const char *parts,
                               const struct tmdb_seasons *seasons)
{
	struct buf b;

	buf_init(&b, CALL_BYTES_MAX);
	buf_printf(&b, "/3/%s/%" PRId64 "?append_to_response=%s",
	           title_kind_name(TITLE_TV), series_id, parts);
	for (int i = 0; i < seasons->count; i++)
		buf_printf(&b, "%sseason/%d",
		           i > 0 || *parts != '\0' ? "," : "",
		           seasons->numbers[i]);
	buf_add_str(&b, "&language=en-US");
	const char *call = arena_strndup(arena, b.data, b.len);
	buf_deinit(&b);
	return call;
}

const char *tmdb_call_seasons(struct arena *arena, int64_t series_id,
                              const struct tmdb_seasons *seasons)
{
	return series_with(arena, series_id, details_parts[TITLE_TV], seasons);
}

const char *tmdb_call_lengths(struct arena *arena, int64_t series_id,
                              const struct tmdb_seasons *seasons)
{
	return series_with(arena, series_id, "", seasons);
}

const char *tmdb_call_changes(struct arena *arena, enum title_kind kind,
                              const char *from_day, const char *to_day,
                              int page)
{
	return arena_printf(arena,
	                    "/3/%s/changes?start_date=%s&end_date=%s&page=%d",
	                    title_kind_name(kind), from_day, to_day, page);
}
