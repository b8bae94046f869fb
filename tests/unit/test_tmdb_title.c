/* enrich-daemon/tmdb/tmdb_title: details answers, whole, sparse and hostile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/arena.h"
#include "common/base/attr.h"
#include "common/base/buf.h"
#include "enrich-daemon/tmdb/tmdb_title.h"
#include "tests/unit/arena_fixture.h"

static const struct tmdb_title *parse(struct arena *arena, enum title_kind kind,
                                      const char *text)
{
	struct error err = { "" };
	const struct tmdb_title *t =
		tmdb_title_parse(arena, kind, text, strlen(text), &err);

	if (t == NULL)
		fail_msg("%s", err.message);
	return t;
}

/* The list as one string, "a|b|c". */
static const char *joined(struct arena *arena, const struct tmdb_strings *list)
{
	const char *all = "";

	for (size_t i = 0; i < list->count; i++)
		all = arena_printf(arena, "%s%s%s", all, i > 0 ? "|" : "",
		                   list->items[i]);
	return all;
}

/* People as "id department job|...". */
static const char *people(struct arena *arena, const struct tmdb_person *list,
                          size_t count)
{
	const char *all = "";

	for (size_t i = 0; i < count; i++)
		all = arena_printf(arena, "%s%s%d %s:%s", all, i > 0 ? "|" : "",
		                   (int)list[i].id, list[i].department,
		                   list[i].job);
	return all;
}

static const char film[] =
	"{\"success\":true,\"adult\":false,\"softcore\":false,"
	"\"backdrop_path\":\"/b_1-2.jpg\",\"poster_path\":\"/p.jpg\","
	"\"belongs_to_collection\":{\"id\":9,\"name\":\"Alien Collection\"},"
	"\"genres\":[{\"id\":27,\"name\":\"Horror\"},"
	"{\"id\":878,\"name\":\"Science Fiction\"}],"
	"\"id\":348,\"imdb_id\":\"tt0078748\",\"original_language\":\"en\","
	"\"original_title\":\"Alien\",\"title\":\"Alien\","
	"\"overview\":\"A ship answers a call.\",\"popularity\":24.5,"
	"\"production_companies\":[{\"id\":19747,\"name\":\"Brandywine\"},"
	"{\"id\":25,\"name\":\"20th Century-Fox\"}],"
	"\"production_countries\":[{\"iso_3166_1\":\"GB\"},"
	"{\"iso_3166_1\":\"US\"}],\"origin_country\":[\"US\"],"
	"\"spoken_languages\":[{\"iso_639_1\":\"es\"},{\"iso_639_1\":\"en\"}],"
	"\"release_date\":\"1979-05-25\",\"runtime\":117,"
	"\"vote_average\":8,\"vote_count\":13000,"
	"\"keywords\":{\"keywords\":[{\"id\":1,\"name\":\"android\"}]},"
	"\"release_dates\":{\"results\":[{\"iso_3166_1\":\"US\","
	"\"release_dates\":[{\"release_date\":\"1979-05-25T00:00:00.000Z\","
	"\"type\":3}]},{\"iso_3166_1\":\"GB\",\"release_dates\":[{"
	"\"release_date\":\"1979-09-06T00:00:00.000Z\"},"
	"{\"release_date\":\"2003-10-31T00:00:00.000Z\"}]}]},"
	"\"alternative_titles\":{\"titles\":[{\"title\":\"Alien 1\"},"
	"{\"title\":\"\"},{\"title\":\"Alien 1\"}]},"
	"\"translations\":{\"translations\":[{\"iso_639_1\":\"fr\","
	"\"name\":\"Fran\u00E7ais\",\"data\":{\"title\":\"Le 8e Passager\"}},"
	"{\"iso_639_1\":\"en\",\"name\":\"English\"}]},"
	"\"credits\":{\"cast\":["
	"{\"id\":10205,\"name\":\"Sigourney Weaver\",\"gender\":1,"
	"\"character\":\"Ripley\",\"order\":1,\"profile_path\":\"/sw.jpg\"},"
	"{\"id\":4139,\"name\":\"Tom Skerritt\",\"gender\":2,"
	"\"character\":\"Dallas\",\"order\":0,\"profile_path\":null},"
	"{\"id\":5049,\"name\":\"John Hurt\",\"character\":"
	"\"Kane (uncredited)\",\"order\":2}],"
	"\"crew\":["
	"{\"id\":1,\"name\":\"Dan O'Bannon\",\"department\":\"Writing\","
	"\"job\":\"Screenplay\"},"
	"{\"id\":2,\"name\":\"Somebody\",\"department\":\"Directing\","
	"\"job\":\"Co-Director\"},"
	"{\"id\":578,\"name\":\"Ridley Scott\",\"department\":\"Directing\","
	"\"job\":\"Director\"},"
	"{\"id\":1,\"name\":\"Dan O'Bannon\",\"department\":\"Writing\","
	"\"job\":\"Story\"},"
	"{\"id\":1,\"name\":\"Dan O'Bannon\",\"department\":\"Writing\","
	"\"job\":\"Screenplay\"}]}}";

