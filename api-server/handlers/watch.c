/*
 * Viewings: every answer is the answer of a statement in sql/queries/watch/.
 */
#include "api-server/handlers/route_tables.h"

#include "api-server/handlers/params.h"
#include "gen/sql.h"

static const struct param list_params[] = {
	BIND_YEAR(SQL_WATCH_LIST, YEAR),
	BIND_DATE(SQL_WATCH_LIST, FROM),
	BIND_DATE(SQL_WATCH_LIST, TO),
	BIND_ID(SQL_WATCH_LIST, FILM),
	BIND_FLAG(SQL_WATCH_LIST, REWATCH),
	BIND_FLAG(SQL_WATCH_LIST, RATED),
	BIND_TEXT(SQL_WATCH_LIST, TAG),
	BIND_CHOICE(SQL_WATCH_LIST, SOURCE, "diary|reviews|watched|orphaned"),
	BIND_CURSOR(SQL_WATCH_LIST, AFTER),
	BIND_LIMIT(SQL_WATCH_LIST, LIMIT),
};

const struct route watch_routes[] = {
	{ .method = "GET",
	  .path = "/v1/watches",
	  ROUTE_STATEMENT(SQL_WATCH_LIST, list_params) },
	{ 0 },
};
