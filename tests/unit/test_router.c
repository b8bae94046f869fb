/* http/router: which route a method and a path have. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <string.h>

#include "api-server/http/router.h"
#include "api-server/routes.h"
#include "tests/unit/child.h"

static void handle(struct request *rq)
{
	(void)rq;
}

static const struct param id_params[] = {
	{ .name = "id", .type = PARAM_INT, .min = 1, .max = 9 },
};
static const struct param two_params[] = {
	{ .name = "id", .type = PARAM_INT, .min = 1, .max = 9 },
	{ .name = "row", .type = PARAM_TEXT },
};

static const struct route films[] = {
	{ "GET", "/v1/films", .handle = handle },
	{ "GET", "/v1/films/{id}", ROUTE_PARAMS(id_params), .handle = handle },
	{ "DELETE", "/v1/films/{id}", ROUTE_PARAMS(id_params),
	  .handle = handle },
	{ "GET", "/v1/films/unmatched", .handle = handle },
	{ "PUT", "/v1/films/{id}/match", ROUTE_PARAMS(id_params),
	  .handle = handle },
	{ "GET", "/v1/films/{id}/rows/{row}", ROUTE_PARAMS(two_params),
	  .handle = handle },
	{ 0 }
};
static const struct route others[] = { { "GET", "*", .handle = handle },
	                               { "POST", "/v1/imports",
	                                 .handle = handle },
	                               { "GET", "/", .handle = handle },
	                               { 0 } };
static const struct route *const tables[] = { films, others, NULL };

static void finds(void **state)
{
	static const struct {
		const char *method, *path;
		enum router_verdict verdict;
		const char *want; /* path of the route, or Allow */
	} rows[] = {
		{ "GET", "/v1/films", ROUTER_FOUND, "/v1/films" },
		{ "HEAD", "/v1/films", ROUTER_FOUND, "/v1/films" },
		{ "GET", "/v1/films/7", ROUTER_FOUND, "/v1/films/{id}" },
		{ "GET", "/v1/films/x%20y", ROUTER_FOUND, "/v1/films/{id}" },
		{ "GET", "/v1/films/unmatched", ROUTER_FOUND,
		  "/v1/films/unmatched" },
		{ "DELETE", "/v1/films/7", ROUTER_FOUND, "/v1/films/{id}" },
		{ "PUT", "/v1/films/7/match", ROUTER_FOUND,
		  "/v1/films/{id}/match" },
		{ "GET", "/", ROUTER_FOUND, "/" },
		{ "GET", "/v1/films/", ROUTER_FOUND, "*" },
		{ "GET", "/v1/films/7/8", ROUTER_FOUND, "*" },
		{ "GET", "/v1//films", ROUTER_FOUND, "*" },
		{ "GET", "v1/films", ROUTER_FOUND, "*" },
		{ "GET", "", ROUTER_FOUND, "*" },
		{ "GET", "/app.js", ROUTER_FOUND, "*" },
		{ "GET", "/V1/films", ROUTER_FOUND, "*" },
		{ "POST", "/app.js", ROUTER_NOT_FOUND, "" },
		{ "POST", "/v1/films", ROUTER_WRONG_METHOD, "GET, HEAD" },
		{ "PUT", "/v1/films/7", ROUTER_WRONG_METHOD,
		  "DELETE, GET, HEAD" },
		{ "GET", "/v1/imports", ROUTER_WRONG_METHOD, "POST" },
		{ "PATCH", "/v1/films/unmatched", ROUTER_WRONG_METHOD,
		  "GET, HEAD, DELETE" },
	};
	struct router *router = router_new(tables);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct router_match match;
		const enum router_verdict verdict = router_find(
			router, rows[i].method, str_of(rows[i].path), &match);

		assert_int_equal(verdict, rows[i].verdict);
		assert_string_equal(verdict == ROUTER_FOUND ? match.route->path
		                                            : match.allow,
		                    rows[i].want);
	}
	router_free(&router);
	router_free(&router);
}

static void gives_values(void **state)
{
	struct router *router = router_new(tables);
	struct router_match match;

	(void)state;
	assert_int_equal(router_find(router, "GET",
	                             STR_LIT("/v1/films/12/rows/a%2Fb"),
	                             &match),
	                 ROUTER_FOUND);
	assert_int_equal(match.count, 2);
	assert_true(str_is(match.values[0], "12"));
	assert_true(str_is(match.values[1], "a%2Fb"));
	router_free(&router);
}

/* Those of the program itself: a row for each parameter of a statement. */
static void takes_the_tables(void **state)
{
	struct router *router = router_new(route_tables);
	struct router_match match;

	(void)state;
	assert_int_equal(
		router_find(router, "GET", STR_LIT("/v1/films"), &match),
		ROUTER_FOUND);
	router_free(&router);
}

static const char *const three_names[] = { "id", "q", "limit", NULL };
static const struct sql three = { 0, "three", "", 3, three_names };

/* The second one has no row. */
static const struct param holed[] = {
	[0] = { .name = "id", .type = PARAM_INT, .min = 1, .max = 9 },
	[2] = { .name = "limit", .type = PARAM_INT, .min = 1, .max = 9 },
};
static const struct param twice[] = {
	{ .name = "id", .type = PARAM_INT, .min = 1, .max = 9 },
	{ .name = "q", .type = PARAM_TEXT },
	{ .name = "q", .type = PARAM_TEXT },
};

static void make_router(void *arg)
{
	const struct route *const tables_of_one[] = { arg, NULL };
	struct router *router = router_new(tables_of_one);

	router_free(&router);
}

static void refuses_tables(void **state)
{
	static const struct route rows[] = {
		{ "GET", "/{id}", ROUTE_PARAMS(holed), .sql = &three },
		{ "GET", "/{id}", ROUTE_PARAMS(twice), .sql = &three },
		{ "GET", "/{id}", ROUTE_PARAMS(id_params), .sql = &three },
		{ "GET", "/{no}", ROUTE_PARAMS(id_params), .handle = handle },
		{ "GET", "/", .handle = handle, .sql = &three },
		{ .method = "GET", .path = "/" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct route table[] = { rows[i], { 0 } };
		const int status = child_run(make_router, table);

		assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	}
}

static void walks_path_params(void **state)
{
	struct str pattern = STR_LIT("/v1/films/{id}/rows/{row}");
	struct str name;

	(void)state;
	assert_true(router_path_param(&pattern, &name));
	assert_true(str_is(name, "id"));
	assert_true(router_path_param(&pattern, &name));
	assert_true(str_is(name, "row"));
	assert_false(router_path_param(&pattern, &name));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds),
		cmocka_unit_test(gives_values),
		cmocka_unit_test(takes_the_tables),
		cmocka_unit_test(refuses_tables),
		cmocka_unit_test(walks_path_params),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
