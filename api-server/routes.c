/* Every route of the server, by the file that handles it. */
#include "api-server/routes.h"

#include <stddef.h>

#include "api-server/handlers/route_tables.h"

const struct route *const route_tables[] = {
	import_routes, film_routes,    match_routes,      watch_routes,
	list_routes,   stats_routes,   enrichment_routes, events_routes,
	health_routes, openapi_routes, library_routes,    page_routes,
	NULL
};
