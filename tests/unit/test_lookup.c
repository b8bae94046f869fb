/* enrich-daemon/match/lookup: from the name to the details. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/arena.h"
#include "common/base/attr.h"
#include "common/base/buf.h"
#include "common/base/str.h"
#include "enrich-daemon/match/lookup.h"
#include "tests/unit/lookup_script.h"

/* --- films ---------------------------------------------------------------- */

static const char house_page[] =
	"{\"results\":[{\"id\":27328,\"title\":\"The Fun House\","
	"\"release_date\":\"1977-05-01\",\"vote_count\":25},"
	"{\"id\":25623,\"title\":\"House\",\"original_title\":"
	"\"\u30CF\u30A6\u30B9\",\"release_date\":\"1977-08-26\","
	"\"vote_count\":259}],\"total_pages\":2}";
static const char house_details[] =
	"{\"id\":25623,\"title\":\"House\",\"release_date\":\"1977-08-26\"}";

static void finds_a_film_in_two_calls(void **state)
{
	static const struct exchange script[] = {
		{ "/3/search/movie?query=House&year=1977" END, 200,
		  house_page },
		{ "/3/movie/25623" FILM_END LANGUAGE, 200, house_details },
		{ 0 },
	};
	const struct lookup_verdict *v =
		play_film(*state, "House", 1977, script);

	assert_matched(v, TITLE_MOVIE, 25623, "search_year", "high");
	assert_true(v->score > 0.9 && v->score <= 1);
	assert_int_equal(v->raw_len, strlen(house_details));
	assert_memory_equal(v->raw, house_details, v->raw_len);
	assert_int_equal(v->candidate_count, 2);
	assert_int_equal(v->candidates[0].id, 25623);
	assert_string_equal(v->candidates[0].name, "House");
	assert_string_equal(v->candidates[0].date, "1977-08-26");
	assert_int_equal(v->candidates[0].votes, 259);
	assert_int_equal(v->candidates[1].id, 27328);
}

static void encodes_once(void **state)
{
	static const struct {
		const char *title, *call;
	} rows[] = {
		{ "Am\u00E9lie",
		  "/3/search/movie?query=Am%C3%A9lie&year=2001" END },
		/* Decomposed: TMDB only knows the composed form. */
		{ "Ame\u0301lie",
		  "/3/search/movie?query=Am%C3%A9lie&year=2001" END },
		{ "a&b+c;d/e#f?g=h",
		  "/3/search/movie?query=a%26b%2Bc%3Bd%2Fe%23f%3Fg%3Dh"
		  "&year=2001" END },
		{ "50%25 off",
		  "/3/search/movie?query=50%2525%20off&year=2001" END },
		{ "A-b_c.d~e",
		  "/3/search/movie?query=A-b_c.d~e&year=2001" END },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct lookup_film film = { .title = rows[i].title,
			                          .year = 2001 };
		enum title_kind kind;
		int64_t id = -1;

		assert_string_equal(
			lookup_wants(lookup_new(*state, &film), &kind, &id),
			rows[i].call);
		assert_int_equal(id, 0);
	}
}

static void finds_a_festival_film(void **state)
{
	/* A year beside it is believed when there is no series of it. */
	static const struct exchange script[] = {
		{ "/3/search/movie?query=Sound%20of%20Metal&year=2019" END, 200,
		  "{\"results\":[{\"id\":502033,\"title\":\"Sound of Metal\","
		  "\"release_date\":\"2020-11-20\",\"vote_count\":3000}]}" },
		{ "/3/search/tv?query=Sound%20of%20Metal"
		  "&first_air_date_year=2019" END,
		  200, NOTHING },
		{ "/3/movie/502033" FILM_END LANGUAGE, 200,
		  "{\"id\":502033,\"title\":\"Sound of Metal\"}" },
		{ 0 },
	};

	assert_matched(play_film(*state, "Sound of Metal", 2019, script),
	               TITLE_MOVIE, 502033, "search_year", "high");
}

