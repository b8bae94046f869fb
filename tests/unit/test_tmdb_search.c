/* enrich-daemon/tmdb/tmdb_search: a page of rows, and pages that are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/arena.h"
#include "common/base/attr.h"
#include "common/base/buf.h"
#include "enrich-daemon/tmdb/tmdb_search.h"
#include "tests/unit/arena_fixture.h"

static struct tmdb_search parse(struct arena *arena, enum title_kind kind,
                                const char *text)
{
	struct tmdb_search page;
	struct error err = { "" };

	if (!tmdb_search_parse(arena, kind, text, strlen(text), &page, &err))
		fail_msg("%s", err.message);
	return page;
}

static void reads_films(void **state)
{
	const struct tmdb_search page =
		parse(*state, TITLE_MOVIE,
	              "{\"page\":1,\"total_pages\":2,\"results\":["
	              "{\"id\":25623,\"title\":\"House\","
	              "\"original_title\":\"\u30CF\u30A6\u30B9\","
	              "\"release_date\":\"1977-08-26\",\"vote_count\":259,"
	              "\"video\":false,\"adult\":false,\"softcore\":false},"
	              "{\"adult\":true,\"video\":true,\"id\":7,"
	              "\"title\":\" Making Of \"}]}");

	assert_int_equal(page.page_count, 2);
	assert_int_equal(page.row_count, 2);
	const struct tmdb_row *r = &page.rows[0];
	assert_int_equal(r->kind, TITLE_MOVIE);
	assert_int_equal(r->id, 25623);
	assert_string_equal(r->name, "House");
	assert_string_equal(r->original_name, "\u30CF\u30A6\u30B9");
	assert_string_equal(r->date, "1977-08-26");
	assert_int_equal(r->votes, 259);
	assert_false(r->video || r->adult);
	assert_int_equal(r->rank, 0);
	r = &page.rows[1];
	assert_string_equal(r->name, "Making Of");
	assert_string_equal(r->original_name, "Making Of");
	assert_null(r->date);
	assert_int_equal(r->votes, 0);
	assert_true(r->video && r->adult);
	assert_int_equal(r->rank, 1);
}

static void reads_series(void **state)
{
	const struct tmdb_search page = parse(
		*state, TITLE_TV,
		"{\"results\":[{\"id\":87108,\"name\":\"Chernobyl\","
		"\"original_name\":\"Chernobyl\",\"title\":\"not this\","
		"\"first_air_date\":\"2019-05-06\",\"vote_count\":6000}]}");

	assert_int_equal(page.row_count, 1);
	assert_int_equal(page.rows[0].kind, TITLE_TV);
	assert_string_equal(page.rows[0].name, "Chernobyl");
	assert_string_equal(page.rows[0].date, "2019-05-06");
}

/* Each row is of no use, alone; the page is fine all the same. */
static void leaves_out_bad_rows(void **state)
{
	static const char *const rows[] = {
		"null",
		"7",
		"\"House\"",
		"[]",
		"{}",
		"{\"id\":1}",
		"{\"title\":\"House\"}",
		"{\"id\":0,\"title\":\"House\"}",
		"{\"id\":-1,\"title\":\"House\"}",
		"{\"id\":\"1\",\"title\":\"House\"}",
		"{\"id\":1.5,\"title\":\"House\"}",
		"{\"id\":1e300,\"title\":\"House\"}",
		"{\"id\":null,\"title\":\"House\"}",
		"{\"id\":1,\"title\":\"\"}",
		"{\"id\":1,\"title\":\"   \"}",
		"{\"id\":1,\"title\":null,\"original_title\":\"\"}",
		"{\"id\":1,\"title\":[\"House\"]}",
		"{\"id\":1,\"name\":\"House\"}",
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char text[200];

		(void)snprintf(text, sizeof(text),
		               "{\"results\":[%s,{\"id\":2,\"title\":\"It\"}]}",
		               rows[i]);
		const struct tmdb_search page =
			parse(*state, TITLE_MOVIE, text);
		assert_int_equal(page.row_count, 1);
		assert_int_equal(page.rows[0].id, 2);
		assert_int_equal(page.rows[0].rank, 1);
	}
}

static void leaves_out_bad_values(void **state)
{
	static const char *const dates[] = {
		"\"\"",
		"null",
		"19770826",
		"\"1977\"",
		"\"1977-02-30\"",
		"\"0000-01-01\"",
		"\"1977-08-26 \"",
		"[\"1977-08-26\"]",
	};

	for (size_t i = 0; i < ARRAY_LEN(dates); i++) {
		char text[200];

		(void)snprintf(text, sizeof(text),
		               "{\"results\":[{\"id\":2,\"original_title\":"
		               "\"It\",\"vote_count\":-5,\"video\":\"yes\","
		               "\"release_date\":%s}]}",
		               dates[i]);
		const struct tmdb_search page =
			parse(*state, TITLE_MOVIE, text);
		assert_int_equal(page.row_count, 1);
		assert_null(page.rows[0].date);
		assert_string_equal(page.rows[0].name, "It");
		assert_int_equal(page.rows[0].votes, 0);
		assert_false(page.rows[0].video);
	}
}

