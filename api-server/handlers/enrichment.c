/*
 * The look-ups in TMDB as the member sees them: see sql/queries/enrichment/.
 */
#include "api-server/handlers/route_tables.h"

#include "api-server/handlers/params.h"
#include "gen/sql.h"

static const struct param unmatched_params[] = {
	{ .name = "doubtful", .type = PARAM_BOOL, .def = "false" },
	PARAM_ID("after"),
	PARAM_LIMIT,
	{ 0 },
};

static const struct param retry_params[] = {
	{ .name = "not_found", .type = PARAM_BOOL, .def = "false" },
	{ 0 },
};

const struct route enrichment_routes[] = {
	{ .method = "GET",
	  .path = "/v1/enrichment",
	  .sql = &SQL_ENRICHMENT_PROGRESS },
	{ .method = "GET",
	  .path = "/v1/enrichment/unmatched",
	  .params = unmatched_params,
	  .sql = &SQL_ENRICHMENT_UNMATCHED },
	{ .method = "POST",
	  .path = "/v1/enrichment/retry",
	  .params = retry_params,
	  .sql = &SQL_ENRICHMENT_RETRY },
	{ 0 },
};
