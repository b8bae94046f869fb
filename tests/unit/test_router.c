/* http/router: which route a method and a path have. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "api-server/http/router.h"

static void handle(struct request *rq)
{
	(void)rq;
}

static const struct param id_params[] = {
	{ .name = "id", .type = PARAM_INT, .min = 1, .max = 9 }, { 0 }
};
static const struct param two_params[] = {
	{ .name = "id", .type = PARAM_INT, .min = 1, .max = 9 },
	{ .name = "row", .type = PARAM_TEXT },
	{ 0 }
};

static const struct route films[] = {
	{ "GET", "/v1/films", .handle = handle },
	{ "GET", "/v1/films/{id}", .params = id_params, .handle = handle },
	{ "DELETE", "/v1/films/{id}", .params = id_params, .handle = handle },
	{ "GET", "/v1/films/unmatched", .handle = handle },
	{ "PUT", "/v1/films/{id}/match", .params = id_params,
	  .handle = handle },
	{ "GET", "/v1/films/{id}/rows/{row}", .params = two_params,
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
		cmocka_unit_test(walks_path_params),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
