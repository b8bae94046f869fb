/*
 * Lists: every answer is the answer of a statement in sql/queries/list/.
 */
#include "api-server/handlers/route_tables.h"

#include "api-server/handlers/params.h"
#include "gen/sql.h"

static const struct param list_params[] = {
	BIND_ID(SQL_LIST_LIST, AFTER),
	BIND_LIMIT(SQL_LIST_LIST, LIMIT),
};

static const struct param show_params[] = {
	BIND_PATH_ID(SQL_LIST_SHOW, LIST),
	BIND_INT(SQL_LIST_SHOW, AFTER, 1, INT32_MAX),
	BIND_LIMIT(SQL_LIST_SHOW, LIMIT),
};

const struct route list_routes[] = {
	{ .method = "GET",
	  .path = "/v1/lists",
	  ROUTE_STATEMENT(SQL_LIST_LIST, list_params) },
	{ .method = "GET",
	  .path = "/v1/lists/{id}",
	  ROUTE_STATEMENT(SQL_LIST_SHOW, show_params) },
	{ 0 },
};
