/* enrich-daemon/tmdb/tmdb_episode: seasons, and episodes with their series. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/arena.h"
#include "common/base/attr.h"
#include "common/base/str.h"
#include "enrich-daemon/tmdb/tmdb_episode.h"
#include "enrich-daemon/tmdb/tmdb_title.h"
#include "tests/unit/arena_fixture.h"

static const struct json *series_of(struct arena *arena, const char *text)
{
	struct error err = { "" };
	const struct json *root = tmdb_series_parse(arena, str_of(text), &err);

	if (root == NULL)
		fail_msg("%s", err.message);
	return root;
}

/* --- seasons -------------------------------------------------------------- */

static const char seasons[] =
	"{\"id\":5,\"seasons\":["
	"{\"season_number\":0,\"air_date\":null},"
	"{\"season_number\":1,\"air_date\":\"2011-12-04\"},"
	"{\"season_number\":2,\"air_date\":\"2013-02-11\"},"
	"{\"season_number\":3,\"air_date\":\"2014-10-21\"},"
	"{\"season_number\":4,\"air_date\":\"2014-12-29\"},"
	"{\"season_number\":5,\"air_date\":\"2015-06-05\"},"
	"{\"season_number\":6,\"air_date\":\"\"},"
	"{\"season_number\":-1,\"air_date\":\"2014-01-01\"},"
	"{\"season_number\":70000,\"air_date\":\"2014-01-01\"},"
	"{\"air_date\":\"2014-01-01\"},7]}";

/* Of that year, the year before, the year after, the specials; four. */
static void puts_the_likeliest_season_first(void **state)
{
	static const struct {
		int year, count, numbers[TMDB_SEASONS_MAX];
	} rows[] = {
		{ 2011, 2, { 1, 0 } },       { 2012, 3, { 1, 2, 0 } },
		{ 2013, 4, { 2, 3, 4, 0 } }, { 2014, 4, { 3, 4, 2, 5 } },
		{ 2015, 4, { 5, 3, 4, 0 } }, { 2016, 2, { 5, 0 } },
		{ 2030, 1, { 0 } },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct tmdb_seasons out;

		tmdb_seasons_read(series_of(*state, seasons), rows[i].year,
		                  &out);
		assert_int_equal(out.count, rows[i].count);
		for (int k = 0; k < out.count; k++)
			assert_int_equal(out.numbers[k], rows[i].numbers[k]);
	}
}

/* An anthology has few; 250 with all who are in them are megabytes. */
static void leaves_out_seasons_of_a_soap_opera(void **state)
{
#define SEASON(number, date, count)                                            \
	"{\"season_number\":" number ",\"air_date\":\"" date                   \
	"-01-04\",\"episode_count\":" count "}"
	static const struct {
		const char *seasons;
		int count, numbers[TMDB_SEASONS_MAX];
	} rows[] = {
		{ SEASON("1", "2014", "151"), 0, { 0 } },
		{ SEASON("1", "2014", "150"), 1, { 1 } },
		/* Together; what is left goes to the next that fits. */
		{ SEASON("1", "2013", "31") "," SEASON(
			  "2", "2014", "120") "," SEASON("3", "2015", "30"),
		  2,
		  { 2, 3 } },
		{ SEASON("1", "2014", "9e99") "," SEASON("2", "2014", "-5"),
		  1,
		  { 2 } },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char *text = arena_printf(
			*state, "{\"id\":5,\"seasons\":[%s]}", rows[i].seasons);
		struct tmdb_seasons out;

		tmdb_seasons_read(series_of(*state, text), 2014, &out);
		assert_int_equal(out.count, rows[i].count);
		for (int k = 0; k < out.count; k++)
			assert_int_equal(out.numbers[k], rows[i].numbers[k]);
	}
}

/* --- episodes ------------------------------------------------------------- */

