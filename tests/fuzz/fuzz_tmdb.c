/*
 * Fuzzes what TMDB may say: details, search pages and lists of changes as they
 * come, and whole lookups whose answers are raw bytes or are made up from them,
 * so that the ladder's far ends are reached too.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/base/error.h"
#include "common/base/mem.h"
#include "common/base/str.h"
#include "common/json/json_write.h"
#include "enrich-daemon/match/film_name.h"
#include "enrich-daemon/match/lookup.h"
#include "enrich-daemon/tmdb/tmdb_changes.h"
#include "enrich-daemon/tmdb/tmdb_episode.h"
#include "enrich-daemon/tmdb/tmdb_search.h"
#include "enrich-daemon/tmdb/tmdb_title.h"

#define CALLS_MAX 11
#define CAST_MAX  500
#define CREW_MAX  5000
#define BODY_MAX  65536

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
	const uint8_t *at;
	size_t left;
};

static unsigned int take(struct input *in)
{
	if (in->left == 0)
		return 0;
	in->left--;
	return *in->at++;
}

/* Up to the next newline, but no further than a kilobyte. */
static struct str take_line(struct input *in)
{
	const size_t n = in->left < 1024 ? in->left : 1024;
	const uint8_t *end = n > 0 ? memchr(in->at, '\n', n) : NULL;
	const struct str line = { (const char *)in->at,
		                  end != NULL ? (size_t)(end - in->at) : n };
	const size_t used = end != NULL ? line.n + 1 : n;

	in->at += used;
	in->left -= used;
	return line;
}

/* --- parsers -------------------------------------------------------------- */

static void check_strings(const struct tmdb_strings *list)
{
	for (size_t i = 0; i < list->count; i++)
		ensure(list->items[i][0] != '\0' &&
		       str_is_utf8(str_of(list->items[i])));
}

static void check_people(const struct tmdb_person *people, size_t count,
                         size_t max)
{
	ensure(count <= max);
	for (size_t i = 0; i < count; i++) {
		ensure(people[i].id > 0 && people[i].name[0] != '\0');
		ensure(people[i].gender >= 0 && people[i].gender <= 3);
		ensure(people[i].department[0] != '\0');
		ensure(str_is_utf8(str_of(people[i].job)));
	}
}

static void check_title(const struct tmdb_title *t)
{
	ensure(t->id > 0 && t->name[0] != '\0' && t->original_name[0] != '\0');
	ensure(t->released_on == NULL || str_is_date(str_of(t->released_on)));
	ensure(t->runtime >= 0 && t->vote_count >= 0);
	ensure(t->vote_average >= 0 && t->vote_average <= 10);
	ensure((t->collection_id > 0) == (t->collection_name != NULL));
	check_strings(&t->genres);
	check_strings(&t->countries);
	check_strings(&t->languages);
	for (size_t i = 0; i < t->studio_count; i++)
		ensure(t->studios[i].id > 0 && t->studios[i].name[0] != '\0');
	check_strings(&t->keywords);
	check_strings(&t->alternative_names);
	check_strings(&t->release_dates);
	check_people(t->cast, t->cast_count, CAST_MAX);
	check_people(t->crew, t->crew_count, CREW_MAX);
	ensure(t->cast_cut >= 0 && t->crew_cut >= 0);
	ensure(t->unmeasured.count <= TMDB_SEASONS_MAX);
}

static void fuzz_title(enum title_kind kind, const struct input *in)
{
	struct arena *arena = arena_new();
	struct error err;
	const struct tmdb_title *t = tmdb_title_parse(
		arena, kind, (const char *)in->at, in->left, &err);

	if (t != NULL)
		check_title(t);
	arena_free(&arena);
}

static void fuzz_search(enum title_kind kind, const struct input *in)
{
	struct arena *arena = arena_new();
	struct tmdb_search page;
	struct error err;

	if (tmdb_search_parse(arena, kind, (const char *)in->at, in->left,
	                      &page, &err)) {
		ensure(page.row_count <= TMDB_SEARCH_ROWS_MAX);
		for (int i = 0; i < page.row_count; i++)
			ensure(page.rows[i].id > 0 &&
			       page.rows[i].name != NULL &&
			       page.rows[i].original_name != NULL);
	}
	arena_free(&arena);
}

static void fuzz_episodes(const struct input *in)
{
	struct arena *arena = arena_new();
	const struct str text = { (const char *)in->at, in->left };
	struct tmdb_seasons seasons;
	struct tmdb_episodes list = { 0 };
	struct error err;
	const struct json *root = tmdb_series_parse(arena, text, &err);

	if (root != NULL) {
		tmdb_seasons_read(root, 1999, &seasons);
		ensure(seasons.count <= TMDB_SEASONS_MAX);
		tmdb_episodes_read(arena, root, &list);
	}
	ensure(list.count <= TMDB_EPISODES_MAX);
	for (int i = 0; i < list.count; i++) {
		const struct tmdb_row *row = &list.rows[i];
		const struct title_ref ref = { row->kind, row->id, row->place };
		const struct tmdb_title *t;

		ensure(row->name != NULL && row->original_name != NULL);
		ensure(tmdb_episode_parse(arena, &ref, text, &t, &err));
		/* Of two with one id the first may have no name. */
		if (t == NULL)
			continue;
		ensure(t->id == row->id);
		check_title(t);
	}
	arena_free(&arena);
}

