#ifndef API_SERVER_HTTP_ROUTER_H
#define API_SERVER_HTTP_ROUTER_H

#include "api-server/http/route.h"
#include "common/base/attr.h"
#include "common/base/str.h"

/*
 * Finds the route of a method and a path. A literal segment wins over a
 * parameter ("/v1/films/unmatched" over "/v1/films/{id}"); the path "*" takes
 * what nothing else takes; HEAD is GET. Pure.
 */
struct router;

#define ROUTER_PATH_PARAMS_MAX 4

enum router_verdict {
	ROUTER_FOUND,
	ROUTER_NOT_FOUND,   /* no route has that path */
	ROUTER_WRONG_METHOD /* one has, with other methods: allow */
};

struct router_match {
	const struct route *route;
	/* Still percent-encoded, in the order of the {names} of the path;
	 * views into the path. */
	struct str values[ROUTER_PATH_PARAMS_MAX];
	int count;
	char allow[64]; /* "GET, HEAD, POST"; only with ROUTER_WRONG_METHOD */
};

/*
 * tables: NULL at the end. A table that contradicts itself is a programming
 * error: ensure() (a {name} that is no parameter, a parameter of the statement
 * that has no row, a name or a route given twice, neither statement nor
 * function).
 */
struct router *router_new(const struct route *const *tables) MUST_CHECK;
void router_free(struct router **r);

enum router_verdict router_find(const struct router *r, const char *method,
                                struct str path,
                                struct router_match *match) MUST_CHECK;

/* For each {name} of the path in turn: true and its name. */
bool router_path_param(struct str *pattern, struct str *name);

#endif
