/* http/params: what a request gives against what its route declares. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "api-server/http/params.h"
#include "api-server/routes.h"
#include "common/base/buf.h"

static const struct param params[] = {
	{ .name = "id", .type = PARAM_INT, .min = 1, .max = 99 },
	{ .name = "q", .type = PARAM_TEXT, .max = 5 },
	{ .name = "year", .type = PARAM_INT, .min = 1888, .max = 2100 },
	{ .name = "liked", .type = PARAM_BOOL },
	{ .name = "sort",
	  .type = PARAM_CHOICE,
	  .choices = "title|year",
	  .def = "year" },
	{ .name = "since", .type = PARAM_DATE },
};
static const struct route route = { .method = "GET",
	                            .path = "/v1/films/{id}",
	                            ROUTE_PARAMS(params) };

/* The values joined by ',', NULL as '-'; or the error. */
static const char *bound(struct arena *arena, const char *id, const char *query)
{
	const struct router_match match = { .route = &route,
		                            .values = { str_of(id) },
		                            .count = 1 };
	struct error err = { "" };
	const char *const *values = params_bind(&match, query, arena, &err);
	const char *text = "";

	if (values == NULL)
		return arena_strdup(arena, err.message);
	for (int i = 0; i < 6; i++)
		text = arena_printf(arena, "%s%s%s", text, i > 0 ? "," : "",
		                    values[i] ? values[i] : "-");
	return text;
}

static void binds(void **state)
{
	static const char *const rows[][3] = {
		{ "7", NULL, "7,-,-,-,year,-" },
		{ "7", "", "7,-,-,-,year,-" },
		{ "%37", "q=a+b", "7,a b,-,-,year,-" },
		{ "7", "q=", "7,,-,-,year,-" },
		{ "7", "q=12345", "7,12345,-,-,year,-" },
		{ "7", "year=1888&sort=title", "7,-,1888,-,title,-" },
		{ "7", "liked", "7,-,-,true,year,-" },
		{ "7", "liked=1", "7,-,-,true,year,-" },
		{ "7", "liked=false", "7,-,-,false,year,-" },
		{ "7", "liked=0", "7,-,-,false,year,-" },
		{ "7", "since=2024-02-29", "7,-,-,-,year,2024-02-29" },
	};
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_string_equal(bound(arena, rows[i][0], rows[i][1]),
		                    rows[i][2]);
	arena_free(&arena);
}

/* The message names the parameter. */
static void refuses(void **state)
{
	static const char *const rows[][3] = {
		{ "0", NULL, "'id'" },
		{ "abc", NULL, "'id'" },
		{ "%", NULL, "%" },
		{ "1e1", NULL, "'id'" },
		{ "7", "id=7", "'id'" },
		{ "7", "nope=1", "'nope'" },
		{ "7", "q=123456", "'q'" },
		{ "7", "q", "'q' needs a value" },
		{ "7", "q=%ff", "UTF-8" },
		{ "7", "year=", "'year'" },
		{ "7", "year=1887", "'year'" },
		{ "7", "year=+1999", "'year'" },
		{ "7", "year=99999999999999999999", "'year'" },
		{ "7", "year=2000&year=2000", "'year' is given twice" },
		{ "7", "liked=yes", "'liked'" },
		{ "7", "sort=TITLE", "title|year" },
		{ "7", "sort=title|year", "'sort'" },
		{ "7", "sort=", "'sort'" },
		{ "7", "since=2024-02-30", "'since'" },
		{ "7", "Year=2000", "'Year'" },
	};
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char *message = bound(arena, rows[i][0], rows[i][1]);
		assert_non_null(strstr(message, rows[i][2]));
	}
	assert_non_null(strstr(bound(arena, "7", "nope=1"),
	                       "q, year, liked, sort, since"));
	arena_free(&arena);
}

static void takes_stars(void **state)
{
	static const struct param stars[] = { { .name = "rating",
		                                .type = PARAM_STARS,
		                                .choices = "0.5|1|4|4.5" } };
	static const struct route films = { .method = "GET",
		                            .path = "/v1/films",
		                            ROUTE_PARAMS(stars) };
	static const struct {
		const char *query;
		bool taken;
	} rows[] = {
		{ "rating=4", true },     { "rating=4.0", true },
		{ "rating=0.5", true },   { "rating=4.5", true },
		{ "rating=4.00", false }, { "rating=2.0", false },
		{ "rating=4.", false },   { "rating=.0", false },
		{ "rating=0", false },    { "rating=", false },
	};
	const struct router_match match = { .route = &films };
	struct arena *arena = arena_new();
	struct error err;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_true((params_bind(&match, rows[i].query, arena, &err) !=
		             NULL) == rows[i].taken);
	arena_free(&arena);
}

static void bounds_the_number_of_pairs(void **state)
{
	struct arena *arena = arena_new();
	struct buf query;

	(void)state;
	buf_init(&query, 4096);
	for (int i = 0; i < 100; i++)
		buf_add_str(&query, "nope=1&");
	assert_non_null(strstr(bound(arena, "7", query.data), "nope"));
	buf_deinit(&query);
	arena_free(&arena);
}

/* The key of a request of the program itself. */
static const char *key(struct arena *arena, const char *path, const char *query)
{
	struct router *router = router_new(route_tables);
	struct router_match match;
	const char *const *values;
	struct error err;

	assert_int_equal(router_find(router, "GET", str_of(path), &match),
	                 ROUTER_FOUND);
	values = params_bind(&match, query, arena, &err);
	assert_non_null(values);
	router_free(&router);
	return params_key(match.route->sql, values, arena);
}

static void makes_keys(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	assert_string_equal(
		key(arena, "/v1/films", "year=2000&liked=1"),
		key(arena, "/v1/films", "liked&sort=watched&year=2000"));
	assert_string_not_equal(key(arena, "/v1/films", "year=2000"),
	                        key(arena, "/v1/films", "year=2001"));
	assert_string_not_equal(key(arena, "/v1/films", "q="),
	                        key(arena, "/v1/films", ""));
	assert_string_not_equal(key(arena, "/v1/films/7", ""),
	                        key(arena, "/v1/films/7/watches", ""));
	/* A value cannot pass for a parameter. */
	assert_string_not_equal(key(arena, "/v1/films", "q=a%26b"),
	                        key(arena, "/v1/films", "q=a"));
	arena_free(&arena);
}

/* The key is of what is asked, not of how. */
static void makes_one_key_of_two_routes(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	assert_string_equal(key(arena, "/v1/stats/genres", "year=2000"),
	                    key(arena, "/v1/stats", "year=2000&panel=genres"));
	assert_string_not_equal(key(arena, "/v1/stats/genres", ""),
	                        key(arena, "/v1/stats/countries", ""));
	assert_string_not_equal(key(arena, "/v1/stats/genres", ""),
	                        key(arena, "/v1/stats", ""));
	arena_free(&arena);
}

static void finds_positions(void **state)
{
	(void)state;
	assert_int_equal(params_index(&route, "id"), 0);
	assert_int_equal(params_index(&route, "since"), 5);
	assert_int_equal(params_index(&route, "i"), -1);
	assert_int_equal(params_index(&(struct route){ .path = "/" }, "i"), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(binds),
		cmocka_unit_test(refuses),
		cmocka_unit_test(takes_stars),
		cmocka_unit_test(bounds_the_number_of_pairs),
		cmocka_unit_test(makes_keys),
		cmocka_unit_test(makes_one_key_of_two_routes),
		cmocka_unit_test(finds_positions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
