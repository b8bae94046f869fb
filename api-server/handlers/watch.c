/*
 * Viewings: see sql/queries/watch/, whose order the parameters have.
 */
#include "api-server/handlers/route_tables.h"

#include "api-server/handlers/params.h"
#include "gen/sql.h"

static const struct param list_params[] = {
	PARAM_YEAR("year"),
	{ .name = "from", .type = PARAM_DATE },
	{ .name = "to", .type = PARAM_DATE },
	PARAM_ID("film"),
	PARAM_FLAG("rewatch"),
	PARAM_FLAG("rated"),
	{ .name = "tag", .type = PARAM_TEXT },
	{ .name = "source",
	  .type = PARAM_CHOICE,
	  .choices = "diary|reviews|watched|orphaned" },
	PARAM_CURSOR,
	PARAM_LIMIT,
	{ 0 },
};

const struct route watch_routes[] = {
	{ .method = "GET",
	  .path = "/v1/watches",
	  .params = list_params,
	  .sql = &SQL_WATCH_LIST },
	{ 0 },
};