static void finds_a_film_of_the_wrong_year(void **state)
{
	static const struct exchange script[] = {
		{ "/3/search/movie?query=Spring%20Breakers&year=2012" END, 200,
		  NOTHING },
		{ "/3/search/movie?query=Spring%20Breakers" END, 200,
		  "{\"results\":[{\"id\":122906,\"title\":\"Spring Breakers\","
		  "\"release_date\":\"2013-01-18\",\"vote_count\":3000}]}" },
		{ "/3/search/tv?query=Spring%20Breakers"
		  "&first_air_date_year=2012" END,
		  200, NOTHING },
		{ "/3/movie/122906" FILM_END LANGUAGE, 200,
		  "{\"id\":122906,\"title\":\"Spring Breakers\"}" },
		{ 0 },
	};

	assert_matched(play_film(*state, "Spring Breakers", 2012, script),
	               TITLE_MOVIE, 122906, "search", "medium");
}

static void turns_the_page_for_short_names(void **state)
{
	static const struct exchange script[] = {
		{ "/3/search/movie?query=If&year=1968" END, 200,
		  "{\"results\":[{\"id\":1,\"title\":\"If Only\","
		  "\"release_date\":\"1968-01-01\"}],\"total_pages\":3}" },
		{ "/3/search/movie?query=If&year=1968" END "&page=2", 200,
		  "{\"results\":[{\"id\":14794,\"title\":\"if....\","
		  "\"release_date\":\"1968-12-19\",\"vote_count\":400}],"
		  "\"total_pages\":3}" },
		{ "/3/movie/14794" FILM_END LANGUAGE, 200,
		  "{\"id\":14794,\"title\":\"if....\"}" },
		{ 0 },
	};

	assert_matched(play_film(*state, "If", 1968, script), TITLE_MOVIE,
	               14794, "search_year", "high");
}

static void leaves_namesakes_alone(void **state)
{
	static const struct exchange script[] = {
		{ "/3/search/movie?query=Leo&year=2023" END, 200,
		  "{\"results\":[{\"id\":1075794,\"title\":\"Leo\","
		  "\"release_date\":\"2023-11-17\",\"vote_count\":900},"
		  "{\"id\":949229,\"title\":\"Leo\",\"release_date\":"
		  "\"2023-10-19\",\"vote_count\":300}]}" },
		{ 0 },
	};
	const struct lookup_verdict *v = play_film(*state, "Leo", 2023, script);

	assert_none(v, LOOKUP_AMBIGUOUS);
	assert_int_equal(v->candidate_count, 2);
	assert_int_equal(v->candidates[0].id, 1075794);
	assert_int_equal(v->candidates[1].id, 949229);
}

static void asks_for_a_hardly_known_namesake(void **state)
{
	/* A film of that name and year, but the series is meant. */
	static const struct exchange script[] = {
		{ "/3/search/movie?query=Chernobyl&year=2019" END, 200,
		  "{\"results\":[{\"id\":77,\"title\":\"Chernobyl\","
		  "\"release_date\":\"2019-03-01\",\"vote_count\":1}]}" },
		{ "/3/search/movie?query=Chernobyl" END, 200, NOTHING },
		{ "/3/search/tv?query=Chernobyl&first_air_date_year=2019" END,
		  200,
		  "{\"results\":[{\"id\":87108,\"name\":\"Chernobyl\","
		  "\"first_air_date\":\"2019-05-06\",\"vote_count\":6000}]}" },
		{ "/3/tv/87108" TV_END LANGUAGE, 200,
		  "{\"id\":87108,\"name\":\"Chernobyl\"}" },
		{ 0 },
	};

	assert_matched(play_film(*state, "Chernobyl", 2019, script), TITLE_TV,
	               87108, "tv", "high");
}

/* --- namesakes nobody knows ----------------------------------------------- */

