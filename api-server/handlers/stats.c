/*
 * The dashboard: one statement makes all panels or the one that is asked for,
 * so that /v1/stats/{panel} and /v1/stats?panel= are the same request.
 */
#include "api-server/handlers/stats.h"

#include "api-server/handlers/params.h"
#include "gen/sql.h"

static const struct param params[] = {
	{ .name = "year", IS_YEAR },
	{ .name = "genre", .type = PARAM_TEXT },
	{ .name = "country", .type = PARAM_TEXT },
	{ .name = "language", .type = PARAM_TEXT },
	{ .name = "decade", IS_YEAR },
	{ .name = "director", IS_ID },
	{ .name = "rating", IS_STARS },
	{ .name = "panel",
	  .type = PARAM_CHOICE,
	  .choices = "overview|years|by_month|by_week|by_weekday|calendar|"
	             "by_release_year|by_decade|ratings|genres|countries|"
	             "languages|studios|directors|actors|writers|rewatches|"
	             "higher|lower|milestones|runtime" },
};

const struct route stats_routes[] = {
	{ .method = "GET",
	  .path = "/v1/stats",
	  ROUTE_STATEMENT(SQL_STATS_PANELS, params),
	  .cached = true },
	{ .method = "GET",
	  .path = "/v1/stats/{panel}",
	  ROUTE_STATEMENT(SQL_STATS_PANELS, params),
	  .cached = true },
	{ 0 },
};
