#ifndef API_SERVER_HANDLERS_LIBRARY_H
#define API_SERVER_HANDLERS_LIBRARY_H

#include "api-server/http/route.h"

/* GET /v1/library: is it the sample, does the stand-in answer. */
extern const struct route library_routes[];

#endif
