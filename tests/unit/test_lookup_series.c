/* enrich-daemon/lookup: series, and the episodes of anthologies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/attr.h"
#include "enrich-daemon/lookup.h"
#include "tests/unit/lookup_script.h"

/* --- series --------------------------------------------------------------- */

static void finds_a_series(void **state)
{
	static const struct exchange script[] = {
		{ "/3/search/movie?query=Neon%20Genesis%20Evangelion"
		  "&year=1995" END,
		  200, NOTHING },
		{ "/3/search/movie?query=Neon%20Genesis%20Evangelion" END, 200,
		  "{\"results\":[{\"id\":21832,\"title\":\"Neon Genesis "
		  "Evangelion: Death and Rebirth\",\"release_date\":"
		  "\"1997-03-15\",\"vote_count\":300}]}" },
		{ "/3/search/tv?query=Neon%20Genesis%20Evangelion"
		  "&first_air_date_year=1995" END,
		  200,
		  "{\"results\":[{\"id\":890,\"name\":\"Neon Genesis "
		  "Evangelion\",\"first_air_date\":\"1995-10-04\","
		  "\"vote_count\":2000}]}" },
		{ "/3/tv/890" TV_END LANGUAGE, 200,
		  "{\"id\":890,\"name\":\"Neon Genesis Evangelion\"}" },
		{ 0 },
	};

	assert_matched(
		play_film(*state, "Neon Genesis Evangelion", 1995, script),
		TITLE_TV, 890, "tv", "high");
}

static void keeps_the_series_of_an_episode(void **state)
{
	static const struct exchange script[] = {
		{ "/3/search/movie?query=Black%20Mirror%3A%20Nosedive"
		  "&year=2016" END,
		  200, NOTHING },
		{ "/3/search/movie?query=Black%20Mirror%3A%20Nosedive" END, 200,
		  NOTHING },
		{ "/3/search/tv?query=Black%20Mirror%3A%20Nosedive"
		  "&first_air_date_year=2016" END,
		  200, NOTHING },
		{ "/3/search/tv?query=Black%20Mirror" END, 200,
		  "{\"results\":[{\"id\":42009,\"name\":\"Black Mirror\","
		  "\"first_air_date\":\"2011-12-04\",\"vote_count\":5000}]}" },
		/* It says nothing of its seasons. */
		{ "/3/tv/42009" TV_END LANGUAGE, 200,
		  "{\"id\":42009,\"name\":\"Black Mirror\"}" },
		{ "/3/search/movie?query=Black%20Mirror%20Nosedive"
		  "&year=2016" END,
		  200, NOTHING },
		{ "/3/search/movie?query=Black%20Mirror&year=2016" END, 200,
		  NOTHING },
		{ 0 },
	};
	const struct lookup_verdict *v =
		play_film(*state, "Black Mirror: Nosedive", 2016, script);

	assert_none(v, LOOKUP_NOT_FOUND);
	assert_int_equal(v->candidate_count, 1);
	assert_int_equal(v->candidates[0].kind, TITLE_TV);
	assert_int_equal(v->candidates[0].id, 42009);
}

static void takes_the_series_of_that_year(void **state)
{
	static const struct exchange script[] = {
		{ "/3/search/movie?query=Small%20Axe%3A%20Education"
		  "&year=2020" END,
		  200, NOTHING },
		{ "/3/search/movie?query=Small%20Axe%3A%20Education" END, 200,
		  NOTHING },
		{ "/3/search/tv?query=Small%20Axe%3A%20Education"
		  "&first_air_date_year=2020" END,
		  200, NOTHING },
		{ "/3/search/tv?query=Small%20Axe" END, 200,
		  "{\"results\":[{\"id\":90705,\"name\":\"Small Axe\","
		  "\"first_air_date\":\"2020-11-15\",\"vote_count\":100}]}" },
		/* The look at its seasons is the details call. */
		{ "/3/tv/90705" TV_END LANGUAGE, 200,
		  "{\"id\":90705,\"name\":\"Small Axe\"}" },
		{ 0 },
	};

	assert_matched(play_film(*state, "Small Axe: Education", 2020, script),
	               TITLE_TV, 90705, "tv_left", "medium");
}

/* --- episodes ------------------------------------------------------------- */

