#ifndef API_SERVER_HANDLERS_STATS_H
#define API_SERVER_HANDLERS_STATS_H

#include "api-server/http/route.h"

/* /v1/stats: the dashboard, all panels or one. */
extern const struct route stats_routes[];

#endif
