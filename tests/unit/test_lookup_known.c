/* enrich-daemon/match/lookup: titles that are known already, or chosen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/attr.h"
#include "enrich-daemon/match/lookup.h"
#include "tests/unit/lookup_script.h"

static const struct lookup_film known = { .title = "Chernobyl",
	                                  .year = 2019,
	                                  .known_kind = TITLE_TV,
	                                  .known_id = 87108 };

static void refreshes_a_known_match(void **state)
{
	static const struct exchange script[] = {
		{ "/3/tv/87108" TV_END LANGUAGE, 200,
		  "{\"id\":87108,\"name\":\"Chernobyl\",\"first_air_date\":"
		  "\"2019-05-06\",\"vote_count\":6000}" },
		{ 0 },
	};
	struct lookup *l = lookup_new(*state, &known);
	enum title_kind kind;
	int64_t id;

	assert_non_null(lookup_wants(l, &kind, &id));
	assert_int_equal(kind, TITLE_TV);
	assert_int_equal(id, 87108);
	assert_matched(play(l, script), TITLE_TV, 87108, "known", "high");
}

static void shares_a_stored_match(void **state)
{
	struct lookup *l = lookup_new(*state, &known);

	lookup_stored(l);
	assert_matched(lookup_verdict(l), TITLE_TV, 87108, "known", "high");
	assert_int_equal(lookup_verdict(l)->calls, 0);
}

/* Each of these is not, or no longer, the film: back to the search. */
static void doubts_a_known_match(void **state)
{
	static const struct {
		int status;
		const char *body;
	} rows[] = {
		{ 404, GONE },
		{ 200, "{\"id\":87108,\"name\":\"Something Else\","
		       "\"first_air_date\":\"2019-05-06\"}" },
		{ 200, "{\"id\":87108,\"name\":\"Chernobyl\","
		       "\"first_air_date\":\"1991-01-01\"}" },
		{ 200, "{\"id\":87108,\"name\":\"Chernobyl\","
		       "\"first_air_date\":\"2018-05-06\"}" },
		{ 200, "{\"id\":87108,\"name\":\"Chernobyl\"}" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct exchange script[] = {
			{ "/3/tv/87108" TV_END LANGUAGE, rows[i].status,
			  rows[i].body },
			{ "/3/search/movie?query=Chernobyl&year=2019" END, 200,
			  "{\"results\":[{\"id\":7,\"title\":\"Chernobyl\","
			  "\"release_date\":\"2019-01-01\","
			  "\"vote_count\":50}]}" },
			{ "/3/movie/7" FILM_END LANGUAGE, 200,
			  "{\"id\":7,\"title\":\"Chernobyl\"}" },
			{ NULL, 0, NULL },
		};

		assert_matched(play(lookup_new(*state, &known), script),
		               TITLE_MOVIE, 7, "search_year", "high");
	}
}

static void knows_by_any_release(void **state)
{
	static const struct lookup_film film = { .title = "Sound of Metal",
		                                 .year = 2019,
		                                 .known_id = 502033 };
	static const struct exchange script[] = {
		{ "/3/movie/502033" FILM_END LANGUAGE, 200,
		  "{\"id\":502033,\"title\":\"Sound of Metal\",\"release_date\""
		  ":\"2020-11-20\",\"vote_count\":3000,\"release_dates\":"
		  "{\"results\":[{\"release_dates\":[{\"release_date\":"
		  "\"2019-09-06T00:00:00.000Z\"}]}]}}" },
		{ 0 },
	};

	assert_matched(play(lookup_new(*state, &film), script), TITLE_MOVIE,
	               502033, "known", "high");
}

static void believes_a_locked_match(void **state)
{
	static const struct exchange other[] = {
		{ "/3/tv/87108" TV_END LANGUAGE, 200,
		  "{\"id\":87108,\"name\":\"Something Else\"}" },
		{ 0 },
	};
	static const struct exchange gone[] = {
		{ "/3/tv/87108" TV_END LANGUAGE, 404, GONE },
		{ PROOF, 200, "{}" },
		{ 0 },
	};
	struct lookup_film film = known;

	film.known_locked = true;
	assert_matched(play(lookup_new(*state, &film), other), TITLE_TV, 87108,
	               "known", "high");
	assert_none(play(lookup_new(*state, &film), gone), LOOKUP_NOT_FOUND);
}

/* It is the film's already: only a title that is gone is looked for anew. */
static void keeps_its_own_match(void **state)
{
	static const struct exchange other[] = {
		{ "/3/tv/87108" TV_END LANGUAGE, 200,
		  "{\"id\":87108,\"name\":\"Something Else\"}" },
		{ 0 },
	};
	static const struct exchange gone[] = {
		{ "/3/tv/87108" TV_END LANGUAGE, 404, GONE },
		{ "/3/search/movie?query=Chernobyl&year=2019" END, 200,
		  "{\"results\":[{\"id\":7,\"title\":\"Chernobyl\","
		  "\"release_date\":\"2019-01-01\",\"vote_count\":50}]}" },
		{ "/3/movie/7" FILM_END LANGUAGE, 200,
		  "{\"id\":7,\"title\":\"Chernobyl\"}" },
		{ 0 },
	};
	struct lookup_film film = known;

	film.known_own = true;
	assert_matched(play(lookup_new(*state, &film), other), TITLE_TV, 87108,
	               "known", "high");
	assert_matched(play(lookup_new(*state, &film), gone), TITLE_MOVIE, 7,
	               "search_year", "high");
}

#define FIND_START "/3/find/tt7366338?external_source=imdb_id" LANGUAGE

static const struct lookup_film by_imdb = { .title = "imdb:tt7366338",
	                                    .imdb_id = "tt7366338" };

/* An id of IMDb is found first, then its title is believed. */
static void finds_by_imdb(void **state)
{
	static const struct exchange series[] = {
		{ FIND_START, 200,
		  "{\"movie_results\":[],\"tv_results\":[{\"id\":87108}]}" },
		{ "/3/tv/87108" TV_END LANGUAGE, 200,
		  "{\"id\":87108,\"name\":\"Chernobyl\"}" },
		{ 0 },
	};
	static const struct exchange film[] = {
		{ FIND_START, 200, "{\"movie_results\":[{\"id\":550}]}" },
		{ "/3/movie/550" FILM_END LANGUAGE, 200,
		  "{\"id\":550,\"title\":\"Fight Club\"}" },
		{ 0 },
	};

	assert_matched(play(lookup_new(*state, &by_imdb), series), TITLE_TV,
	               87108, "known", "high");
	assert_matched(play(lookup_new(*state, &by_imdb), film), TITLE_MOVIE,
	               550, "known", "high");
}

static void does_not_search_for_a_lost_imdb_id(void **state)
{
	static const struct exchange scripts[][4] = {
		{ { FIND_START, 200, "{\"movie_results\":[]}" }, { 0 } },
		{ { FIND_START, 200, "{\"movie_results\":[{\"id\":550}]}" },
		  { "/3/movie/550" FILM_END LANGUAGE, 404, GONE },
		  { PROOF, 200, "{}" },
		  { 0 } },
	};

	for (size_t i = 0; i < ARRAY_LEN(scripts); i++)
		assert_none(play(lookup_new(*state, &by_imdb), scripts[i]),
		            LOOKUP_NOT_FOUND);
}

/* Details that left doubt are not asked for again when a search leads to them
 * after all. */
static void remembers_what_it_doubted(void **state)
{
	static const struct exchange script[] = {
		{ "/3/movie/502033" FILM_END LANGUAGE, 200,
		  "{\"id\":502033,\"title\":\"Sound of Metal\",\"release_date\""
		  ":\"2020-11-20\",\"vote_count\":3000}" },
		{ "/3/search/movie?query=Sound%20of%20Metal&year=2019" END, 200,
		  "{\"results\":[{\"id\":502033,\"title\":\"Sound of Metal\","
		  "\"release_date\":\"2020-11-20\",\"vote_count\":3000}]}" },
		{ "/3/search/tv?query=Sound%20of%20Metal"
		  "&first_air_date_year=2019" END,
		  200, NOTHING },
		{ 0 },
	};
	static const struct lookup_film film = { .title = "Sound of Metal",
		                                 .year = 2019,
		                                 .known_id = 502033 };
	const struct lookup_verdict *v =
		play(lookup_new(*state, &film), script);

	assert_matched(v, TITLE_MOVIE, 502033, "search_year", "high");
	assert_string_equal(v->raw, script[0].body);
}

static void asks_again_after_a_strange_find(void **state)
{
	struct lookup *l = lookup_new(*state, &by_imdb);
	enum title_kind kind;
	struct error err = { "" };
	int64_t id;

	assert_false(lookup_answer(l, 200, "{}", 2, &err));
	assert_string_equal(err.message,
	                    FIND_START ": TMDB's answer to a find: it has no "
	                               "array \"movie_results\"");
	assert_string_equal(lookup_wants(l, &kind, &id), FIND_START);
	assert_int_equal(id, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(refreshes_a_known_match),
		TEST(shares_a_stored_match),
		TEST(doubts_a_known_match),
		TEST(knows_by_any_release),
		TEST(believes_a_locked_match),
		TEST(keeps_its_own_match),
		TEST(finds_by_imdb),
		TEST(does_not_search_for_a_lost_imdb_id),
		TEST(remembers_what_it_doubted),
		TEST(asks_again_after_a_strange_find),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
