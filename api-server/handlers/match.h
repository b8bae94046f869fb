#ifndef API_SERVER_HANDLERS_MATCH_H
#define API_SERVER_HANDLERS_MATCH_H

#include "api-server/http/route.h"

/* /v1/films/{id}/match: which title of TMDB the member says a film is. */
extern const struct route match_routes[];

#endif