static void assert_studio(const struct tmdb_title *t, size_t at, int64_t id,
                          const char *name)
{
	assert_true(at < t->studio_count);
	assert_int_equal(t->studios[at].id, id);
	assert_string_equal(t->studios[at].name, name);
}

static void reads_a_film(void **state)
{
	const struct tmdb_title *t = parse(*state, TITLE_MOVIE, film);

	assert_int_equal(t->kind, TITLE_MOVIE);
	assert_int_equal(t->id, 348);
	assert_string_equal(t->name, "Alien");
	assert_string_equal(t->original_name, "Alien");
	assert_string_equal(t->released_on, "1979-05-25");
	assert_int_equal(t->runtime, 117);
	assert_string_equal(t->overview, "A ship answers a call.");
	assert_string_equal(t->poster_path, "/p.jpg");
	assert_string_equal(t->backdrop_path, "/b_1-2.jpg");
	assert_string_equal(t->original_language, "en");
	assert_string_equal(t->imdb_id, "tt0078748");
	assert_int_equal(t->vote_count, 13000);
	assert_true(t->vote_average == 8.0);
	assert_true(t->popularity == 24.5);
	assert_int_equal(t->collection_id, 9);
	assert_string_equal(t->collection_name, "Alien Collection");
	assert_string_equal(joined(*state, &t->genres),
	                    "Horror|Science Fiction");
	assert_string_equal(joined(*state, &t->countries), "GB|US");
	assert_string_equal(joined(*state, &t->languages), "en|es");
	assert_studio(t, 0, 19747, "Brandywine");
	assert_studio(t, 1, 25, "20th Century-Fox");
	assert_int_equal(t->studio_count, 2);
	assert_string_equal(joined(*state, &t->keywords), "android");
	assert_string_equal(joined(*state, &t->alternative_names),
	                    "Alien 1|Le 8e Passager");
	assert_string_equal(joined(*state, &t->release_dates),
	                    "1979-05-25|1979-09-06|2003-10-31");
}

static void reads_its_people(void **state)
{
	const struct tmdb_title *t = parse(*state, TITLE_MOVIE, film);

	assert_string_equal(people(*state, t->cast, t->cast_count),
	                    "4139 Acting:Dallas|10205 Acting:Ripley|"
	                    "5049 Acting:Kane");
	assert_string_equal(t->cast[1].name, "Sigourney Weaver");
	assert_int_equal(t->cast[1].gender, 1);
	assert_string_equal(t->cast[1].profile_path, "/sw.jpg");
	assert_null(t->cast[0].profile_path);
	assert_int_equal(t->cast[2].gender, 0);
	assert_string_equal(people(*state, t->crew, t->crew_count),
	                    "578 Directing:Director|1 Writing:Screenplay|"
	                    "2 Directing:Co-Director|1 Writing:Story");
	assert_true(tmdb_person_directs(TITLE_MOVIE, &t->crew[0]));
	assert_false(tmdb_person_directs(TITLE_MOVIE, &t->crew[1]));
	assert_false(tmdb_person_directs(TITLE_MOVIE, &t->crew[2]));
}

