/*
 * All routes in one array, the more literal ones first, so that the first
 * route whose pattern fits is the right one. A few dozen rows are compared
 * segment by segment; nothing cleverer is needed.
 */
#include "api-server/http/router.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"

struct router {
	const struct route **routes;
	size_t count;
};

static void route_ensure_sound(const struct route *route);
static int route_compare(const void *a, const void *b);
static bool pattern_fits(const char *pattern, struct str path,
                         struct router_match *match);
static bool method_fits(const struct route *route, const char *method);
static void allow_add(struct router_match *match, const struct route *route);

struct router *router_new(const struct route *const *tables)
{
	struct router *r = xcalloc(1, sizeof(*r));

	for (; *tables != NULL; tables++) {
		for (const struct route *t = *tables; t->method != NULL; t++) {
			route_ensure_sound(t);
			r->routes = xreallocarray(r->routes, r->count + 1,
			                          sizeof(struct route *));
			r->routes[r->count++] = t;
		}
	}
	qsort(r->routes, r->count, sizeof(struct route *), route_compare);
	for (size_t i = 1; i < r->count; i++)
		ensure(route_compare(&r->routes[i - 1], &r->routes[i]) != 0);
	return r;
}

void router_free(struct router **r)
{
	if (*r == NULL)
		return;
	free(r[0]->routes);
	free(*r);
	*r = NULL;
}

enum router_verdict router_find(const struct router *r, const char *method,
                                struct str path, struct router_match *match)
{
	*match = (struct router_match){ 0 };
	for (size_t i = 0; i < r->count; i++) {
		const struct route *route = r->routes[i];
		const bool rest = strcmp(route->path, "*") == 0;

		if (rest ? match->allow[0] != '\0'
		         : !pattern_fits(route->path, path, match))
			continue;
		if (method_fits(route, method)) {
			match->route = route;
			return ROUTER_FOUND;
		}
		if (!rest)
			allow_add(match, route);
	}
	return match->allow[0] != '\0' ? ROUTER_WRONG_METHOD : ROUTER_NOT_FOUND;
}

bool router_path_param(struct str *pattern, struct str *name)
{
	struct str segment;

	while (str_cut(pattern, '/', &segment)) {
		if (segment.n > 2 && segment.p[0] == '{') {
			*name = (struct str){ segment.p + 1, segment.n - 2 };
			return true;
		}
	}
	return false;
}

static int count_named(const struct route *route, struct str name)
{
	int count = 0;

	for (int i = 0; i < route->nparams; i++)
		count += str_is(name, route->params[i].name);
	return count;
}

/* A parameter of a statement without a row of the table leaves a hole. */
static void params_ensure_sound(const struct route *route)
{
	ensure(route->sql == NULL || route->sql->nparams == route->nparams);
	for (int i = 0; i < route->nparams; i++)
		ensure(route->params[i].name != NULL);
	for (int i = 0; i < route->nparams; i++)
		ensure(count_named(route, str_of(route->params[i].name)) == 1);
}

static void route_ensure_sound(const struct route *route)
{
	struct str pattern = str_of(route->path);
	struct str name;
	int path_params = 0;

	ensure((route->sql != NULL) != (route->handle != NULL));
	ensure(!route->cached || (route->sql != NULL && !route->open));
	params_ensure_sound(route);
	while (router_path_param(&pattern, &name)) {
		ensure(count_named(route, name) == 1);
		path_params++;
	}
	ensure(path_params <= ROUTER_PATH_PARAMS_MAX);
}

/* Literal before parameter: '{' is behind every letter; "*" last of all. */
static int route_compare(const void *a, const void *b)
{
	const struct route *const *x = a;
	const struct route *const *y = b;
	const bool x_rest = strcmp((*x)->path, "*") == 0;
	const bool y_rest = strcmp((*y)->path, "*") == 0;

	if (x_rest != y_rest)
		return x_rest ? 1 : -1;

	const int order = strcmp((*x)->path, (*y)->path);
	return order != 0 ? order : strcmp((*x)->method, (*y)->method);
}

static bool pattern_fits(const char *pattern, struct str path,
                         struct router_match *match)
{
	struct str left = str_of(pattern);
	struct str want;
	struct str have;

	match->count = 0;
	while (str_cut(&left, '/', &want)) {
		if (!str_cut(&path, '/', &have))
			return false;
		if (want.n > 0 && want.p[0] == '{') {
			if (have.n == 0)
				return false;
			match->values[match->count++] = have;
		} else if (!str_eq(want, have)) {
			return false;
		}
	}
	return path.p == NULL;
}

static bool method_fits(const struct route *route, const char *method)
{
	return strcmp(route->method, method) == 0 ||
	       (strcmp(method, "HEAD") == 0 &&
	        strcmp(route->method, "GET") == 0);
}

static void allow_add(struct router_match *match, const struct route *route)
{
	const size_t len = strlen(match->allow);
	const bool get = strcmp(route->method, "GET") == 0;

	if (strstr(match->allow, route->method) != NULL)
		return;
	snprintf(match->allow + len, sizeof(match->allow) - len, "%s%s%s",
	         len > 0 ? ", " : "", route->method, get ? ", HEAD" : "");
}