#define MIRROR                                                                 \
	"{\"results\":[{\"id\":42009,\"name\":\"Black Mirror\","               \
	"\"first_air_date\":\"2011-12-04\",\"vote_count\":5000}]}"
#define MIRROR_START "{\"id\":42009,\"name\":\"Black Mirror\","
#define MIRROR_SEASONS                                                         \
	MIRROR_START                                                           \
	"\"seasons\":[{\"season_number\":0,\"air_date\":\"2014-12-16\"},"      \
	"{\"season_number\":1,\"air_date\":\"2011-12-04\"},"                   \
	"{\"season_number\":2,\"air_date\":\"2013-02-11\"},"                   \
	"{\"season_number\":3,\"air_date\":\"2016-10-21\"},"                   \
	"{\"season_number\":4,\"air_date\":\"2017-12-29\"}]}"
#define EPISODE(id, season, number, name, date)                                \
	"{\"id\":" id ",\"season_number\":" season                             \
	",\"episode_number\":" number ",\"name\":\"" name                      \
	"\",\"air_date\":\"" date "\",\"vote_count\":90}"
#define NOSEDIVE EPISODE("1", "3", "1", "Nosedive", "2016-10-21")
#define SEASON(episodes)                                                       \
	MIRROR_START "\"season/3\":{\"episodes\":[" episodes "]}}"
#define SEASON_3                                                               \
	MIRROR_START                                                           \
	"\"season/3\":{\"episodes\":[" NOSEDIVE "]},"                          \
	"\"season/4\":{\"episodes\":[" EPISODE("7", "4", "1", "USS Callister", \
	                                       "2017-12-29") "]}}"

static void finds_an_episode(void **state)
{
	static const struct exchange script[] = {
		{ "/3/search/movie?query=Black%20Mirror%3A%20Nosedive"
		  "&year=2016" END,
		  200, NOTHING },
		{ "/3/search/movie?query=Black%20Mirror%3A%20Nosedive" END, 200,
		  NOTHING },
		{ "/3/search/tv?query=Black%20Mirror%3A%20Nosedive"
		  "&first_air_date_year=2016" END,
		  200, NOTHING },
		{ "/3/search/tv?query=Black%20Mirror" END, 200, MIRROR },
		{ "/3/tv/42009" TV_END LANGUAGE, 200, MIRROR_SEASONS },
		{ "/3/tv/42009" TV_END ",season/3,season/4,season/0" LANGUAGE,
		  200, SEASON_3 },
		{ 0 },
	};
	const struct lookup_verdict *v =
		play_film(*state, "Black Mirror: Nosedive", 2016, script);

	assert_matched(v, TITLE_EPISODE, 1, "episode", "high");
	assert_string_equal(v->title->name, "Nosedive");
	assert_string_equal(v->title->original_name, "Black Mirror: Nosedive");
	assert_int_equal(v->title->place.series_id, 42009);
	assert_int_equal(v->title->place.season, 3);
	assert_int_equal(v->title->place.number, 1);
	assert_int_equal(v->raw_len, strlen(SEASON_3));
	/* Both are shown, and where the episode is. */
	assert_int_equal(v->candidate_count, 2);
	assert_int_equal(v->candidates[0].kind, TITLE_EPISODE);
	assert_int_equal(v->candidates[0].place.season, 3);
	assert_string_equal(v->candidates[0].name, "Black Mirror: Nosedive");
	assert_int_equal(v->candidates[1].kind, TITLE_TV);
}

/* What TMDB knows: one series, and whatever seasons are asked for. */
static const struct lookup_verdict *play_mirror(struct arena *arena,
                                                const struct lookup_film *film,
                                                const char *seasons)
{
	struct lookup *l = lookup_new(arena, film);
	enum title_kind kind;
	const char *call;
	int64_t id;

	while ((call = lookup_wants(l, &kind, &id)) != NULL) {
		const char *body = NOTHING;
		struct error err = { "" };

		if (strstr(call, "/search/tv?query=") != NULL &&
		    strstr(call, "&first_air_date_year") == NULL)
			body = MIRROR;
		else if (strstr(call, ",season/") != NULL)
			body = seasons;
		else if (strncmp(call, "/3/tv/42009?", 12) == 0)
			body = MIRROR_SEASONS;
		if (!lookup_answer(l, 200, body, strlen(body), &err))
			fail_msg("%s: %s", call, err.message);
	}
	return lookup_verdict(l);
}