#define OBSCURE                                                                \
	"{\"id\":77,\"title\":\"Revenge\",\"release_date\":\"2017-05-01\","    \
	"\"vote_count\":4}"
#define FAMOUS                                                                 \
	"{\"id\":467938,\"title\":\"Revenge\",\"release_date\":"               \
	"\"2018-02-07\",\"vote_count\":1800}"
#define FAMOUS_DETAILS(dates)                                                  \
	"{\"id\":467938,\"title\":\"Revenge\",\"release_date\":"               \
	"\"2018-02-07\",\"vote_count\":1800,\"release_dates\":{\"results\":[{" \
	"\"release_dates\":[" dates "]}]}}"
#define RELEASE(date) "{\"release_date\":\"" date "T00:00:00.000Z\"}"

static void reads_when_a_known_namesake_was_released(void **state)
{
	/* The look is the details call: no call more than without it. */
	static const struct exchange script[] = {
		{ "/3/search/movie?query=Revenge&year=2017" END, 200,
		  "{\"results\":[" FAMOUS "," OBSCURE "]}" },
		{ "/3/movie/467938" FILM_END NAMES_END LANGUAGE, 200,
		  FAMOUS_DETAILS(
			  RELEASE("2018-02-07") "," RELEASE("2017-09-11")) },
		{ 0 },
	};

	assert_matched(play_film(*state, "Revenge", 2017, script), TITLE_MOVIE,
	               467938, "search_year", "high");
}

static void leaves_open_what_the_releases_do_not_say(void **state)
{
	/* Shown in that year, but first in the year before. */
	static const struct exchange script[] = {
		{ "/3/search/movie?query=Revenge&year=2017" END, 200,
		  "{\"results\":[" FAMOUS "," OBSCURE "]}" },
		{ "/3/movie/467938" FILM_END NAMES_END LANGUAGE, 200,
		  FAMOUS_DETAILS(
			  RELEASE("2016-09-11") "," RELEASE("2017-09-11")) },
		IN_VAIN("movie?query=Revenge"),
		IN_VAIN("tv?query=Revenge&first_air_date_year=2017"),
		{ 0 },
	};
	const struct lookup_verdict *v =
		play_film(*state, "Revenge", 2017, script);

	assert_none(v, LOOKUP_AMBIGUOUS);
	assert_int_equal(v->candidate_count, 2);
	assert_int_equal(v->candidates[0].id + v->candidates[1].id,
	                 77 + 467938);
}

static void keeps_the_obscure_one_of_that_year(void **state)
{
	/* The known one was never released in it. */
	static const struct exchange script[] = {
		{ "/3/search/movie?query=Revenge&year=2017" END, 200,
		  "{\"results\":[" OBSCURE "]}" },
		{ "/3/search/movie?query=Revenge" END, 200,
		  "{\"results\":[" FAMOUS "," OBSCURE "]}" },
		{ "/3/movie/467938" FILM_END NAMES_END LANGUAGE, 200,
		  FAMOUS_DETAILS(RELEASE("2018-02-07")) },
		IN_VAIN("tv?query=Revenge&first_air_date_year=2017"),
		{ "/3/movie/77" FILM_END LANGUAGE, 200, OBSCURE },
		{ 0 },
	};

	assert_matched(play_film(*state, "Revenge", 2017, script), TITLE_MOVIE,
	               77, "search_year", "low");
}

