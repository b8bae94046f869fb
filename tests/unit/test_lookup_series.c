/* enrich-daemon/match/lookup: series. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(finds_a_series),
		TEST(keeps_the_series_of_an_episode),
		TEST(takes_the_series_of_that_year),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
