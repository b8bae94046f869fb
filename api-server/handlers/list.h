#ifndef API_SERVER_HANDLERS_LIST_H
#define API_SERVER_HANDLERS_LIST_H

#include "api-server/http/route.h"

/* /v1/lists: the member's lists and their items. */
extern const struct route list_routes[];

#endif