static void reads_a_series(void **state)
{
	const struct tmdb_title *t = parse(
		*state, TITLE_TV,
		"{\"id\":87108,\"name\":\"Chernobyl\",\"original_name\":"
		"\"Chernobyl\",\"first_air_date\":\"2019-05-06\","
		"\"episode_run_time\":[60,65],\"number_of_episodes\":5,"
		"\"created_by\":[{\"id\":35796,\"name\":\"Craig Mazin\"}],"
		"\"origin_country\":[\"US\",\"GB\"],\"languages\":[\"en\","
		"\"ru\"],\"original_language\":\"en\","
		"\"keywords\":{\"results\":[{\"name\":\"miniseries\"}]},"
		"\"alternative_titles\":{\"results\":[{\"title\":\"X\"}]},"
		"\"external_ids\":{\"imdb_id\":\"tt7366338\"},"
		"\"aggregate_credits\":{\"cast\":[{\"id\":15440,"
		"\"name\":\"Jared Harris\",\"order\":0,\"roles\":["
		"{\"character\":\"Legasov\"},{\"character\":\"Narrator\"},"
		"{\"character\":\"Legasov\"}]}],"
		"\"crew\":[{\"id\":36,\"name\":\"Johan Renck\",\"department\":"
		"\"Directing\",\"jobs\":[{\"job\":\"Director\"},"
		"{\"job\":\"Second Unit\"}]}]}}");

	assert_int_equal(t->kind, TITLE_TV);
	assert_string_equal(t->name, "Chernobyl");
	assert_string_equal(t->released_on, "2019-05-06");
	/* The median of 60 and 65, five times, rounded. */
	assert_int_equal(t->runtime, 313);
	assert_string_equal(t->imdb_id, "tt7366338");
	assert_string_equal(joined(*state, &t->countries), "US|GB");
	assert_string_equal(joined(*state, &t->languages), "en|ru");
	assert_string_equal(joined(*state, &t->keywords), "miniseries");
	assert_string_equal(joined(*state, &t->alternative_names), "X");
	assert_string_equal(people(*state, t->cast, t->cast_count),
	                    "15440 Acting:Legasov / Narrator");
	assert_string_equal(people(*state, t->crew, t->crew_count),
	                    "35796 Creator:Creator|36 Directing:Director|"
	                    "36 Directing:Second Unit");
	assert_true(tmdb_person_directs(TITLE_TV, &t->crew[0]));
	assert_false(tmdb_person_directs(TITLE_TV, &t->crew[1]));
}

static void guesses_a_series_length(void **state)
{
	const struct tmdb_title *t =
		parse(*state, TITLE_TV,
	              "{\"id\":1,\"name\":\"x\",\"episode_run_time\":[],"
	              "\"number_of_episodes\":8,"
	              "\"last_episode_to_air\":{\"runtime\":42}}");

	assert_int_equal(t->runtime, 336);
	t = parse(*state, TITLE_TV,
	          "{\"id\":1,\"name\":\"x\",\"number_of_episodes\":8}");
	assert_int_equal(t->runtime, 0);
	t = parse(*state, TITLE_TV,
	          "{\"id\":1,\"name\":\"x\",\"number_of_episodes\":1e9,"
	          "\"episode_run_time\":[1e9]}");
	assert_true(t->runtime > 0);
	/* Without aggregate_credits the plain ones do. */
	t = parse(*state, TITLE_TV,
	          "{\"id\":1,\"name\":\"x\",\"credits\":{\"cast\":"
	          "[{\"id\":3,\"name\":\"A\",\"character\":\"B\"}]}}");
	assert_string_equal(people(*state, t->cast, t->cast_count),
	                    "3 Acting:B");
}

