/* enrich-daemon/tmdb/tmdb_changes: a page of ids, and pages that are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/arena.h"
#include "common/base/attr.h"
#include "common/base/buf.h"
#include "enrich-daemon/tmdb/tmdb_call.h"
#include "enrich-daemon/tmdb/tmdb_changes.h"
#include "tests/unit/arena_fixture.h"

static struct tmdb_changes parse(struct arena *arena, int page,
                                 const char *text)
{
	struct tmdb_changes list;
	struct error err = { "" };

	if (!tmdb_changes_parse(arena, page, text, strlen(text), &list, &err))
		fail_msg("%s", err.message);
	return list;
}

static void reads_ids(void **state)
{
	const struct tmdb_changes list =
		parse(*state, 2,
	              "{\"results\":[{\"id\":117380,\"adult\":false},"
	              "{\"adult\":null,\"id\":963581},"
	              "{\"id\":681470,\"adult\":true,\"softcore\":true}],"
	              "\"page\":2,\"total_pages\":76,\"total_results\":7570}");
	static const int64_t expected[] = { 117380, 963581, 681470 };

	assert_int_equal(list.pages, 76);
	assert_int_equal(list.count, 3);
	for (size_t i = 0; i < ARRAY_LEN(expected); i++)
		assert_int_equal(list.ids[i], expected[i]);
}

static void leaves_out_what_has_no_id(void **state)
{
	const struct tmdb_changes list =
		parse(*state, 1,
	              "{\"results\":[{\"id\":0},{\"id\":-5},{\"id\":\"7\"},{},"
	              "null,8,[9],{\"id\":1.5},{\"id\":10},{\"id\":11.0}],"
	              "\"total_pages\":1}");

	assert_int_equal(list.count, 2);
	assert_int_equal(list.ids[0], 10);
	assert_int_equal(list.ids[1], 11);
}

static void nothing_has_changed(void **state)
{
	static const char *const empty[] = {
		"{\"results\":[],\"page\":1,\"total_pages\":1,"
		"\"total_results\":0}",
		"{\"results\":[],\"page\":1,\"total_pages\":0}",
	};

	for (size_t i = 0; i < ARRAY_LEN(empty); i++) {
		const struct tmdb_changes list = parse(*state, 1, empty[i]);

		assert_int_equal(list.count, 0);
		assert_int_equal(list.pages, (int)(1 - i));
	}
}

static void more_pages_than_can_be_had(void **state)
{
	const struct tmdb_changes list = parse(
		*state, 1, "{\"results\":[{\"id\":1}],\"total_pages\":1064}");

	assert_int_equal(list.pages, TMDB_CHANGES_PAGES_MAX);
}

/* None of these may pass for a list that has come to its end. */
static void refuses_what_is_no_page(void **state)
{
	static const char *const wrong[] = {
		"",
		"{}",
		"[]",
		"null",
		"<html>Service</html>",
		"{\"results\":[{\"id\":1}",
		"{\"results\":[{\"id\":1}],\"page\":3}",
		"{\"results\":{\"id\":1},\"total_pages\":1,\"page\":3}",
		"{\"results\":null,\"total_pages\":1,\"page\":3}",
		"{\"total_pages\":1,\"page\":3}",
		"{\"results\":[],\"total_pages\":null,\"page\":3}",
		"{\"results\":[],\"total_pages\":\"9\",\"page\":3}",
		"{\"results\":[],\"total_pages\":-1,\"page\":3}",
		"{\"results\":[],\"total_pages\":1.5,\"page\":3}",
		"{\"results\":[],\"total_pages\":9,\"page\":1}",
		"{\"success\":false,\"status_code\":20}",
	};

	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct tmdb_changes list;
		struct error err = { "" };

		if (tmdb_changes_parse(*state, 3, wrong[i], strlen(wrong[i]),
		                       &list, &err))
			fail_msg("taken: %s", wrong[i]);
		assert_non_null(
			strstr(err.message, "TMDB's list of changes: "));
	}
}

static struct buf page_of(int rows)
{
	struct buf b;

	buf_init(&b, 1 << 20);
	buf_add_str(&b, "{\"total_pages\":1,\"results\":[");
	for (int i = 1; i <= rows; i++)
		buf_printf(&b, "%s{\"id\":%d}", i > 1 ? "," : "", i);
	buf_add_str(&b, "]}");
	return b;
}

static void rows_have_a_bound(void **state)
{
	struct buf most = page_of(TMDB_CHANGES_ROWS_MAX);
	struct buf more = page_of(TMDB_CHANGES_ROWS_MAX + 1);
	struct tmdb_changes list;
	struct error err;

	assert_true(tmdb_changes_parse(*state, 1, most.data, most.len, &list,
	                               &err));
	assert_int_equal(list.count, TMDB_CHANGES_ROWS_MAX);
	assert_false(tmdb_changes_parse(*state, 1, more.data, more.len, &list,
	                                &err));
	buf_deinit(&most);
	buf_deinit(&more);
}

static void the_calls(void **state)
{
	assert_string_equal(tmdb_call_changes(*state, TITLE_MOVIE, "2026-11-26",
	                                      "2026-11-27", 1),
	                    "/3/movie/changes?start_date=2026-11-26"
	                    "&end_date=2026-11-27&page=1");
	assert_string_equal(tmdb_call_changes(*state, TITLE_TV, "2026-02-28",
	                                      "2026-03-01", 76),
	                    "/3/tv/changes?start_date=2026-02-28"
	                    "&end_date=2026-03-01&page=76");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(reads_ids),
		TEST(leaves_out_what_has_no_id),
		TEST(nothing_has_changed),
		TEST(more_pages_than_can_be_had),
		TEST(refuses_what_is_no_page),
		TEST(rows_have_a_bound),
		TEST(the_calls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
