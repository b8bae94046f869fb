#ifndef API_SERVER_HANDLERS_FILM_H
#define API_SERVER_HANDLERS_FILM_H

#include "api-server/http/route.h"

/* /v1/films: the member's films, one of them, its watches and its rating. */
extern const struct route film_routes[];

#endif
