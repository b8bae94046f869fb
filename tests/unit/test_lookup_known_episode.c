/* enrich-daemon/match/lookup: an episode that is known. */
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
		{ GONE, 404, true },
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
		TEST(refreshes_an_episode),
		TEST(matches_a_lost_episode_anew),
		TEST(refuses_bad_season_answers),
		TEST(finds_an_episode_by_its_place),
		TEST(finds_an_episode_by_imdb),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