static const char series[] =
	"{\"id\":42009,\"name\":\"Black Mirror\",\"original_name\":\"BM\","
	"\"first_air_date\":\"2011-12-04\",\"episode_run_time\":[60],"
	"\"number_of_episodes\":27,\"imdb_id\":\"tt1\",\"vote_count\":5000,"
	"\"vote_average\":8.3,\"popularity\":50.5,\"overview\":\"All of it.\","
	"\"poster_path\":\"/series.jpg\",\"backdrop_path\":\"/back.jpg\","
	"\"original_language\":\"en\",\"genres\":[{\"name\":\"Drama\"}],"
	"\"production_countries\":[{\"iso_3166_1\":\"GB\"}],"
	"\"spoken_languages\":[{\"iso_639_1\":\"en\"},{\"iso_639_1\":\"es\"}],"
	"\"production_companies\":[{\"id\":2,\"name\":\"Zeppotron\"}],"
	"\"keywords\":{\"results\":[{\"name\":\"dystopia\"}]},"
	"\"external_ids\":{\"imdb_id\":\"tt2085059\"},"
	"\"created_by\":[{\"id\":1,\"name\":\"Charlie Brooker\"}],"
	"\"aggregate_credits\":{\"cast\":["
	"{\"id\":2,\"name\":\"In One\",\"order\":0,\"total_episode_count\":1},"
	"{\"id\":3,\"name\":\"In All\",\"order\":9,\"total_episode_count\":27,"
	"\"roles\":[{\"character\":\"Host\"}]}],"
	"\"crew\":[{\"id\":4,\"name\":\"N\",\"department\":\"Art\","
	"\"jobs\":[{\"job\":\"Painter\"}]}]},"
	"\"season/0\":{\"success\":false},"
	"\"season/3\":{\"poster_path\":\"/season.jpg\",\"episodes\":["
	"{\"id\":11,\"season_number\":3,\"episode_number\":1,"
	"\"name\":\"Nosedive\",\"air_date\":\"2016-10-21\",\"runtime\":63,"
	"\"overview\":\"She smiles.\",\"still_path\":\"/still.jpg\","
	"\"vote_count\":250,\"vote_average\":8,"
	"\"crew\":[{\"id\":6,\"name\":\"W\",\"department\":\"Writing\","
	"\"job\":\"Writer\"},{\"id\":5,\"name\":\"Joe Wright\","
	"\"department\":\"Directing\",\"job\":\"Director\"}],"
	"\"guest_stars\":[{\"id\":8,\"name\":\"Second\",\"order\":1,"
	"\"character\":\"B\"},{\"id\":7,\"name\":\"First\",\"order\":0,"
	"\"character\":\"A\"},{\"id\":3,\"name\":\"In All\",\"order\":2,"
	"\"character\":\"Herself\"}]},"
	"{\"id\":12,\"season_number\":3,\"episode_number\":2,"
	"\"name\":\"Playtest\",\"air_date\":\"\",\"runtime\":null},"
	"{\"id\":0,\"name\":\"No id\"},{\"id\":13,\"name\":\"\"},null]},"
	"\"season/4\":{\"episodes\":[{\"id\":14,\"season_number\":4,"
	"\"episode_number\":1,\"name\":\"USS Callister\","
	"\"air_date\":\"2017-12-29\"}]}}";

