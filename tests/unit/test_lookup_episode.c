/* enrich-daemon/match/lookup: the episodes of anthologies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/attr.h"
#include "enrich-daemon/match/lookup.h"
#include "tests/unit/lookup_script.h"
#include "tests/unit/mirror_answers.h"

static void finds_an_episode(void **state)
{
	static const struct exchange script[] = {
		UNKNOWN("Black%20Mirror%3A%20Nosedive", "2016"),
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
		UNKNOWN("Night%3A%20The%20Door", "1985"),
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
		{ "/3/tv/3" TV_END LANGUAGE, 404, GONE },
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(finds_an_episode),
		TEST(is_as_sure_of_an_episode_as_it_may_be),
		TEST(looks_at_series_of_one_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
