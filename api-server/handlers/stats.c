/*
 * The dashboard: one statement makes all panels or the one that is asked for,
 * so that /v1/stats/{panel} and /v1/stats?panel= are the same request.
 */
#include "api-server/handlers/route_tables.h"

#include "api-server/handlers/params.h"
#include "gen/sql.h"

static const struct param params[] = {
	PARAM_YEAR("year"),
	{ .name = "genre", .type = PARAM_TEXT },
	{ .name = "country", .type = PARAM_TEXT },
	{ .name = "language", .type = PARAM_TEXT },
	PARAM_YEAR("decade"),
	PARAM_ID("director"),
	PARAM_STARS("rating"),
	{ .name = "panel",
	  .type = PARAM_CHOICE,
	  .choices = "overview|years|by_month|by_week|by_weekday|calendar|"
	             "by_release_year|by_decade|ratings|genres|countries|"
	             "languages|studios|directors|actors|writers|rewatches|"
	             "higher|lower|milestones|runtime" },
	{ 0 },
};

const struct route stats_routes[] = {
	{ .method = "GET",
	  .path = "/v1/stats",
	  .params = params,
	  .sql = &SQL_STATS_PANELS,
	  .cached = true },
	{ .method = "GET",
	  .path = "/v1/stats/{panel}",
	  .params = params,
	  .sql = &SQL_STATS_PANELS,
	  .cached = true },
	{ 0 },
};