/* Nothing but an id and a name: everything else is absent, not wrong. */
static void reads_a_sparse_answer(void **state)
{
	static const char *const texts[] = {
		"{\"id\":5,\"title\":\"x\"}",
		"{\"id\":5,\"original_title\":\"x\",\"title\":\"\"}",
		"{\"id\":5,\"title\":\"x\",\"original_title\":\"\","
		"\"release_date\":\"\",\"runtime\":null,\"overview\":\"\","
		"\"poster_path\":null,\"backdrop_path\":null,\"imdb_id\":\"\","
		"\"original_language\":null,\"vote_count\":null,"
		"\"vote_average\":null,\"popularity\":null,\"genres\":[],"
		"\"belongs_to_collection\":null,\"production_countries\":[],"
		"\"spoken_languages\":[],\"production_companies\":[],"
		"\"keywords\":{\"keywords\":[]},\"credits\":{\"cast\":[],"
		"\"crew\":[]},\"release_dates\":{\"results\":[]}}",
		"{\"id\":5,\"title\":\"x\",\"runtime\":0,\"vote_count\":0,"
		"\"vote_average\":0.0,\"release_date\":\"2024-02-30\","
		"\"imdb_id\":\"nm123\",\"poster_path\":\"\"}",
		/* Every value of the wrong type. */
		"{\"id\":5,\"title\":\"x\",\"original_title\":7,"
		"\"release_date\":20,\"runtime\":\"90\",\"overview\":[],"
		"\"poster_path\":{},\"backdrop_path\":1,\"imdb_id\":3,"
		"\"original_language\":1,\"vote_count\":\"9\","
		"\"vote_average\":[],\"popularity\":\"x\",\"genres\":3,"
		"\"belongs_to_collection\":[1],\"production_countries\":{},"
		"\"spoken_languages\":\"en\",\"production_companies\":true,"
		"\"keywords\":[],\"credits\":7,\"release_dates\":\"\","
		"\"alternative_titles\":[],\"translations\":1,"
		"\"origin_country\":\"US\",\"external_ids\":[]}",
		/* Lists of the wrong items. */
		"{\"id\":5,\"title\":\"x\",\"genres\":[null,1,\"x\",[],{},"
		"{\"name\":null},{\"name\":\"\"}],\"production_countries\":"
		"[{\"iso_3166_1\":\"USA\"},{\"iso_3166_1\":\"\"},"
		"{\"iso_3166_1\":\"1!\"}],\"credits\":{\"cast\":[null,{},"
		"{\"id\":1},{\"name\":\"x\"},{\"id\":-1,\"name\":\"x\"},"
		"{\"id\":1,\"name\":\"\"}],\"crew\":[{\"id\":1,\"name\":\"x\"},"
		"{\"id\":1,\"name\":\"x\",\"job\":\"Director\"},{\"id\":1,"
		"\"name\":\"x\",\"department\":\"Directing\",\"job\":\"\"},"
		"{\"id\":1,\"name\":\"x\",\"department\":\"D\",\"jobs\":[1]}]},"
		"\"release_dates\":{\"results\":[1,{\"release_dates\":[1,"
		"{\"release_date\":\"1999-13-01T00:00:00.000Z\"}]}]}}",
		/* Paths that are not what a picture's URL may end in. */
		"{\"id\":5,\"title\":\"x\",\"poster_path\":\"p.jpg\","
		"\"backdrop_path\":\"/../../etc/passwd\"}",
		"{\"id\":5,\"title\":\"x\",\"poster_path\":\"/a b.jpg\","
		"\"backdrop_path\":\"/x\\\"onerror=\"}",
	};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		const struct tmdb_title *t =
			parse(*state, TITLE_MOVIE, texts[i]);

		assert_int_equal(t->id, 5);
		assert_string_equal(t->name, "x");
		assert_string_equal(t->original_name, "x");
		assert_null(t->released_on);
		assert_int_equal(t->runtime, 0);
		assert_null(t->overview);
		assert_null(t->poster_path);
		assert_null(t->backdrop_path);
		assert_null(t->original_language);
		assert_null(t->imdb_id);
		assert_int_equal(t->vote_count, 0);
		assert_true(t->vote_average == 0 && t->popularity == 0);
		assert_int_equal(t->collection_id, 0);
		assert_null(t->collection_name);
		assert_int_equal(t->genres.count + t->countries.count +
		                         t->languages.count + t->studio_count +
		                         t->keywords.count +
		                         t->alternative_names.count +
		                         t->release_dates.count,
		                 0);
		assert_int_equal(t->cast_count + t->crew_count, 0);
	}
}

static void bounds_numbers(void **state)
{
	const struct tmdb_title *t = parse(
		*state, TITLE_MOVIE,
		"{\"id\":5,\"title\":\"x\",\"runtime\":-90,\"vote_count\":1e12,"
		"\"vote_average\":99,\"popularity\":-3}");

	assert_int_equal(t->runtime, 0);
	assert_int_equal(t->vote_count, 2147483647);
	assert_true(t->vote_average == 10);
	assert_true(t->popularity == 0);
	t = parse(*state, TITLE_MOVIE,
	          "{\"id\":5,\"title\":\"x\",\"runtime\":90.0,"
	          "\"vote_average\":7.25}");
	assert_int_equal(t->runtime, 90);
	assert_true(t->vote_average == 7.25);
	/* The columns are real, which has no such small ones. */
	t = parse(*state, TITLE_MOVIE,
	          "{\"id\":5,\"title\":\"x\",\"popularity\":1e-46,"
	          "\"vote_average\":4e-320}");
	assert_true(t->popularity == 0);
	assert_true(t->vote_average == 0);
}

