/* Every route of the server, by the file that handles it. */
#include "api-server/routes.h"

#include <stddef.h>

#include "api-server/handlers/enrichment.h"
#include "api-server/handlers/events.h"
#include "api-server/handlers/film.h"
#include "api-server/handlers/health.h"
#include "api-server/handlers/import.h"
#include "api-server/handlers/library.h"
#include "api-server/handlers/list.h"
#include "api-server/handlers/match.h"
#include "api-server/handlers/openapi.h"
#include "api-server/handlers/page.h"
#include "api-server/handlers/stats.h"
#include "api-server/handlers/watch.h"

const struct route *const route_tables[] = {
	import_routes, film_routes,    match_routes,      watch_routes,
	list_routes,   stats_routes,   enrichment_routes, events_routes,
	health_routes, openapi_routes, library_routes,    page_routes,
	NULL
};
