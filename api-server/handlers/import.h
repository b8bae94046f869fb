#ifndef API_SERVER_HANDLERS_IMPORT_H
#define API_SERVER_HANDLERS_IMPORT_H

#include "api-server/http/route.h"

/* /v1/imports: uploads and their reports; DELETE /v1/library. */
extern const struct route import_routes[];

#endif
