#ifndef API_SERVER_HANDLERS_EVENTS_H
#define API_SERVER_HANDLERS_EVENTS_H

#include "api-server/http/route.h"

/* GET /v1/enrichment/events: progress, as server-sent events. */
extern const struct route events_routes[];

#endif
