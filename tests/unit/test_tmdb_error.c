/* enrich-daemon/tmdb/tmdb_error, and which answers a lookup takes for one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/attr.h"
#include "enrich-daemon/match/lookup.h"
#include "enrich-daemon/tmdb/tmdb_error.h"
#include "tests/unit/lookup_script.h"

static const char *const alien[] = {
	"",
	"<html><body><h1>404 Not Found</h1></body></html>",
	"{\"detail\":\"Not Found\"}",
	"{\"status_code\":404,\"error\":\"Not Found\"}",
	"{\"status_message\":\"The resource could not be found.\"}",
	"{\"status_code\":\"34\",\"status_message\":\"Not found.\"}",
	"{\"status_code\":34,\"status_message\":null}",
	"{\"status_code\":34,\"status_message\":\"The resource",
	"[34,\"The resource you requested could not be found.\"]",
};

static void knows_errors_of_tmdb(void **state)
{
	/* As recorded; "success" came later than the others. */
	static const char *const own[] = {
		GONE,
		"{\"status_code\":7,\"status_message\":\"Invalid API key - You "
		"must be granted a valid key\"}",
		"{\"status_code\":22,\"status_message\":\"Invalid page: Pages "
		"start at 1 and max at 500. They are expected to be an "
		"integer.\",\"success\":false}",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(own); i++)
		assert_true(tmdb_is_error(own[i], strlen(own[i])));
	for (size_t i = 0; i < ARRAY_LEN(alien); i++)
		assert_false(tmdb_is_error(alien[i], strlen(alien[i])));
	assert_false(tmdb_is_error(NULL, 0));
}

/* The answer is refused, and the same call is wanted as before. */
static void assert_refused(struct lookup *l, int status, const char *body)
{
	enum title_kind kind;
	struct error err = { "" };
	int64_t id;
	const char *call = lookup_wants(l, &kind, &id);

	assert_non_null(call);
	assert_false(lookup_answer(l, status, body, strlen(body), &err));
	assert_non_null(strstr(err.message, call));
	assert_ptr_equal(lookup_wants(l, &kind, &id), call);
	assert_false(lookup_lost(l));
}

/* TMDB has an empty page where there is nothing. */
static void no_search_is_answered_with_404(void **state)
{
	static const struct lookup_film new = { .title = "House",
		                                .year = 1977 };
	static const struct lookup_film chosen = { .title = "imdb:tt7366338",
		                                   .imdb_id = "tt7366338" };

	assert_refused(lookup_new(*state, &new), 404, GONE);
	assert_refused(lookup_new(*state, &chosen), 404, GONE);
}

static void no_title_is_gone_that_tmdb_does_not_say_so_of(void **state)
{
	static const struct lookup_film films[] = {
		{ .title = "House", .known_id = 25623, .known_own = true },
		{ .title = "House", .known_id = 25623, .known_locked = true },
		{ .title = "House", .year = 1977, .indexed_id = 25623 },
	};

	for (size_t i = 0; i < ARRAY_LEN(films); i++)
		for (size_t k = 0; k < ARRAY_LEN(alien); k++)
			assert_refused(lookup_new(*state, &films[i]), 404,
			               alien[k]);
}

/* A server that says so of everything would take away what somebody chose. */
static void proves_that_a_chosen_title_is_gone(void **state)
{
	static const struct lookup_film film = { .title = "House",
		                                 .known_id = 25623,
		                                 .known_locked = true };
	struct lookup *l = lookup_new(*state, &film);
	struct error err;

	assert_true(lookup_answer(l, 404, GONE, strlen(GONE), &err));
	assert_true(lookup_lost(l));
	assert_null(lookup_verdict(l));
	assert_refused(l, 404, GONE);
	assert_true(lookup_answer(l, 200, "{}", 2, &err));
	assert_none(lookup_verdict(l), LOOKUP_NOT_FOUND);
}

static void takes_no_other_status(void **state)
{
	static const struct lookup_film known = { .title = "House",
		                                  .known_id = 25623 };

	assert_refused(lookup_new(*state, &known), 410, GONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(knows_errors_of_tmdb),
		TEST(no_search_is_answered_with_404),
		TEST(no_title_is_gone_that_tmdb_does_not_say_so_of),
		TEST(proves_that_a_chosen_title_is_gone),
		TEST(takes_no_other_status),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