static void is_as_sure_of_an_episode_as_it_may_be(void **state)
{
	static const struct {
		const char *title;
		int year;
		enum lookup_state state;
		const char *seasons;
		int64_t id;
		const char *confidence;
	} rows[] = {
		{ "Black Mirror: Nosedive", 2016, LOOKUP_MATCHED,
		  SEASON(NOSEDIVE), 1, "high" },
		{ "BLACK MIRROR: NOSE-DIVE!", 2016, LOOKUP_MATCHED,
		  SEASON(NOSEDIVE), 1, "high" },
		/* The year beside it, before or behind. */
		{ "Black Mirror: Nosedive", 2017, LOOKUP_MATCHED,
		  SEASON(NOSEDIVE), 1, "medium" },
		{ "Black Mirror: Nosedive", 2015, LOOKUP_MATCHED,
		  SEASON(NOSEDIVE), 1, "medium" },
		/* The series is not quite called so. */
		{ "The Black Mirror: Nosedive", 2016, LOOKUP_MATCHED,
		  SEASON(NOSEDIVE), 1, "medium" },
		/* A number is no name. */
		{ "Black Mirror: Part Two", 2016, LOOKUP_MATCHED,
		  SEASON(EPISODE("1", "3", "1", "Part II", "2016-10-21")), 1,
		  "medium" },
		{ "Black Mirror: Episode 2", 2016, LOOKUP_MATCHED,
		  SEASON(EPISODE("1", "3", "2", "Episode 2", "2016-10-21")), 1,
		  "medium" },
		/* Another season, two years away. */
		{ "Black Mirror: Nosedive", 2014, LOOKUP_NOT_FOUND,
		  SEASON(NOSEDIVE), 0, NULL },
		/* One of two. */
		{ "Black Mirror: Nosedive", 2016, LOOKUP_AMBIGUOUS,
		  SEASON(NOSEDIVE
		         "," EPISODE("2", "3", "2", "Nosedive", "2016-11-21")),
		  0, NULL },
		{ "Black Mirror: Nosedive", 2016, LOOKUP_MATCHED,
		  SEASON(NOSEDIVE
		         "," EPISODE("2", "4", "2", "Nosedive", "2017-11-21")),
		  1, "high" },
		/* A part, or only alike. */
		{ "Black Mirror: Nosedive", 2016, LOOKUP_NOT_FOUND,
		  SEASON(EPISODE("1", "3", "1", "Nosedive (1)", "2016-10-21")),
		  0, NULL },
		{ "Black Mirror: Nosedive", 2016, LOOKUP_NOT_FOUND,
		  SEASON(EPISODE("1", "3", "1", "Nosedives", "2016-10-21")), 0,
		  NULL },
		{ "Black Mirror: Nosedive", 2016, LOOKUP_NOT_FOUND,
		  SEASON(EPISODE("1", "3", "1", "Black Mirror", "2016-10-21")),
		  0, NULL },
		{ "Black Mirror: Nosedive", 2016, LOOKUP_NOT_FOUND, SEASON(""),
		  0, NULL },
		/* The series of that year, when it does not list the episode.
		 */
		{ "Black Mirror: Nosedive", 2011, LOOKUP_MATCHED, SEASON(""),
		  42009, "medium" },
		/* Without a year nothing says which season. */
		{ "Black Mirror: Nosedive", 0, LOOKUP_NOT_FOUND,
		  SEASON(NOSEDIVE), 0, NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct lookup_film film = { .title = rows[i].title,
			                          .year = rows[i].year };
		const struct lookup_verdict *v =
			play_mirror(*state, &film, rows[i].seasons);

		if (v->state != rows[i].state)
			fail_msg("row %zu: state %d", i, v->state);
		assert_in_range(v->calls, 4, 9);
		if (rows[i].state != LOOKUP_MATCHED)
			continue;
		assert_int_equal(v->title->id, rows[i].id);
		assert_string_equal(v->confidence, rows[i].confidence);
	}
}

/* The one that began last before the film, then the one before it. */
static void looks_at_series_of_one_name(void **state)
{
	static const struct exchange script[] = {
		{ "/3/search/movie?query=Night%3A%20The%20Door&year=1985" END,
		  200, NOTHING },
		{ "/3/search/movie?query=Night%3A%20The%20Door" END, 200,
		  NOTHING },
		{ "/3/search/tv?query=Night%3A%20The%20Door"
		  "&first_air_date_year=1985" END,
		  200, NOTHING },
		{ "/3/search/tv?query=Night" END, 200,
		  "{\"results\":["
		  "{\"id\":1,\"name\":\"Night\",\"first_air_date\":"
		  "\"2019-01-01\",\"vote_count\":9000},"
		  "{\"id\":2,\"name\":\"Night\",\"first_air_date\":"
		  "\"1983-01-01\",\"vote_count\":2000},"
		  "{\"id\":3,\"name\":\"Night\",\"first_air_date\":"
		  "\"1984-01-01\",\"vote_count\":1},"
		  "{\"id\":4,\"name\":\"Nights\",\"first_air_date\":"
		  "\"1985-01-01\",\"vote_count\":1}]}" },
		{ "/3/tv/3" TV_END LANGUAGE, 404, NULL },
		{ "/3/tv/2" TV_END LANGUAGE, 200,
		  "{\"id\":2,\"name\":\"Night\",\"seasons\":"
		  "[{\"season_number\":1,\"air_date\":\"1983-01-01\"},"
		  "{\"season_number\":2,\"air_date\":\"1984-09-01\"}]}" },
		{ "/3/tv/2" TV_END ",season/2" LANGUAGE, 200,
		  "{\"id\":2,\"name\":\"Night\",\"season/2\":{\"episodes\":[" EPISODE(
			  "77", "2", "9", "The Door", "1985-02-01") "]}}" },
		{ 0 },
	};

	assert_matched(play_film(*state, "Night: The Door", 1985, script),
	               TITLE_EPISODE, 77, "episode", "high");
}

/* The film "Night" with a subtitle is less than the episode of that name. */
static void prefers_the_episode_to_a_subtitle(void **state)
{
	static const struct exchange script[] = {
		{ "/3/search/movie?query=Night%3A%20The%20Door&year=1985" END,
		  200,
		  "{\"results\":[{\"id\":5,\"title\":\"Night\","
		  "\"release_date\":\"1985-03-01\",\"vote_count\":500}]}" },
		{ "/3/search/movie?query=Night%3A%20The%20Door" END, 200,
		  NOTHING },
		{ "/3/search/tv?query=Night%3A%20The%20Door"
		  "&first_air_date_year=1985" END,
		  200, NOTHING },
		{ "/3/search/tv?query=Night" END, 200,
		  "{\"results\":[{\"id\":2,\"name\":\"Night\","
		  "\"first_air_date\":\"1985-01-01\",\"vote_count\":20}]}" },
		{ "/3/tv/2" TV_END LANGUAGE, 200,
		  "{\"id\":2,\"name\":\"Night\",\"seasons\":"
		  "[{\"season_number\":1,\"air_date\":\"1985-01-01\"}]}" },
		{ "/3/tv/2" TV_END ",season/1" LANGUAGE, 200,
		  "{\"id\":2,\"name\":\"Night\",\"season/1\":{\"episodes\":[" EPISODE(
			  "77", "1", "4", "The Door", "1985-02-01") "]}}" },
		{ 0 },
	};

	assert_matched(play_film(*state, "Night: The Door", 1985, script),
	               TITLE_EPISODE, 77, "episode", "high");
}

/* TMDB has both: the film, and a series of that year whose episode has all of
 * the film's name. */
static const struct lookup_verdict *
play_both(struct arena *arena, const char *title, int year, const char *films)
{
	const struct lookup_film film = { .title = title, .year = year };
	struct lookup *l = lookup_new(arena, &film);
	const char *colon = strchr(title, ':');
	const char *series = arena_printf(arena, "\"id\":2,\"name\":\"%.*s\"",
	                                  (int)(colon - title), title);
	const char *found = arena_printf(
		arena,
		"{\"results\":[{%s,\"first_air_date\":\"%d-01-01\","
		"\"vote_count\":9000}]}",
		series, year);
	const char *seasons = arena_printf(
		arena,
		"{%s,\"seasons\":[{\"season_number\":3,\"air_date\":"
		"\"%d-01-01\"}],\"season/3\":{\"episodes\":[{\"id\":1,"
		"\"season_number\":3,\"episode_number\":1,\"name\":\"%s\","
		"\"air_date\":\"%d-02-01\",\"vote_count\":900}]}}",
		series, year, colon + 2, year);
	enum title_kind kind;
	const char *call;
	int64_t id;

	while ((call = lookup_wants(l, &kind, &id)) != NULL) {
		const char *body = films;
		struct error err = { "" };

		if (strstr(call, "/search/tv?") != NULL)
			body = strstr(call, "%3A") == NULL ? found : NOTHING;
		else if (strncmp(call, "/3/tv/", 6) == 0)
			body = seasons;
		else if (strncmp(call, "/3/movie/", 9) == 0)
			body = "{\"id\":9,\"title\":\"x\"}";
		if (!lookup_answer(l, 200, body, strlen(body), &err))
			fail_msg("%s: %s", call, err.message);
	}
	return lookup_verdict(l);
}

#define FILM(id, name, date, votes)                                            \
	"{\"id\":" id ",\"title\":\"" name "\",\"release_date\":\"" date       \
	"\",\"vote_count\":" votes "}"
#define FILMS(films) "{\"results\":[" films "]}"

static void takes_no_film_for_an_episode(void **state)
{
	static const struct {
		const char *title;
		int year;
		const char *films;
		const char *confidence; /* NULL: several fit */
	} rows[] = {
		{ "Alien: Romulus", 2024,
		  FILMS(FILM("9", "Alien: Romulus", "2024-08-13", "4000")),
		  "high" },
		{ "Mission: Impossible", 1996,
		  FILMS(FILM("9", "Mission: Impossible", "1996-05-22", "9000")),
		  "high" },
		/* A number for a name, and a head of two letters. */
		{ "It: Chapter Two", 2019,
		  FILMS(FILM("9", "It Chapter Two", "2019-09-04", "9000")),
		  "high" },
		/* Hardly known, and still hardly known with a short name. */
		{ "Alien: Romulus", 2024,
		  FILMS(FILM("9", "Alien: Romulus", "2024-08-13", "3")),
		  "high" },
		{ "Thor: Ruin", 2017,
		  FILMS(FILM("9", "Thor: Ruin", "2017-10-25", "0")), "medium" },
		/* A year late at TMDB; spelled otherwise. */
		{ "Thor: Ragnarok", 2017,
		  FILMS(FILM("9", "Thor: Ragnarok", "2018-10-25", "9000")),
		  "high" },
		{ "Thor: Ragnarok", 2017,
		  FILMS(FILM("9", "Thor - Ragnar\u00f6k", "2017-10-25", "99")),
		  "high" },
		/* Two films of that name: the series is not asked. */
		{ "Alien: Romulus", 2024,
		  FILMS(FILM("9", "Alien: Romulus", "2024-08-13",
		             "40") "," FILM("8", "Alien: Romulus", "2024-01-13",
		                            "30")),
		  NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct lookup_verdict *v = play_both(
			*state, rows[i].title, rows[i].year, rows[i].films);

		if (rows[i].confidence == NULL) {
			assert_none(v, LOOKUP_AMBIGUOUS);
			continue;
		}
		if (v->state != LOOKUP_MATCHED || v->title->id != 9 ||
		    strcmp(v->confidence, rows[i].confidence) != 0)
			fail_msg("row %zu: state %d, confidence %s", i,
			         v->state, v->confidence);
		assert_int_equal(v->title->kind, TITLE_MOVIE);
	}
	/* Without such a film it is the episode. */
	assert_matched(play_both(*state, "Alien: Romulus", 2024, NOTHING),
	               TITLE_EPISODE, 1, "episode", "high");
}

/* --- an episode that is known --------------------------------------------- */

#define NOSEDIVE_CALL "/3/tv/42009" TV_END ",season/3" LANGUAGE

static const struct lookup_film nosedive = {
	.title = "Black Mirror: Nosedive",
	.year = 2016,
	.known_kind = TITLE_EPISODE,
	.known_id = 1,
	.known_place = { 42009, 3, 1 },
};

static void refreshes_an_episode(void **state)
{
	static const struct exchange script[] = {
		{ NOSEDIVE_CALL, 200, SEASON_3 },
		{ 0 },
	};
	struct lookup *l = lookup_new(*state, &nosedive);
	enum title_kind kind;
	int64_t id;

	assert_non_null(lookup_wants(l, &kind, &id));
	assert_int_equal(kind, TITLE_EPISODE);
	assert_int_equal(id, 1);
	assert_matched(play(l, script), TITLE_EPISODE, 1, "known", "high");
}

/* Its series may be there, and the season too. */
static void matches_a_lost_episode_anew(void **state)
{
	static const struct {
		const char *body;
		int status;
		bool lost;
	} rows[] = {
		{ "", 404, true },
		{ MIRROR_START "\"season/3\":{\"episodes\":[]}}", 200, true },
		{ MIRROR_START "\"seasons\":[]}", 200, true },
		/* Another one in its place. */
		{ SEASON(EPISODE("9", "3", "1", "X", "2016-10-21")), 200,
		  true },
		{ SEASON(NOSEDIVE), 200, false },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct lookup_film film = nosedive;
		struct error err = { "" };

		film.known_own = true;
		struct lookup *l = lookup_new(*state, &film);
		assert_true(lookup_answer(l, rows[i].status, rows[i].body,
		                          strlen(rows[i].body), &err));
		assert_int_equal(lookup_lost(l), rows[i].lost);
		assert_int_equal(lookup_verdict(l) == NULL, rows[i].lost);
	}
}

static void refuses_bad_season_answers(void **state)
{
	static const char *const rows[] = { "", "[]", "{}", "<html>",
		                            "{\"success\":false}" };
	struct lookup *l = lookup_new(*state, &nosedive);
	enum title_kind kind;
	int64_t id;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct error err = { "" };

		assert_false(
			lookup_answer(l, 200, rows[i], strlen(rows[i]), &err));
		assert_non_null(strstr(err.message, "tv_episode 1"));
		assert_string_equal(lookup_wants(l, &kind, &id), NOSEDIVE_CALL);
	}
}

/* Chosen by where it is: its id is not known before it has been there. */
static void finds_an_episode_by_its_place(void **state)
{
	static const struct exchange found[] = {
		{ NOSEDIVE_CALL, 200, SEASON_3 },
		{ 0 },
	};
	static const struct exchange lost[] = {
		{ NOSEDIVE_CALL, 200, MIRROR_START "\"seasons\":[]}" },
		{ 0 },
	};
	struct lookup_film film = nosedive;
	enum title_kind kind;
	int64_t id;

	film.title = "tmdb:tv:42009/season/3/episode/1";
	film.year = 0;
	film.known_id = 0;
	film.known_locked = true;
	assert_non_null(lookup_wants(lookup_new(*state, &film), &kind, &id));
	assert_int_equal(id, 0);
	assert_matched(play(lookup_new(*state, &film), found), TITLE_EPISODE, 1,
	               "known", "high");
	assert_none(play(lookup_new(*state, &film), lost), LOOKUP_NOT_FOUND);
}

static void finds_an_episode_by_imdb(void **state)
{
	static const struct exchange script[] = {
		{ "/3/find/tt5497778?external_source=imdb_id" LANGUAGE, 200,
		  "{\"movie_results\":[],\"tv_episode_results\":[{\"id\":1,"
		  "\"show_id\":42009,\"season_number\":3,"
		  "\"episode_number\":1}]}" },
		{ NOSEDIVE_CALL, 200, SEASON_3 },
		{ 0 },
	};
	static const struct lookup_film film = { .title = "imdb:tt5497778",
		                                 .imdb_id = "tt5497778" };

	assert_matched(play(lookup_new(*state, &film), script), TITLE_EPISODE,
	               1, "known", "high");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(finds_a_series),
		TEST(keeps_the_series_of_an_episode),
		TEST(takes_the_series_of_that_year),
		TEST(finds_an_episode),
		TEST(is_as_sure_of_an_episode_as_it_may_be),
		TEST(looks_at_series_of_one_name),
		TEST(prefers_the_episode_to_a_subtitle),
		TEST(takes_no_film_for_an_episode),
		TEST(refreshes_an_episode),
		TEST(matches_a_lost_episode_anew),
		TEST(refuses_bad_season_answers),
		TEST(finds_an_episode_by_its_place),
		TEST(finds_an_episode_by_imdb),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