static void falls_back_to_the_origin(void **state)
{
	const struct tmdb_title *t =
		parse(*state, TITLE_MOVIE,
	              "{\"id\":5,\"title\":\"x\",\"production_countries\":[],"
	              "\"origin_country\":[\"SU\",\"SU\",7,\"XYZ\"]}");

	assert_string_equal(joined(*state, &t->countries), "SU");
}

static void joins_a_person_in_the_cast(void **state)
{
	const struct tmdb_title *t =
		parse(*state, TITLE_MOVIE,
	              "{\"id\":5,\"title\":\"x\",\"credits\":{\"cast\":["
	              "{\"id\":1,\"name\":\"A\",\"order\":7,\"character\":"
	              "\"Strangelove\"},"
	              "{\"id\":2,\"name\":\"B\",\"order\":3,\"character\":"
	              "\"(uncredited)\"},"
	              "{\"id\":3,\"name\":\"C\"},"
	              "{\"id\":1,\"name\":\"A\",\"order\":0,\"character\":"
	              "\"Mandrake (uncredited) (voice)\"},"
	              "{\"id\":1,\"name\":\"A\",\"order\":9,\"character\":"
	              "\"Strangelove\"}]}}");

	assert_string_equal(people(*state, t->cast, t->cast_count),
	                    "1 Acting:Strangelove / Mandrake (voice)|"
	                    "2 Acting:|3 Acting:");
}