static void finds_a_rival_by_its_other_names(void **state)
{
	static const struct exchange script[] = {
		{ "/3/search/movie?query=Pather%20Panchali&year=1955" END, 200,
		  "{\"results\":[{\"id\":5801,\"title\":\"Song of the Little "
		  "Road\",\"release_date\":\"1955-08-26\",\"vote_count\":400},"
		  "{\"id\":7,\"title\":\"Pather Panchali\",\"release_date\":"
		  "\"1955-03-01\",\"vote_count\":3}]}" },
		{ "/3/movie/5801" FILM_END NAMES_END LANGUAGE, 200,
		  "{\"id\":5801,\"title\":\"Song of the Little Road\","
		  "\"alternative_titles\":{\"titles\":[{\"title\":"
		  "\"Pather Panchali\"}]}}" },
		IN_VAIN("movie?query=Pather%20Panchali"),
		IN_VAIN("tv?query=Pather%20Panchali&first_air_date_year=1955"),
		{ 0 },
	};
	const struct lookup_verdict *v =
		play_film(*state, "Pather Panchali", 1955, script);

	assert_none(v, LOOKUP_AMBIGUOUS);
	assert_int_equal(v->candidate_count, 2);
}

static void goes_on_when_the_namesake_is_gone(void **state)
{
	static const struct exchange script[] = {
		{ "/3/search/movie?query=Harbour%20Lights&year=2017" END, 200,
		  "{\"results\":[{\"id\":8,\"title\":\"Harbour Lights\","
		  "\"release_date\":\"2018-02-07\",\"vote_count\":1800},"
		  "{\"id\":7,\"title\":\"Harbour Lights\",\"release_date\":"
		  "\"2017-05-01\",\"vote_count\":4}]}" },
		{ "/3/movie/8" FILM_END NAMES_END LANGUAGE, 404, GONE },
		IN_VAIN("movie?query=Harbour%20Lights"),
		IN_VAIN("tv?query=Harbour%20Lights&first_air_date_year=2017"),
		{ "/3/movie/7" FILM_END LANGUAGE, 200,
		  "{\"id\":7,\"title\":\"Harbour Lights\"}" },
		{ 0 },
	};

	assert_matched(play_film(*state, "Harbour Lights", 2017, script),
	               TITLE_MOVIE, 7, "search_year", "high");
}

/* --- variants and looks --------------------------------------------------- */

static void looks_at_other_names(void **state)
{
	static const struct exchange script[] = {
		{ "/3/search/movie?query=Pather%20Panchali&year=1955" END, 200,
		  "{\"results\":[{\"id\":5801,\"title\":\"Song of the Little "
		  "Road\",\"release_date\":\"1955-08-26\","
		  "\"vote_count\":400}]}" },
		{ "/3/search/movie?query=Pather%20Panchali" END, 200, NOTHING },
		{ "/3/search/tv?query=Pather%20Panchali"
		  "&first_air_date_year=1955" END,
		  200, NOTHING },
		{ "/3/movie/5801" FILM_END NAMES_END LANGUAGE, 200,
		  "{\"id\":5801,\"title\":\"Song of the Little Road\","
		  "\"alternative_titles\":{\"titles\":[{\"title\":"
		  "\"Pather Panchali\"}]}}" },
		{ 0 },
	};
	const struct lookup_verdict *v =
		play_film(*state, "Pather Panchali", 1955, script);

	/* The look was the details call. */
	assert_matched(v, TITLE_MOVIE, 5801, "search_year", "medium");
	assert_int_equal(v->raw_len, strlen(script[3].body));
}

static void looks_at_most_twice(void **state)
{
	static const char nothing_new[] = "{\"id\":2,\"title\":\"Nymphaea\"}";
	static const struct exchange script[] = {
		{ "/3/search/movie?query=Water%20Lily&year=1990" END, 200,
		  "{\"results\":[{\"id\":1,\"title\":\"Rose\",\"release_date\":"
		  "\"1990-01-01\"},{\"id\":2,\"title\":\"Nymphaea\","
		  "\"release_date\":\"1990-01-01\"},{\"id\":3,\"title\":"
		  "\"Orchid\",\"release_date\":\"1990-01-01\"}]}" },
		{ "/3/search/movie?query=Water%20Lily" END, 200, NOTHING },
		{ "/3/search/tv?query=Water%20Lily"
		  "&first_air_date_year=1990" END,
		  200, NOTHING },
		{ "/3/movie/1" FILM_END NAMES_END LANGUAGE, 404, GONE },
		{ "/3/movie/2" FILM_END NAMES_END LANGUAGE, 200, nothing_new },
		{ 0 },
	};

	assert_none(play_film(*state, "Water Lily", 1990, script),
	            LOOKUP_NOT_FOUND);
}

