/* enrich-daemon/match/lookup: what is named like an episode, and what like a
 * film. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/arena.h"
#include "common/base/attr.h"
#include "enrich-daemon/match/lookup.h"
#include "tests/unit/lookup_script.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(prefers_the_episode_to_a_subtitle),
		TEST(takes_no_film_for_an_episode),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
