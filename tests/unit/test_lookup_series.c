/* enrich-daemon/match/lookup: series. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/attr.h"
#include "enrich-daemon/match/lookup.h"
#include "tests/unit/lookup_script.h"

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
		UNKNOWN("Black%20Mirror%3A%20Nosedive", "2016"),
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
		UNKNOWN("Small%20Axe%3A%20Education", "2020"),
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

/* --- how long it is ------------------------------------------------------- */

#define SERIES_PAGE                                                            \
	"{\"results\":[{\"id\":890,\"name\":\"Harbour Lights\","               \
	"\"first_air_date\":\"1995-10-04\",\"vote_count\":2000}]}"
#define SERIES_DETAILS                                                         \
	"{\"id\":890,\"name\":\"Harbour Lights\",\"number_of_episodes\":3,"    \
	"\"episode_run_time\":[90],\"seasons\":[{\"season_number\":0,"         \
	"\"episode_count\":1},{\"season_number\":1,\"episode_count\":2},"      \
	"{\"season_number\":2,\"episode_count\":1}]}"
#define FOUND_AS_SERIES                                                        \
	IN_VAIN("movie?query=Harbour%20Lights&year=1995"),                     \
		IN_VAIN("movie?query=Harbour%20Lights"),                       \
		{ "/3/search/tv?query=Harbour%20Lights"                        \
		  "&first_air_date_year=1995" END,                             \
		  200, SERIES_PAGE },                                          \
	{                                                                      \
		"/3/tv/890" TV_END LANGUAGE, 200, SERIES_DETAILS               \
	}
#define LENGTHS_CALL "/3/tv/890?append_to_response=season/1,season/2" LANGUAGE

static void asks_how_long_its_episodes_are(void **state)
{
	static const struct exchange script[] = {
		FOUND_AS_SERIES,
		{ LENGTHS_CALL, 200,
		  "{\"id\":890,\"number_of_episodes\":3,"
		  "\"season/1\":{\"episodes\":[{\"runtime\":90},"
		  "{\"runtime\":45}]},"
		  "\"season/2\":{\"episodes\":[{\"runtime\":40}]}}" },
		{ 0 },
	};
	const struct lookup_verdict *v =
		play_film(*state, "Harbour Lights", 1995, script);

	assert_matched(v, TITLE_TV, 890, "tv", "high");
	assert_int_equal(v->title->runtime, 175);
	assert_string_equal(v->title->name, "Harbour Lights");
	/* What is kept is the answer with everything else. */
	assert_string_equal(v->raw, SERIES_DETAILS);
}

static void does_without_its_episodes(void **state)
{
	static const struct exchange scripts[][6] = {
		{ FOUND_AS_SERIES, { LENGTHS_CALL, 404, GONE }, { 0 } },
		{ FOUND_AS_SERIES,
		  { LENGTHS_CALL, 200, "{\"id\":890}" },
		  { 0 } },
	};

	for (size_t i = 0; i < ARRAY_LEN(scripts); i++) {
		const struct lookup_verdict *v =
			play_film(*state, "Harbour Lights", 1995, scripts[i]);

		assert_matched(v, TITLE_TV, 890, "tv", "high");
		assert_int_equal(v->title->runtime, 270);
	}
}

/* Up to the call for the episodes: what it adds to is no call of its own. */
static void says_that_a_call_adds_to_the_last(void **state)
{
	static const struct lookup_film film = { .title = "Harbour Lights",
		                                 .known_kind = TITLE_TV,
		                                 .known_id = 890,
		                                 .known_own = true };
	struct lookup *l = lookup_new(*state, &film);
	enum title_kind kind;
	struct error err;
	int64_t id;

	assert_string_equal(lookup_wants(l, &kind, &id),
	                    "/3/tv/890" TV_END LANGUAGE);
	assert_int_equal(id, 890);
	assert_false(lookup_adds(l));
	assert_true(lookup_answer(l, 200, SERIES_DETAILS,
	                          strlen(SERIES_DETAILS), &err));
	assert_string_equal(lookup_wants(l, &kind, &id), LENGTHS_CALL);
	assert_int_equal(id, 0);
	assert_true(lookup_adds(l));
	assert_null(lookup_verdict(l));
	/* The same call is still wanted after an answer that is none. */
	assert_false(lookup_answer(l, 200, "<html>", 6, &err));
	assert_true(lookup_adds(l));
	assert_true(lookup_answer(l, 404, GONE, strlen(GONE), &err));
	assert_false(lookup_lost(l));
	assert_non_null(lookup_verdict(l));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(finds_a_series),
		TEST(keeps_the_series_of_an_episode),
		TEST(takes_the_series_of_that_year),
		TEST(asks_how_long_its_episodes_are),
		TEST(does_without_its_episodes),
		TEST(says_that_a_call_adds_to_the_last),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
