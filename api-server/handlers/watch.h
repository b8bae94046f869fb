#ifndef API_SERVER_HANDLERS_WATCH_H
#define API_SERVER_HANDLERS_WATCH_H

#include "api-server/http/route.h"

/* /v1/watches: the member's viewings. */
extern const struct route watch_routes[];

#endif
