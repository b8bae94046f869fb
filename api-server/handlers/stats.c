/*
 * The dashboard: one statement makes all panels or the one that is asked for,
 * so that /v1/stats/{panel} and /v1/stats?panel= are the same request.
 */
#include "api-server/handlers/route_tables.h"

#include "api-server/handlers/params.h"
#include "gen/sql.h"

static const struct param params[] = {
	BIND_YEAR(SQL_STATS_PANELS, YEAR),
	BIND_TEXT(SQL_STATS_PANELS, GENRE),
	BIND_TEXT(SQL_STATS_PANELS, COUNTRY),
	BIND_TEXT(SQL_STATS_PANELS, LANGUAGE),
	BIND_YEAR(SQL_STATS_PANELS, DECADE),
	BIND_ID(SQL_STATS_PANELS, DIRECTOR),
	BIND_STARS(SQL_STATS_PANELS, RATING),
	BIND_CHOICE(SQL_STATS_PANELS, PANEL,
	            "overview|years|by_month|by_week|by_weekday|calendar|"
	            "by_release_year|by_decade|ratings|genres|countries|"
	            "languages|studios|directors|actors|writers|rewatches|"
	            "higher|lower|milestones|runtime"),
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
