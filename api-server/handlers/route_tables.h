#ifndef API_SERVER_HANDLERS_ROUTE_TABLES_H
#define API_SERVER_HANDLERS_ROUTE_TABLES_H

#include "api-server/http/route.h"

/*
 * The routes of each file in handlers/; api-server/routes.c puts them together.
 * Each table ends with a route without a method.
 */

/* /v1/imports: uploads and their reports; DELETE /v1/library. */
extern const struct route import_routes[];
/* /v1/films: the member's films, one of them, its watches and its rating. */
extern const struct route film_routes[];
/* /v1/films/{id}/match: which title of TMDB the member says a film is. */
extern const struct route match_routes[];
/* /v1/watches: the member's viewings. */
extern const struct route watch_routes[];
/* /v1/lists: the member's lists and their items. */
extern const struct route list_routes[];
/* /v1/stats: the dashboard, all panels or one. */
extern const struct route stats_routes[];
/* /v1/enrichment: progress of the look-ups in TMDB, what they left open,
 * and trying that again. */
extern const struct route enrichment_routes[];
/* GET /v1/enrichment/events: progress, as server-sent events. */
extern const struct route events_routes[];
/* /healthz, /readyz and /metrics: for those who operate the server. */
extern const struct route health_routes[];
/* /v1/openapi.json: the API described, from api-server/openapi.json. */
extern const struct route openapi_routes[];
/* GET /v1/library: is it the sample, does the stand-in answer. */
extern const struct route library_routes[];
/* The page: every path that is no other route's, from web.root. */
extern const struct route page_routes[];

#endif