static void asks_in_other_words(void **state)
{
	static const struct exchange script[] = {
		UNKNOWN("Dick%20%26%20Jane%2C%20Again", "1979"),
		{ "/3/search/movie?query=Dick%20and%20Jane%20Again"
		  "&year=1979" END,
		  200,
		  "{\"results\":[{\"id\":9,\"title\":\"Dick and Jane Again\","
		  "\"release_date\":\"1979-01-01\",\"vote_count\":20}]}" },
		{ "/3/movie/9" FILM_END LANGUAGE, 200,
		  "{\"id\":9,\"title\":\"Dick and Jane Again\"}" },
		{ 0 },
	};

	assert_matched(play_film(*state, "Dick & Jane, Again", 1979, script),
	               TITLE_MOVIE, 9, "variant", "high");
}

static void asks_without_the_subtitle(void **state)
{
	static const struct exchange script[] = {
		UNKNOWN("Birdman%20or%20%28Ignorance%29", "2014"),
		{ "/3/search/movie?query=Birdman%20or%20Ignorance&year=2014" END,
		  200, NOTHING },
		{ "/3/search/movie?query=Birdman&year=2014" END, 200,
		  "{\"results\":[{\"id\":194662,\"title\":\"Birdman\","
		  "\"release_date\":\"2014-10-17\",\"vote_count\":12000}]}" },
		{ "/3/movie/194662" FILM_END LANGUAGE, 200,
		  "{\"id\":194662,\"title\":\"Birdman\"}" },
		{ 0 },
	};

	assert_matched(
		play_film(*state, "Birdman or (Ignorance)", 2014, script),
		TITLE_MOVIE, 194662, "variant", "medium");
}

static bool details_id(const char *call, int64_t *id_r)
{
	static const char path[] = "/3/movie/";
	const struct str id = { call + strlen(path),
		                strcspn(call, "?") - strlen(path) };

	return str_starts(str_of(call), path) &&
	       str_to_int64(id, 1, INT64_MAX, id_r);
}

/* Whatever TMDB says, a film costs seven calls at most. */
/* How many calls it takes when nothing that comes is like the film. */
static int calls_in_vain(struct arena *arena, const struct lookup_film *film)
{
	static const char page[] =
		"{\"results\":[{\"id\":%d,\"title\":\"Zz %d\","
		"\"release_date\":\"1990-01-01\"}],\"total_pages\":9}";
	struct lookup *l = lookup_new(arena, film);
	enum title_kind kind;
	const char *call;
	int64_t id, wanted = 0;
	int calls = 0;

	while ((call = lookup_wants(l, &kind, &id)) != NULL) {
		char body[200];
		struct error err;
		int n = ++calls;

		if (details_id(call, &wanted))
			n = (int)wanted;
		(void)snprintf(body, sizeof(body),
		               strstr(call, "search") != NULL
		                       ? page
		                       : "{\"id\":%d,\"title\":\"Zz %d\"}",
		               n, n);
		assert_true(lookup_answer(l, 200, body, strlen(body), &err));
	}
	assert_none(lookup_verdict(l), LOOKUP_NOT_FOUND);
	return calls;
}

static void ends_after_seven_calls(void **state)
{
	static const char *const titles[] = { "A: B, C", "If: \u00E9",
		                              "Water: Lily & Co" };

	for (size_t i = 0; i < ARRAY_LEN(titles); i++) {
		const struct lookup_film film = { .title = titles[i],
			                          .year = 1990 };

		assert_in_range(calls_in_vain(*state, &film), 4, 7);
	}
}