static void takes_twenty_rows(void **state)
{
	struct buf b;

	buf_init(&b, 10000);
	buf_add_str(&b, "{\"results\":[");
	for (int i = 1; i <= 30; i++)
		buf_printf(&b, "%s{\"id\":%d,\"title\":\"x\"}",
		           i > 1 ? "," : "", i);
	buf_add_str(&b, "]}");
	const struct tmdb_search page = parse(*state, TITLE_MOVIE, b.data);
	assert_int_equal(page.row_count, 20);
	assert_int_equal(page.rows[19].id, 20);
	buf_deinit(&b);
}

static void cuts_a_long_name(void **state)
{
	struct buf b;

	/* 499 letters, then one of two bytes: it does not fit in 500. */
	buf_init(&b, 10000);
	buf_add_str(&b, "{\"results\":[{\"id\":1,\"title\":\"");
	for (int i = 0; i < 499; i++)
		buf_add_char(&b, 'a');
	buf_add_str(&b, "\u00E9bc\"}]}");
	const struct tmdb_search page = parse(*state, TITLE_MOVIE, b.data);
	assert_int_equal(strlen(page.rows[0].name), 499);
	buf_deinit(&b);
}

static void refuses_other_answers(void **state)
{
	static const char *const texts[] = {
		"",
		"<html><body>503 Service Unavailable</body></html>",
		"{\"results\":[{\"id\":1,\"title\":\"Hou",
		"null",
		"[]",
		"{}",
		"{\"results\":null}",
		"{\"results\":{}}",
		"{\"success\":false,\"status_code\":25}",
	};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct tmdb_search page;
		struct error err = { "" };

		assert_false(tmdb_search_parse(*state, TITLE_MOVIE, texts[i],
		                               strlen(texts[i]), &page, &err));
		assert_non_null(strstr(err.message, "TMDB's search answer"));
	}
}

static void reads_finds(void **state)
{
	static const struct {
		const char *text;
		struct title_ref ref;
	} rows[] = {
		{ "{\"movie_results\":[{\"id\":12,\"title\":\"Nemo\"},"
		  "{\"id\":13}],\"tv_results\":[{\"id\":14}]}",
		  { TITLE_MOVIE, 12, { 0 } } },
		{ "{\"movie_results\":[],\"person_results\":[{\"id\":1}],"
		  "\"tv_results\":[{\"id\":60708}]}",
		  { TITLE_TV, 60708, { 0 } } },
		{ "{\"movie_results\":[],\"tv_results\":[],"
		  "\"tv_episode_results\":[{\"id\":1551825,"
		  "\"show_id\":1399,\"season_number\":8,"
		  "\"episode_number\":1}]}",
		  { TITLE_EPISODE, 1551825, { 1399, 8, 1 } } },
		/* Nobody knows where it is. */
		{ "{\"movie_results\":[],\"tv_episode_results\":[{\"id\":1,"
		  "\"show_id\":\"x\"}]}",
		  { .id = 0 } },
		{ "{\"movie_results\":[{\"id\":-1}],\"tv_results\":7}",
		  { .id = 0 } },
		{ "{\"movie_results\":[],\"person_results\":[{\"id\":1}]}",
		  { .id = 0 } },
	};
	static const char *const strange[] = { "", "[]", "{}",
		                               "{\"movie_results\":{}}",
		                               "<html>" };
	struct title_ref ref;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct error err = { "" };

		assert_true(tmdb_find_parse(rows[i].text, strlen(rows[i].text),
		                            &ref, &err));
		assert_int_equal(ref.id, rows[i].ref.id);
		if (ref.id == 0)
			continue;
		assert_int_equal(ref.kind, rows[i].ref.kind);
		assert_int_equal(ref.place.series_id,
		                 rows[i].ref.place.series_id);
		assert_int_equal(ref.place.season, rows[i].ref.place.season);
		assert_int_equal(ref.place.number, rows[i].ref.place.number);
	}
	for (size_t i = 0; i < ARRAY_LEN(strange); i++) {
		struct error err = { "" };

		assert_false(tmdb_find_parse(strange[i], strlen(strange[i]),
		                             &ref, &err));
		assert_non_null(strstr(err.message, "answer to a find"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(reads_films),           TEST(reads_series),
		TEST(leaves_out_bad_rows),   TEST(leaves_out_bad_values),
		TEST(takes_twenty_rows),     TEST(cuts_a_long_name),
		TEST(refuses_other_answers), cmocka_unit_test(reads_finds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