static void lists_episodes(void **state)
{
	static const struct {
		int64_t id;
		struct episode_place place;
		const char *name, *original_name, *date;
		int64_t votes;
	} rows[] = {
		{ 11,
		  { 42009, 3, 1 },
		  "Black Mirror: Nosedive",
		  "BM: Nosedive",
		  "2016-10-21",
		  250 },
		{ 12,
		  { 42009, 3, 2 },
		  "Black Mirror: Playtest",
		  "BM: Playtest",
		  NULL,
		  0 },
		{ 14,
		  { 42009, 4, 1 },
		  "Black Mirror: USS Callister",
		  "BM: USS Callister",
		  "2017-12-29",
		  0 },
	};
	struct tmdb_episodes out;

	tmdb_episodes_read(*state, series_of(*state, series), &out);
	assert_int_equal(out.count, ARRAY_LEN(rows));
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct tmdb_row *row = &out.rows[i];

		assert_int_equal(row->kind, TITLE_EPISODE);
		assert_int_equal(row->id, rows[i].id);
		assert_memory_equal(&row->place, &rows[i].place,
		                    sizeof(row->place));
		assert_string_equal(row->name, rows[i].name);
		assert_string_equal(row->original_name, rows[i].original_name);
		assert_int_equal(row->date == NULL, rows[i].date == NULL);
		if (row->date != NULL)
			assert_string_equal(row->date, rows[i].date);
		assert_int_equal(row->votes, rows[i].votes);
	}
}

static const struct tmdb_title *parse(struct arena *arena,
                                      const struct title_ref *ref)
{
	const struct tmdb_title *t;
	struct error err = { "" };

	if (!tmdb_episode_parse(arena, ref, STR_LIT(series), &t, &err))
		fail_msg("%s", err.message);
	return t;
}

static void assert_person(const struct tmdb_person *p, int64_t id,
                          const char *job)
{
	assert_int_equal(p->id, id);
	assert_string_equal(p->job, job);
}

static void reads_an_episode(void **state)
{
	static const struct title_ref ref = { TITLE_EPISODE, 11, { 0 } };
	const struct tmdb_title *t = parse(*state, &ref);

	/* Its own. */
	assert_int_equal(t->kind, TITLE_EPISODE);
	assert_int_equal(t->id, 11);
	assert_memory_equal(&t->place, (&(struct episode_place){ 42009, 3, 1 }),
	                    sizeof(t->place));
	assert_string_equal(t->name, "Nosedive");
	assert_string_equal(t->original_name, "Black Mirror: Nosedive");
	assert_string_equal(t->released_on, "2016-10-21");
	assert_int_equal(t->runtime, 63);
	assert_string_equal(t->overview, "She smiles.");
	assert_string_equal(t->backdrop_path, "/still.jpg");
	assert_null(t->imdb_id);
	assert_int_equal(t->vote_count, 250);
	assert_true(t->vote_average == 8);
	assert_true(t->popularity == 0);
	assert_int_equal(t->crew_count, 2);
	assert_person(&t->crew[0], 5, "Director");
	assert_true(tmdb_person_directs(t->kind, &t->crew[0]));
	assert_person(&t->crew[1], 6, "Writer");
	/* Of its season and series. */
	assert_string_equal(t->poster_path, "/season.jpg");
	assert_string_equal(t->original_language, "en");
	assert_int_equal(t->genres.count, 1);
	assert_string_equal(t->genres.items[0], "Drama");
	assert_string_equal(t->countries.items[0], "GB");
	assert_int_equal(t->languages.count, 2);
	assert_string_equal(t->studios[0].name, "Zeppotron");
	assert_string_equal(t->keywords.items[0], "dystopia");
	assert_int_equal(t->cast_count, 3);
	assert_person(&t->cast[0], 3, "Host / Herself");
	assert_person(&t->cast[1], 7, "A");
	assert_person(&t->cast[2], 8, "B");
}

static void finds_an_episode_by_its_place(void **state)
{
	static const struct title_ref ref = { TITLE_EPISODE,
		                              0,
		                              { 42009, 4, 1 } };
	const struct tmdb_title *t = parse(*state, &ref);

	assert_int_equal(t->id, 14);
	assert_string_equal(t->name, "USS Callister");
	assert_int_equal(t->runtime, 0);
	assert_null(t->overview);
	assert_string_equal(t->poster_path, "/series.jpg");
	assert_string_equal(t->backdrop_path, "/back.jpg");
	/* Nobody is named but who is always there. */
	assert_int_equal(t->crew_count, 0);
	assert_int_equal(t->cast_count, 1);
}

