/*
 * The look-ups in TMDB as the member sees them: see sql/queries/enrichment/.
 */
#include "api-server/handlers/route_tables.h"

#include "api-server/handlers/params.h"
#include "gen/sql.h"

static const struct param unmatched_params[] = {
	BIND_SWITCH(SQL_ENRICHMENT_UNMATCHED, DOUBTFUL),
	BIND_CHOICE(SQL_ENRICHMENT_UNMATCHED, STATE,
	            "not_found|ambiguous|failed|matched"),
	BIND_ID(SQL_ENRICHMENT_UNMATCHED, AFTER),
	BIND_LIMIT(SQL_ENRICHMENT_UNMATCHED, LIMIT),
};

static const struct param retry_params[] = {
	BIND_SWITCH(SQL_ENRICHMENT_RETRY, NOT_FOUND),
};

const struct route enrichment_routes[] = {
	{ .method = "GET",
	  .path = "/v1/enrichment",
	  .sql = &SQL_ENRICHMENT_PROGRESS },
	{ .method = "GET",
	  .path = "/v1/enrichment/unmatched",
	  ROUTE_STATEMENT(SQL_ENRICHMENT_UNMATCHED, unmatched_params) },
	{ .method = "POST",
	  .path = "/v1/enrichment/retry",
	  ROUTE_STATEMENT(SQL_ENRICHMENT_RETRY, retry_params) },
	{ 0 },
};
