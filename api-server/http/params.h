#ifndef API_SERVER_HTTP_PARAMS_H
#define API_SERVER_HTTP_PARAMS_H

#include <stdbool.h>

#include "api-server/http/route.h"
#include "api-server/http/router.h"
#include "common/base/arena.h"
#include "common/base/attr.h"
#include "common/base/error.h"
#include "common/pg/sql.h"

/* What a request gives against what its route declares. Pure. */

/*
 * One value per parameter of the route, in its order: decoded, checked, in
 * normal form ("true" for 1), its default when it is not given, else NULL.
 * NULL with err filled when the request is refused: err names the parameter.
 * query may be NULL.
 */
const char *const *params_bind(const struct router_match *match,
                               const char *query, struct arena *arena,
                               struct error *err) MUST_CHECK;

/* Position of the parameter in the route, or -1. */
int params_index(const struct route *route, const char *name);

/* Statement and values in one string: equal for requests that ask the same,
 * whichever of its routes they take. */
char *params_key(const struct sql *sql, const char *const *values,
                 struct arena *arena);

#endif
