/* enrich-daemon/tmdb/tmdb_length: how long a series is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/base/arena.h"
#include "common/base/attr.h"
#include "common/base/buf.h"
#include "common/base/str.h"
#include "enrich-daemon/tmdb/tmdb_episode.h"
#include "enrich-daemon/tmdb/tmdb_length.h"
#include "tests/unit/arena_fixture.h"

static const struct json *series_of(struct arena *arena, const char *text)
{
	struct error err = { "" };
	const struct json *root = tmdb_series_parse(arena, str_of(text), &err);

	if (root == NULL)
		fail_msg("%s: %s", text, err.message);
	return root;
}

#define LENGTH(minutes)     "{\"runtime\":" minutes "}"
#define SEASON(n, episodes) "\"season/" n "\":{\"episodes\":[" episodes "]}"

static void adds_up(void **state)
{
	static const struct {
		const char *text;
		int minutes;
	} rows[] = {
		/* The first is a double one: 90 + 45 + 45. */
		{ "{\"id\":1,\"number_of_episodes\":3,\"episode_run_time\":"
		  "[90]," SEASON("1", LENGTH("90") "," LENGTH("45")) "," SEASON(
			  "2", LENGTH("45")) "}",
		  180 },
		/* Specials are no part of it. */
		{ "{\"id\":1,\"number_of_episodes\":1," SEASON(
			  "0", LENGTH("120")) "," SEASON("1", LENGTH("30")) "}",
		  30 },
		/* Two of five are unknown: 20 + 22 + 50 + 2 * 22. */
		{ "{\"id\":1,\"number_of_episodes\":5," SEASON(
			  "1", LENGTH("50") "," LENGTH("null") "," LENGTH(
				       "20") "," LENGTH("22")) "}",
		  136 },
		/* An even number of lengths: 20 + 25 + 3 * 22.5, rounded up. */
		{ "{\"id\":1,\"number_of_episodes\":5," SEASON(
			  "1", LENGTH("25") "," LENGTH("20")) "}",
		  113 },
		/* More are listed than there are said to be. */
		{ "{\"id\":1,\"number_of_episodes\":1," SEASON(
			  "1",
			  LENGTH("25") "," LENGTH("20") "," LENGTH("0")) "}",
		  68 },
		/* No episode's length is known: the median guess, 62.5 * 5. */
		{ "{\"id\":1,\"number_of_episodes\":5,\"episode_run_time\":"
		  "[65,60]," SEASON("1", LENGTH("0")) "}",
		  313 },
		{ "{\"id\":1,\"number_of_episodes\":8,\"episode_run_time\":[],"
		  "\"last_episode_to_air\":{\"runtime\":42}}",
		  336 },
		/* One episode: it is the last. */
		{ "{\"id\":1,\"number_of_episodes\":1,\"episode_run_time\":"
		  "[60],\"last_episode_to_air\":{\"runtime\":88}}",
		  88 },
		{ "{\"id\":1,\"number_of_episodes\":1,\"episode_run_time\":"
		  "[60]}",
		  60 },
		{ "{\"id\":1,\"number_of_episodes\":8}", 0 },
		{ "{\"id\":1,\"episode_run_time\":[60]}", 0 },
		{ "{\"id\":1}", 0 },
		/* Not what it should be. */
		{ "{\"id\":1,\"number_of_episodes\":\"8\","
		  "\"episode_run_time\":60,\"season/1\":[7],\"season/2\":{"
		  "\"episodes\":{\"runtime\":5}},\"last_episode_to_air\":[]}",
		  0 },
		{ "{\"id\":1,\"number_of_episodes\":-3,\"episode_run_time\":"
		  "[-60]}",
		  0 },
		{ "{\"id\":1,\"number_of_episodes\":1e9,\"episode_run_time\":"
		  "[1e9]}",
		  1000000 },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const int minutes =
			tmdb_length_read(series_of(*state, rows[i].text));

		if (minutes != rows[i].minutes)
			fail_msg("row %zu: %d", i, minutes);
	}
}

static void takes_so_many_lengths(void **state)
{
	struct buf b;
	struct error err;
	int minutes = 0;

	/* 1500 episodes of 30 minutes: 1000 are known, the others guessed. */
	buf_init(&b, 1 << 20);
	buf_add_str(&b, "{\"id\":1,\"season/1\":{\"episodes\":[");
	for (int i = 0; i < 1500; i++)
		buf_printf(&b, "%s" LENGTH("30"), i > 0 ? "," : "");
	buf_add_str(&b, "]}}");
	(void)state;
	assert_true(tmdb_length_parse((struct str){ b.data, b.len }, &minutes,
	                              &err));
	assert_int_equal(minutes, 45000);
	buf_deinit(&b);
	assert_false(tmdb_length_parse(str_of("[]"), &minutes, &err));
}

#define LISTED(n, count) "{\"season_number\":" n ",\"episode_count\":" count "}"

static void asks_for_what_it_needs(void **state)
{
	static const struct {
		const char *text;
		int count, numbers[4];
	} rows[] = {
		{ "{\"id\":1,\"seasons\":[" LISTED("0", "3") "," LISTED(
			  "1", "8") "," LISTED("2", "10") "]}",
		  2,
		  { 1, 2 } },
		/* What is there already, what is announced, what is odd. */
		{ "{\"id\":1,\"season/1\":{},\"seasons\":[" LISTED("1", "8") "," LISTED(
			  "2",
			  "10") "," LISTED("3",
		                           "0") "," LISTED("-1",
		                                           "4") "," LISTED("70000",
		                                                           "4") ",7,{\"season_number\":4}]}",
		  1,
		  { 2 } },
		/* An answer has room for 250 episodes. */
		{ "{\"id\":1,\"seasons\":[" LISTED("1", "200") "," LISTED(
			  "2", "51") "," LISTED("3", "50") "]}",
		  2,
		  { 1, 3 } },
		/* One episode, whose length is known. */
		{ "{\"id\":1,\"number_of_episodes\":1,\"last_episode_to_air\":"
		  "{\"runtime\":88},\"seasons\":[" LISTED("1", "1") "]}",
		  0,
		  { 0 } },
		{ "{\"id\":1,\"number_of_episodes\":1,\"seasons\":[" LISTED(
			  "1", "1") "]}",
		  1,
		  { 1 } },
		{ "{\"id\":1}", 0, { 0 } },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct tmdb_seasons out;

		tmdb_length_unmeasured(series_of(*state, rows[i].text), &out);
		assert_int_equal(out.count, rows[i].count);
		for (int k = 0; k < out.count; k++)
			assert_int_equal(out.numbers[k], rows[i].numbers[k]);
	}
}

static void asks_for_twenty_seasons(void **state)
{
	struct tmdb_seasons out;
	struct buf b;

	buf_init(&b, 1 << 16);
	buf_add_str(&b, "{\"id\":1,\"seasons\":[");
	for (int i = 1; i <= 30; i++)
		buf_printf(&b, "%s{\"season_number\":%d,\"episode_count\":2}",
		           i > 1 ? "," : "", i);
	buf_add_str(&b, "]}");
	tmdb_length_unmeasured(series_of(*state, b.data), &out);
	assert_int_equal(out.count, 20);
	assert_int_equal(out.numbers[19], 20);
	assert_int_equal(out.episodes, 40);
	buf_deinit(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(adds_up),
		TEST(takes_so_many_lengths),
		TEST(asks_for_what_it_needs),
		TEST(asks_for_twenty_seasons),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
