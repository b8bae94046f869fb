#ifndef API_SERVER_ROUTES_H
#define API_SERVER_ROUTES_H

#include "api-server/http/route.h"

/* The tables of all handlers; NULL at the end. */
extern const struct route *const route_tables[];

#endif