/* The index takes nothing from the search when it was wrong. */
static void the_index_costs_one_call_in_vain(void **state)
{
	struct lookup_film film = { .title = "Water: Lily & Co", .year = 1990 };
	const int calls = calls_in_vain(*state, &film);

	film.indexed_id = 77;
	assert_int_equal(calls_in_vain(*state, &film), calls + 1);
}

/* --- what else may come --------------------------------------------------- */

static void goes_on_when_the_title_is_gone(void **state)
{
	static const struct exchange script[] = {
		{ "/3/search/movie?query=House&year=1977" END, 200,
		  "{\"results\":[{\"id\":1,\"title\":\"House\","
		  "\"release_date\":\"1977-01-01\",\"vote_count\":9000},"
		  "{\"id\":25623,\"title\":\"House\",\"release_date\":"
		  "\"1977-08-26\",\"vote_count\":259}]}" },
		{ "/3/movie/1" FILM_END LANGUAGE, 404, GONE },
		{ "/3/movie/25623" FILM_END LANGUAGE, 200, house_details },
		{ 0 },
	};

	assert_matched(play_film(*state, "House", 1977, script), TITLE_MOVIE,
	               25623, "search_year", "high");
}

static void searches_without_a_year(void **state)
{
	static const struct exchange script[] = {
		{ "/3/search/movie?query=Eraserhead" END, 200,
		  "{\"results\":[{\"id\":985,\"title\":\"Eraserhead\","
		  "\"release_date\":\"1977-03-19\",\"vote_count\":2500}]}" },
		{ "/3/search/tv?query=Eraserhead" END, 200, NOTHING },
		{ "/3/movie/985" FILM_END LANGUAGE, 200,
		  "{\"id\":985,\"title\":\"Eraserhead\"}" },
		{ 0 },
	};

	assert_matched(play_film(*state, "Eraserhead", 0, script), TITLE_MOVIE,
	               985, "search", "medium");
}

static void has_nothing_to_ask_for(void **state)
{
	static const struct exchange script[] = { { 0 } };

	assert_none(play_film(*state, "", 2000, script), LOOKUP_NOT_FOUND);
	assert_none(play_film(*state, " \t", 0, script), LOOKUP_NOT_FOUND);
	assert_none(play_film(*state, "\xFF\xFE", 2000, script),
	            LOOKUP_NOT_FOUND);
}

static void refuses_bad_answers(void **state)
{
	static const struct lookup_film film = { .title = "House",
		                                 .year = 1977 };
	static const struct {
		int status;
		const char *body;
	} rows[] = {
		{ 200, "" },
		{ 200, "<html>" },
		{ 200, "{\"results\":[" },
		{ 200, "{\"success\":false}" },
		{ 500, NOTHING },
		{ 304, "" },
	};
	struct lookup *l = lookup_new(*state, &film);
	enum title_kind kind;
	int64_t id;
	const char *call = lookup_wants(l, &kind, &id);
	struct error err;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_false(lookup_answer(l, rows[i].status, rows[i].body,
		                           strlen(rows[i].body), &err));
		/* The same call is still wanted. */
		assert_string_equal(lookup_wants(l, &kind, &id), call);
	}
	assert_true(
		lookup_answer(l, 200, house_page, strlen(house_page), &err));
	static const char other[] = "{\"id\":1,\"title\":\"House\"}";
	assert_false(lookup_answer(l, 200, other, strlen(other), &err));
	assert_string_equal(
		err.message,
		"TMDB was asked for movie 25623 and answered with 1");
	assert_true(lookup_answer(l, 200, house_details, strlen(house_details),
	                          &err));
	assert_int_equal(lookup_verdict(l)->calls, 2);
	assert_false(lookup_answer(l, 200, house_details, strlen(house_details),
	                           &err));
}

/* --- stored ----------------------------------------------------------------
 */