static void says_when_there_is_none(void **state)
{
	static const struct title_ref refs[] = {
		{ TITLE_EPISODE, 42009, { 0 } },
		{ TITLE_EPISODE, 99, { 42009, 3, 1 } },
		{ TITLE_EPISODE, 13, { 0 } },
		{ TITLE_EPISODE, 0, { 42009, 3, 9 } },
		{ TITLE_EPISODE, 0, { 42009, 0, 1 } },
	};

	for (size_t i = 0; i < ARRAY_LEN(refs); i++)
		assert_null(parse(*state, &refs[i]));
}

/* Asked for again by where it is, it would be another one, or none. */
static void passes_over_one_that_is_nowhere(void **state)
{
	static const char text[] =
		"{\"id\":5,\"name\":\"S\",\"season/1\":{\"episodes\":["
		"{\"id\":1,\"name\":\"A\",\"season_number\":1},"
		"{\"id\":2,\"name\":\"B\",\"episode_number\":1},"
		"{\"id\":3,\"name\":\"C\",\"season_number\":99999,"
		"\"episode_number\":1},"
		"{\"id\":4,\"name\":\"D\",\"season_number\":1,"
		"\"episode_number\":-1},"
		"{\"id\":9223372036854775807,\"name\":\"E\","
		"\"season_number\":0,\"episode_number\":0}]}}";
	struct tmdb_episodes out;
	struct error err = { "" };
	const struct tmdb_title *t;

	tmdb_episodes_read(*state, series_of(*state, text), &out);
	assert_int_equal(out.count, 1);
	assert_int_equal(out.rows[0].id, INT64_MAX);
	for (int64_t id = 1; id <= 4; id++) {
		const struct title_ref ref = { TITLE_EPISODE, id, { 0 } };

		assert_true(tmdb_episode_parse(*state, &ref, str_of(text), &t,
		                               &err));
		assert_null(t);
	}
}

/* Of a series that has none yet, somebody in none is not in all. */
static void has_no_regulars_in_no_episodes(void **state)
{
	static const char text[] =
		"{\"id\":5,\"name\":\"S\",\"number_of_episodes\":0,"
		"\"aggregate_credits\":{\"cast\":[{\"id\":2,\"name\":\"X\","
		"\"total_episode_count\":1},{\"id\":3,\"name\":\"Y\"}]},"
		"\"season/0\":{\"episodes\":[{\"id\":1,\"name\":\"A\","
		"\"season_number\":0,\"episode_number\":1}]}}";
	static const struct title_ref ref = { TITLE_EPISODE, 1, { 0 } };
	const struct tmdb_title *t;
	struct error err = { "" };

	assert_true(tmdb_episode_parse(*state, &ref, str_of(text), &t, &err));
	assert_non_null(t);
	assert_int_equal(t->cast_count, 0);
}

static void refuses_other_answers(void **state)
{
	static const char *const texts[] = {
		"", "[]", "{}", "{\"id\":0}", "<html>", "{\"id\":1"
	};
	static const struct title_ref ref = { TITLE_EPISODE, 11, { 0 } };

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		const struct str text = str_of(texts[i]);
		const struct tmdb_title *t;
		struct error err = { "" };

		assert_null(tmdb_series_parse(*state, text, &err));
		assert_non_null(strstr(err.message, "TMDB's details answer"));
		err = (struct error){ "" };
		assert_false(tmdb_episode_parse(*state, &ref, text, &t, &err));
		assert_null(t);
		assert_non_null(strstr(err.message, "TMDB's details answer"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(puts_the_likeliest_season_first),
		TEST(leaves_out_seasons_of_a_soap_opera),
		TEST(lists_episodes),
		TEST(reads_an_episode),
		TEST(finds_an_episode_by_its_place),
		TEST(says_when_there_is_none),
		TEST(passes_over_one_that_is_nowhere),
		TEST(has_no_regulars_in_no_episodes),
		TEST(refuses_other_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
