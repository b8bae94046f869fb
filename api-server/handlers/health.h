#ifndef API_SERVER_HANDLERS_HEALTH_H
#define API_SERVER_HANDLERS_HEALTH_H

#include "api-server/http/route.h"

/* /healthz, /readyz and /metrics: for those who operate the server. */
extern const struct route health_routes[];

#endif
