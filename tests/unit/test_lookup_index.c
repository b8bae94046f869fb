/* enrich-daemon/match/lookup: titles that the index of names gave. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/attr.h"
#include "enrich-daemon/match/lookup.h"
#include "tests/unit/lookup_script.h"

#define HOUSEMAID                                                              \
	"{\"id\":9,\"title\":\"The Housemaid\",\"release_date\":"              \
	"\"1960-11-03\",\"vote_count\":"

static const struct lookup_film indexed = { .title = "The Housemaid",
	                                    .year = 1960,
	                                    .indexed_id = 9 };

static void finds_by_the_index_in_one_call(void **state)
{
	static const struct exchange script[] = {
		{ "/3/movie/9" FILM_END LANGUAGE, 200, HOUSEMAID "100}" },
		{ 0 },
	};
	struct lookup *l = lookup_new(*state, &indexed);
	enum title_kind kind;
	int64_t id;

	assert_non_null(lookup_wants(l, &kind, &id));
	assert_int_equal(kind, TITLE_MOVIE);
	assert_int_equal(id, 9);
	const struct lookup_verdict *v = play(l, script);
	assert_matched(v, TITLE_MOVIE, 9, "index", "high");
	assert_int_equal(v->raw_len, strlen(script[0].body));
	/* 0.62 + 0.33 + 0.05 * log10(101) / 4 */
	assert_true(v->score > 0.9750 && v->score < 0.9751);
	assert_int_equal(v->candidate_count, 1);
	assert_int_equal(v->candidates[0].id, 9);
	assert_string_equal(v->candidates[0].name, "The Housemaid");
}

/* A festival the year before: its first release is what counts. */
static void the_index_is_believed_by_the_first_release(void **state)
{
	static const struct lookup_film film = { .title = "Sound of Metal",
		                                 .year = 2019,
		                                 .indexed_id = 502033 };
	static const struct exchange script[] = {
		{ "/3/movie/502033" FILM_END LANGUAGE, 200,
		  "{\"id\":502033,\"title\":\"Sound of Metal\",\"release_date\""
		  ":\"2020-11-20\",\"vote_count\":3000,\"release_dates\":"
		  "{\"results\":[{\"release_dates\":[{\"release_date\":"
		  "\"2019-09-06T00:00:00.000Z\"}]}]}}" },
		{ 0 },
	};

	assert_matched(play(lookup_new(*state, &film), script), TITLE_MOVIE,
	               502033, "index", "high");
}

/* Each of these may be a namesake: the search decides, as without the index,
 * and what was seen already is not asked for again. */
static void doubts_what_the_index_gave(void **state)
{
	static const struct {
		const char *what;
		int status;
		const char *body;
	} rows[] = {
		{ "gone", 404, GONE },
		{ "of another year", 200,
		  "{\"id\":9,\"title\":\"The Housemaid\",\"release_date\":"
		  "\"2010-05-13\",\"vote_count\":900}" },
		{ "of the year beside it", 200,
		  "{\"id\":9,\"title\":\"The Housemaid\",\"release_date\":"
		  "\"1961-01-01\",\"vote_count\":900}" },
		{ "of no year", 200,
		  "{\"id\":9,\"title\":\"The Housemaid\",\"vote_count\":900}" },
		{ "hardly known", 200, HOUSEMAID "99}" },
		{ "known by another name", 200,
		  "{\"id\":9,\"title\":\"The Maid\",\"original_title\":"
		  "\"The Housemaid\",\"release_date\":\"1960-11-03\","
		  "\"vote_count\":900}" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct exchange script[] = {
			{ "/3/movie/9" FILM_END LANGUAGE, rows[i].status,
			  rows[i].body },
			{ "/3/search/movie?query=The%20Housemaid&year=1960" END,
			  200,
			  "{\"results\":[{\"id\":7,\"title\":"
			  "\"The Housemaid\",\"release_date\":"
			  "\"1960-11-03\",\"vote_count\":50}]}" },
			{ "/3/movie/7" FILM_END LANGUAGE, 200,
			  "{\"id\":7,\"title\":\"The Housemaid\"}" },
			{ NULL, 0, NULL },
		};

		print_message("# %s\n", rows[i].what);
		assert_matched(play(lookup_new(*state, &indexed), script),
		               TITLE_MOVIE, 7, "search_year", "high");
	}
}

static void does_not_ask_twice_for_what_the_index_gave(void **state)
{
	static const struct exchange script[] = {
		{ "/3/movie/9" FILM_END LANGUAGE, 200, HOUSEMAID "99}" },
		{ "/3/search/movie?query=The%20Housemaid&year=1960" END, 200,
		  "{\"results\":[{\"id\":9,\"title\":\"The Housemaid\","
		  "\"release_date\":\"1960-11-03\",\"vote_count\":99}]}" },
		{ 0 },
	};
	const struct lookup_verdict *v =
		play(lookup_new(*state, &indexed), script);

	assert_matched(v, TITLE_MOVIE, 9, "search_year", "high");
	assert_int_equal(v->raw_len, strlen(script[0].body));
}

/* Nothing that the index gives could be verified well enough. */
static void does_not_ask_the_index_for_some(void **state)
{
	static const struct {
		struct lookup_film film;
		const char *call;
	} rows[] = {
		{ { .title = "M", .year = 1931, .indexed_id = 9 },
		  "/3/search/movie?query=M&year=1931" END },
		{ { .title = "Leo!", .year = 2023, .indexed_id = 9 },
		  "/3/search/movie?query=Leo%21&year=2023" END },
		{ { .title = "The Housemaid", .indexed_id = 9 },
		  "/3/search/movie?query=The%20Housemaid" END },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		enum title_kind kind;
		int64_t id;

		assert_string_equal(
			lookup_wants(lookup_new(*state, &rows[i].film), &kind,
		                     &id),
			rows[i].call);
		assert_int_equal(id, 0);
	}
}

/* It was not verified for this film: a search does that. */
static void searches_when_the_indexed_title_is_stored(void **state)
{
	static const struct exchange script[] = {
		{ "/3/search/movie?query=The%20Housemaid&year=1960" END, 200,
		  "{\"results\":[{\"id\":7,\"title\":\"The Housemaid\","
		  "\"release_date\":\"1960-11-03\",\"vote_count\":50}]}" },
		{ "/3/movie/7" FILM_END LANGUAGE, 200,
		  "{\"id\":7,\"title\":\"The Housemaid\"}" },
		{ 0 },
	};
	struct lookup *l = lookup_new(*state, &indexed);

	lookup_stored(l);
	assert_matched(play(l, script), TITLE_MOVIE, 7, "search_year", "high");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(finds_by_the_index_in_one_call),
		TEST(the_index_is_believed_by_the_first_release),
		TEST(doubts_what_the_index_gave),
		TEST(does_not_ask_twice_for_what_the_index_gave),
		TEST(does_not_ask_the_index_for_some),
		TEST(searches_when_the_indexed_title_is_stored),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