static void fuzz_changes(struct input *in)
{
	struct arena *arena = arena_new();
	struct tmdb_changes list;
	struct error err;
	const int page = 1 + (int)(take(in) % 4);

	if (tmdb_changes_parse(arena, page, (const char *)in->at, in->left,
	                       &list, &err)) {
		ensure(list.count <= TMDB_CHANGES_ROWS_MAX);
		ensure(list.pages >= 0 && list.pages <= TMDB_CHANGES_PAGES_MAX);
		for (size_t i = 0; i < list.count; i++)
			ensure(list.ids[i] > 0);
	}
	arena_free(&arena);
}

static void fuzz_names(struct input *in)
{
	struct arena *arena = arena_new();
	const struct str a = take_line(in), b = take_line(in);
	const struct film_name *x =
		film_name_new(arena, arena_strndup(arena, a.p, a.n));
	const struct film_name *y =
		film_name_new(arena, arena_strndup(arena, b.p, b.n));
	const double there = film_name_similarity(x, y);

	ensure(there >= 0 && there <= 1);
	ensure(there == film_name_similarity(y, x));
	ensure(str_is_utf8(str_of(x->text)) && str_is_utf8(str_of(x->loose)));
	arena_free(&arena);
}

/* --- a lookup ------------------------------------------------------------- */

static void key_string(struct json_writer *w, const char *key, const char *s)
{
	json_key(w, key);
	json_string(w, s);
}

static void key_int(struct json_writer *w, const char *key, int64_t value)
{
	json_key(w, key);
	json_int(w, value);
}

/* The film's name, or something made from it. */
static const char *made_name(struct arena *arena, unsigned int how,
                             const char *title)
{
	const char *colon = strchr(title, ':');

	switch (how % 8) {
	case 7:
		return colon != NULL ? arena_strndup(arena, title,
		                                     (size_t)(colon - title))
		                     : title;
	case 0:
		return arena_printf(arena, "The %s", title);
	case 1:
		return arena_printf(arena, "%s: More of It", title);
	case 2:
		return arena_printf(arena, "More of Them: %s", title);
	case 3:
		return "Something Else";
	default:
		return title;
	}
}

static void write_episode(struct arena *arena, struct json_writer *w,
                          struct input *in, const char *title)
{
	const char *colon = strchr(title, ':');
	const char *name =
		made_name(arena, take(in), colon != NULL ? colon + 1 : title);

	json_object_begin(w);
	key_int(w, "id", 1 + take(in) % 8);
	key_int(w, "season_number", 3);
	key_int(w, "episode_number", take(in) % 8);
	key_string(w, "name", name);
	key_string(w, "air_date",
	           arena_printf(arena, "%d-01-01", 1996 + take(in) % 8));
	key_int(w, "vote_count", take(in));
	key_int(w, "runtime", take(in));
	json_object_end(w);
}

static void write_seasons(struct arena *arena, struct json_writer *w,
                          struct input *in, const char *title)
{
	const unsigned int count = take(in) % 8;

	json_key(w, "seasons");
	json_array_begin(w);
	for (unsigned int i = 0; i < count; i++) {
		json_object_begin(w);
		key_int(w, "season_number", i);
		key_string(w, "air_date",
		           arena_printf(arena, "%u-01-01", 1997 + i));
		key_int(w, "episode_count", take(in) % 8);
		json_object_end(w);
	}
	json_array_end(w);
	json_key(w, "season/3");
	json_object_begin(w);
	json_key(w, "episodes");
	json_array_begin(w);
	for (unsigned int i = 0; i < count; i++)
		write_episode(arena, w, in, title);
	json_array_end(w);
	json_object_end(w);
}

static void write_title(struct arena *arena, struct json_writer *w,
                        struct input *in, int64_t id, const char *title)
{
	const unsigned int how = take(in), when = take(in), votes = take(in);
	const char *name = made_name(arena, how, title);
	const char *date = arena_printf(arena, "%d-01-01", 1996 + when % 8);

	json_object_begin(w);
	key_int(w, "id", id);
	key_string(w, "title", name);
	key_string(w, "name", name);
	key_string(w, "release_date", date);
	key_string(w, "first_air_date", date);
	key_int(w, "vote_count", (int64_t)votes * votes);
	write_seasons(arena, w, in, title);
	json_key(w, "video");
	json_bool(w, (how & 64) != 0);
	json_key(w, "adult");
	json_bool(w, (how & 128) != 0);
	json_key(w, "alternative_titles");
	json_object_begin(w);
	json_key(w, "titles");
	json_array_begin(w);
	json_object_begin(w);
	key_string(w, "title", made_name(arena, when, title));
	json_object_end(w);
	json_array_end(w);
	json_object_end(w);
	json_object_end(w);
}

