#ifndef API_SERVER_HANDLERS_OPENAPI_H
#define API_SERVER_HANDLERS_OPENAPI_H

#include "api-server/http/route.h"

/* /v1/openapi.json: the API described, from api-server/openapi.json. */
extern const struct route openapi_routes[];

#endif
