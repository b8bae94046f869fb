/* A query string of a stranger, bound to a route with one of each type. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "api-server/http/params.h"
#include "common/base/mem.h"
#include "common/base/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct param params[] = {
	{ .name = "id", .type = PARAM_INT, .min = 1, .max = INT64_MAX },
	{ .name = "q", .type = PARAM_TEXT, .max = 20 },
	{ .name = "year", .type = PARAM_INT, .min = -5, .max = 9999 },
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

/* What was let through is what was declared. */
static void judge(const char *const *values)
{
	int64_t number;

	ensure(str_to_int64(str_of(values[0]), 1, INT64_MAX, &number));
	ensure(values[1] == NULL ||
	       (strlen(values[1]) <= 20 && str_is_utf8(str_of(values[1]))));
	ensure(values[2] == NULL ||
	       str_to_int64(str_of(values[2]), -5, 9999, &number));
	ensure(values[3] == NULL || strcmp(values[3], "true") == 0 ||
	       strcmp(values[3], "false") == 0);
	ensure(strcmp(values[4], "title") == 0 ||
	       strcmp(values[4], "year") == 0);
	ensure(values[5] == NULL || str_is_date(str_of(values[5])));
}

/* Up to the first newline the path's parameter, behind it the query. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str query = { (const char *)data, size };
	struct router_match match = { .route = &route, .count = 1 };
	struct arena *arena = arena_new();
	struct error err = { "" };
	const char *const *values;

	if (!str_cut(&query, '\n', &match.values[0]))
		match.values[0] = STR_LIT("");
	if (query.p == NULL)
		query = STR_LIT("");
	values = params_bind(&match, arena_strndup(arena, query.p, query.n),
	                     arena, &err);
	if (values != NULL)
		judge(values);
	else
		ensure(err.message[0] != '\0');
	arena_free(&arena);
	return 0;
}