static void takes_stored_details(void **state)
{
	static const struct lookup_film film = { .title = "House",
		                                 .year = 1977 };
	struct lookup *l = lookup_new(*state, &film);
	enum title_kind kind = TITLE_TV;
	int64_t id;
	struct error err;

	assert_true(
		lookup_answer(l, 200, house_page, strlen(house_page), &err));
	assert_non_null(lookup_wants(l, &kind, &id));
	assert_int_equal(kind, TITLE_MOVIE);
	assert_int_equal(id, 25623);
	lookup_stored(l);
	assert_null(lookup_wants(l, &kind, &id));
	const struct lookup_verdict *v = lookup_verdict(l);
	assert_matched(v, TITLE_MOVIE, 25623, "search_year", "high");
	assert_null(v->raw);
	assert_null(v->title->name);
	assert_int_equal(v->calls, 1);
}

/* --- recorded answers ----------------------------------------------------- */

static bool file_read(const char *path, struct buf *out)
{
	FILE *f = fopen(path, "re");
	char block[4096];
	size_t n;

	if (f == NULL)
		return false;
	while ((n = fread(block, 1, sizeof(block), f)) > 0)
		buf_add(out, block, n);
	(void)fclose(f);
	return !buf_overflowed(out);
}

/* Real answers, where somebody has put them beside the checkout. */
static void picks_from_recorded_searches(void **state)
{
	static const struct {
		const char *file, *title;
		int year;
		const char *wants;
	} rows[] = {
		{ "house_year1977.json", "House", 1977, "/3/movie/25623?" },
		{ "the-matrix-reloaded_year2003.json", "The Matrix Reloaded",
		  2003, "/3/movie/604?" },
		{ "moviebaseapp-search-movie-star-wars-1977.json", "Star Wars",
		  1977, "/3/movie/11?" },
		{ "fight-club_languageen-US.json", "Fight Club", 1999,
		  "/3/movie/550?" },
	};
	struct buf body;

	buf_init(&body, 1 << 20);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct lookup_film film = { .title = rows[i].title,
			                          .year = rows[i].year };
		struct lookup *l = lookup_new(*state, &film);
		enum title_kind kind;
		int64_t id;
		struct error err;

		buf_reset(&body);
		if (!file_read(arena_printf(*state,
		                            "../shared/data/tmdb/recorded/"
		                            "search_movie/%s",
		                            rows[i].file),
		               &body)) {
			/* cmocka's TAP calls a skipped test a failure. */
			print_message("# no recorded searches here\n");
			break;
		}
		assert_true(lookup_answer(l, 200, body.data, body.len, &err));
		const char *call = lookup_wants(l, &kind, &id);
		assert_non_null(call);
		assert_memory_equal(call, rows[i].wants, strlen(rows[i].wants));
	}
	buf_deinit(&body);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(finds_a_film_in_two_calls),
		TEST(encodes_once),
		TEST(finds_a_festival_film),
		TEST(finds_a_film_of_the_wrong_year),
		TEST(turns_the_page_for_short_names),
		TEST(leaves_namesakes_alone),
		TEST(asks_for_a_hardly_known_namesake),
		TEST(reads_when_a_known_namesake_was_released),
		TEST(leaves_open_what_the_releases_do_not_say),
		TEST(keeps_the_obscure_one_of_that_year),
		TEST(finds_a_rival_by_its_other_names),
		TEST(goes_on_when_the_namesake_is_gone),
		TEST(looks_at_other_names),
		TEST(looks_at_most_twice),
		TEST(asks_in_other_words),
		TEST(asks_without_the_subtitle),
		TEST(ends_after_seven_calls),
		TEST(the_index_costs_one_call_in_vain),
		TEST(goes_on_when_the_title_is_gone),
		TEST(searches_without_a_year),
		TEST(has_nothing_to_ask_for),
		TEST(refuses_bad_answers),
		TEST(takes_stored_details),
		TEST(picks_from_recorded_searches),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