/* "Bob" is a part of "Bobby", and a character of its own. */
static void knows_a_character_by_the_whole_name(void **state)
{
	static const struct {
		const char *first, *second, *joined;
	} rows[] = {
		{ "Bobby / Bob", "Bob", "Bobby / Bob" },
		{ "Bobby", "Bob", "Bobby / Bob" },
		{ "Bob", "Bob", "Bob" },
		{ "Jim Bob / Al", "Bob", "Jim Bob / Al / Bob" },
		{ "Bob Al", "Bob", "Bob Al / Bob" },
		{ "A / B / C", "B", "A / B / C" },
		{ "A / B / C", "B / C", "A / B / C" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct tmdb_title *t = parse(
			*state, TITLE_MOVIE,
			arena_printf(*state,
		                     "{\"id\":5,\"title\":\"x\",\"credits\":{"
		                     "\"cast\":[{\"id\":1,\"name\":\"N\","
		                     "\"character\":\"%s\"},{\"id\":1,"
		                     "\"name\":\"N\",\"character\":\"%s\"}]}}",
		                     rows[i].first, rows[i].second));

		assert_string_equal(t->cast[0].job, rows[i].joined);
	}
}

static void bounds_people(void **state)
{
	struct buf b;

	/* 700 of each, and the first of the cast once more; the director is
	 * the last of the crew, the one billed first the last of the cast. */
	buf_init(&b, 1 << 20);
	buf_add_str(&b, "{\"id\":5,\"title\":\"x\",\"credits\":{\"cast\":[");
	for (int i = 1; i <= 700; i++)
		buf_printf(&b, "%s{\"id\":%d,\"name\":\"A\",\"order\":%d}",
		           i > 1 ? "," : "", i, i < 700 ? i : 0);
	buf_add_str(&b, ",{\"id\":1,\"name\":\"A\",\"order\":900}");
	buf_add_str(&b, "],\"crew\":[");
	for (int i = 1; i <= 700; i++)
		buf_printf(&b,
		           "{\"id\":%d,\"name\":\"A\",\"department\":\"Art\","
		           "\"job\":\"Painter\"},",
		           i);
	buf_add_str(&b, "{\"id\":9000,\"name\":\"D\",\"department\":"
	                "\"Directing\",\"job\":\"Director\"}]}}");
	const struct tmdb_title *t = parse(*state, TITLE_MOVIE, b.data);
	assert_int_equal(t->cast_count, 500);
	assert_int_equal(t->cast_cut, 200);
	assert_int_equal(t->cast[0].id, 700);
	assert_int_equal(t->cast[499].id, 499);
	assert_int_equal(t->crew_count, 500);
	assert_int_equal(t->crew[0].id, 9000);
	assert_int_equal(t->crew[499].id, 499);
	assert_int_equal(t->crew_cut, 201);
	buf_deinit(&b);
}

static void add_crew(struct buf *b, int from, int to, const char *job)
{
	for (int i = from; i <= to; i++)
		buf_printf(b,
		           "%s{\"id\":%d,\"name\":\"A\",\"department\":\"D\","
		           "\"job\":\"%s\"}",
		           b->data[b->len - 1] == '[' ? "" : ",", i, job);
}

/* What statistics count is kept wherever it stands; all stay in TMDB's order. */
static void cuts_what_nobody_counts(void **state)
{
	struct buf b;

	buf_init(&b, 1 << 20);
	buf_add_str(&b, "{\"id\":5,\"title\":\"x\",\"credits\":{\"crew\":[");
	add_crew(&b, 1, 520, "Grip");
	add_crew(&b, 521, 521, "Screenplay");
	add_crew(&b, 522, 540, "Grip");
	add_crew(&b, 1, 3, "Grip"); /* again */
	add_crew(&b, 541, 541, "Stunts");
	add_crew(&b, 542, 542, "Director");
	add_crew(&b, 543, 543, "Costume Design");
	buf_add_str(&b, "]}}");
	const struct tmdb_title *t = parse(*state, TITLE_MOVIE, b.data);
	assert_int_equal(t->crew_count, 500);
	assert_int_equal(t->crew_cut, 43);
	assert_int_equal(t->crew[0].id, 542);
	assert_int_equal(t->crew[1].id, 1);
	assert_int_equal(t->crew[496].id, 496);
	assert_int_equal(t->crew[497].id, 521);
	assert_int_equal(t->crew[498].id, 541);
	assert_int_equal(t->crew[499].id, 543);
	buf_deinit(&b);
}

static void keeps_all_that_count(void **state)
{
	struct buf b;

	buf_init(&b, 1 << 20);
	buf_add_str(&b, "{\"id\":5,\"title\":\"x\",\"credits\":{\"crew\":[");
	add_crew(&b, 1, 10, "Grip");
	add_crew(&b, 11, 710, "Producer");
	buf_add_str(&b, "]}}");
	const struct tmdb_title *t = parse(*state, TITLE_MOVIE, b.data);
	assert_int_equal(t->crew_count, 700);
	assert_int_equal(t->crew_cut, 10);
	assert_int_equal(t->crew[0].id, 11);
	assert_int_equal(t->crew[699].id, 710);
	buf_deinit(&b);
}

/* A crew without end is read so far; how many are left out is said. */
static void reads_so_much_of_a_crew(void **state)
{
	struct buf b;

	buf_init(&b, 1 << 20);
	buf_add_str(&b, "{\"id\":5,\"title\":\"x\",\"credits\":{\"crew\":[");
	add_crew(&b, 1, 6000, "Grip");
	buf_add_str(&b, "]}}");
	const struct tmdb_title *t = parse(*state, TITLE_MOVIE, b.data);
	assert_int_equal(t->crew_count, 500);
	assert_int_equal(t->crew_cut, 5500);
	buf_deinit(&b);
}

static void refuses_other_answers(void **state)
{
	static const char *const texts[] = {
		"",
		"<!DOCTYPE html><title>503</title>",
		"{\"id\":5,\"title\":\"x",
		"[]",
		"null",
		"\"x\"",
		"{}",
		"{\"id\":5}",
		"{\"title\":\"x\"}",
		"{\"id\":0,\"title\":\"x\"}",
		"{\"id\":\"5\",\"title\":\"x\"}",
		"{\"id\":5,\"title\":\"\",\"original_title\":null}",
		"{\"id\":5,\"name\":\"x\"}",
		"{\"success\":false,\"status_code\":34}",
		"{\"id\":5,\"title\":\"x\"}{\"id\":6,\"title\":\"y\"}",
	};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct error err = { "" };

		assert_null(tmdb_title_parse(*state, TITLE_MOVIE, texts[i],
		                             strlen(texts[i]), &err));
		assert_non_null(strstr(err.message, "TMDB's details answer"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(reads_a_film),
		TEST(reads_its_people),
		TEST(reads_a_series),
		TEST(guesses_a_series_length),
		TEST(reads_a_sparse_answer),
		TEST(bounds_numbers),
		TEST(falls_back_to_the_origin),
		TEST(joins_a_person_in_the_cast),
		TEST(knows_a_character_by_the_whole_name),
		TEST(bounds_people),
		TEST(cuts_what_nobody_counts),
		TEST(keeps_all_that_count),
		TEST(reads_so_much_of_a_crew),
		TEST(refuses_other_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
