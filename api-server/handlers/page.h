#ifndef API_SERVER_HANDLERS_PAGE_H
#define API_SERVER_HANDLERS_PAGE_H

#include "api-server/http/route.h"

/* The page: every path that is no other route's, from web.root. */
extern const struct route page_routes[];

#endif
