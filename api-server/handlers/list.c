/*
 * Lists: see sql/queries/list/, whose order the parameters have.
 */
#include "api-server/handlers/route_tables.h"

#include "api-server/handlers/params.h"
#include "gen/sql.h"

static const struct param list_params[] = {
	PARAM_ID("after"),
	PARAM_LIMIT,
	{ 0 },
};

static const struct param show_params[] = {
	PARAM_ID("id"),
	{ .name = "after", .type = PARAM_INT, .min = 1, .max = INT32_MAX },
	PARAM_LIMIT,
	{ 0 },
};

const struct route list_routes[] = {
	{ .method = "GET",
	  .path = "/v1/lists",
	  .params = list_params,
	  .sql = &SQL_LIST_LIST },
	{ .method = "GET",
	  .path = "/v1/lists/{id}",
	  .params = show_params,
	  .sql = &SQL_LIST_SHOW },
	{ 0 },
};