static void write_page(struct arena *arena, struct json_writer *w,
                       struct input *in, const char *title)
{
	const unsigned int count = take(in) % 24;

	json_object_begin(w);
	key_int(w, "total_pages", (int64_t)take(in));
	json_key(w, "results");
	json_array_begin(w);
	for (unsigned int i = 0; i < count; i++)
		write_title(arena, w, in, (int64_t)take(in), title);
	json_array_end(w);
	json_object_end(w);
}

static void write_find(struct arena *arena, struct json_writer *w,
                       struct input *in, const char *title)
{
	static const char *const arrays[] = { "movie_results", "tv_results",
		                              "tv_episode_results" };

	json_object_begin(w);
	for (size_t i = 0; i < ARRAY_LEN(arrays); i++) {
		json_key(w, arrays[i]);
		json_array_begin(w);
		if (take(in) % 2 == 0)
			write_title(arena, w, in, (int64_t)take(in), title);
		json_array_end(w);
	}
	json_object_end(w);
}

static int64_t asked_id(const char *call)
{
	int64_t id = 0;
	struct str path = str_of(call);

	path.n = strcspn(call, "?");
	while (path.n > 0 && path.p[path.n - 1] != '/')
		path.n--;
	const struct str last = { call + path.n, strcspn(call, "?") - path.n };
	return str_to_int64(last, 1, INT64_MAX, &id) ? id : 0;
}

static bool answer(struct arena *arena, struct lookup *l, struct input *in,
                   const char *call, const char *title)
{
	struct error err;
	struct buf body;
	const unsigned int how = take(in) % 16;

	if (how == 0) {
		const struct str gone = STR_LIT("{\"status_code\":34,"
		                                "\"status_message\":\"\"}");
		return lookup_answer(l, 404, gone.p, gone.n, &err);
	}
	if (how == 1) {
		const struct str raw = take_line(in);
		return lookup_answer(l, 200, raw.p, raw.n, &err);
	}
	buf_init(&body, BODY_MAX);
	struct json_writer *w = json_writer_new(&body);
	if (strstr(call, "/search/") != NULL)
		write_page(arena, w, in, title);
	else if (strstr(call, "/find/") != NULL)
		write_find(arena, w, in, title);
	else
		write_title(arena, w, in, asked_id(call), title);
	json_writer_end(&w);
	const bool ok = !buf_overflowed(&body) &&
	                lookup_answer(l, 200, body.data, body.len, &err);
	buf_deinit(&body);
	return ok;
}

static void check_verdict(const struct lookup_verdict *v, int calls)
{
	ensure(v != NULL && v->calls == calls && calls <= CALLS_MAX);
	ensure((v->state == LOOKUP_MATCHED) == (v->title != NULL));
	ensure((v->state == LOOKUP_MATCHED) == (v->confidence != NULL));
	ensure(v->candidate_count >= 0 &&
	       v->candidate_count <= LOOKUP_CANDIDATES_MAX);
	for (int i = 1; i < v->candidate_count; i++)
		ensure(v->candidates[i - 1].score >= v->candidates[i].score);
}

static void fuzz_lookup(struct input *in)
{
	struct arena *arena = arena_new();
	const struct str line = take_line(in);
	const char *title = arena_strndup(arena, line.p, line.n);
	const unsigned int known = take(in);
	const struct lookup_film film = {
		.title = title,
		.year = known % 5 == 0 ? 0 : 1999,
		.known_kind = (enum title_kind)(known % TITLE_KINDS),
		.known_place = { known % TITLE_KINDS == TITLE_EPISODE, 3, 1 },
		.known_id = known > 200 ? (int64_t)known : 0,
		.known_locked = known > 240,
		.imdb_id = known % 16 == 5 ? "tt0137523" : NULL,
		.indexed_id = known % 4 == 3 ? (int64_t)take(in) : 0,
	};
	struct lookup *l = lookup_new(arena, &film);
	enum title_kind kind;
	const char *call;
	int64_t id;
	int calls = 0;

	while ((call = lookup_wants(l, &kind, &id)) != NULL) {
		ensure(lookup_verdict(l) == NULL && calls < CALLS_MAX);
		if (id > 0 && take(in) % 8 == 7) {
			lookup_stored(l);
			continue;
		}
		if (!answer(arena, l, in, call, title))
			break;
		calls++;
	}
	if (call == NULL)
		check_verdict(lookup_verdict(l), calls);
	arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };

	switch (take(&in) % 10) {
	case 0:
		fuzz_title(TITLE_MOVIE, &in);
		break;
	case 1:
		fuzz_title(TITLE_TV, &in);
		break;
	case 2:
		fuzz_search(TITLE_MOVIE, &in);
		break;
	case 3:
		fuzz_search(TITLE_TV, &in);
		break;
	case 4:
		fuzz_names(&in);
		break;
	case 5:
		fuzz_episodes(&in);
		break;
	case 6:
		fuzz_changes(&in);
		break;
	default:
		fuzz_lookup(&in);
		break;
	}
	return 0;
}
