/*
 * Parameters: from the path and the query string to one checked value each.
 * What is unknown, given twice or of the wrong type is refused by name.
 */
#include "api-server/http/params.h"

#include <inttypes.h>
#include <string.h>

#include "api-server/http/query_string.h"
#include "common/base/buf.h"
#include "common/base/mem.h"

#define TEXT_MAX_DEFAULT 200
/* More than any route has: a bound for the loop over a stranger's pairs. */
#define PAIRS_MAX 64
/* Values come from one request line, which HTTP_HEAD_MAX bounds. */
#define KEY_MAX 65536

static bool bind_path(const struct router_match *match, const char **values,
                      struct arena *arena, struct error *err);
static bool bind_query(const struct route *route, const char *query,
                       const char **values, struct arena *arena,
                       struct error *err);
static const char *param_check(const struct param *param, const char *value,
                               struct error *err);

const char *const *params_bind(const struct router_match *match,
                               const char *query, struct arena *arena,
                               struct error *err)
{
	const struct route *route = match->route;
	const size_t room = (size_t)route->nparams + 1;
	const char **values = arena_alloc(arena, room * sizeof(char *));

	if (!bind_path(match, values, arena, err) ||
	    (!route->any_query &&
	     !bind_query(route, query, values, arena, err)))
		return NULL;
	for (int i = 0; i < route->nparams; i++) {
		if (values[i] == NULL)
			values[i] = route->params[i].def;
	}
	return values;
}

int params_index(const struct route *route, const char *name)
{
	for (int i = 0; i < route->nparams; i++) {
		if (strcmp(route->params[i].name, name) == 0)
			return i;
	}
	return -1;
}

char *params_key(const struct sql *sql, const char *const *values,
                 struct arena *arena)
{
	struct buf key;

	buf_init(&key, KEY_MAX);
	buf_add_str(&key, sql->name);
	/* Lengths end where values begin: no value can look like another
	 * parameter. */
	for (int i = 0; i < sql->nparams; i++) {
		if (values[i] != NULL)
			buf_printf(&key, "&%s=%zu:%s", sql->params[i],
			           strlen(values[i]), values[i]);
	}

	ensure(!buf_overflowed(&key));
	char *copy = arena_strndup(arena, key.data, key.len);
	buf_deinit(&key);
	return copy;
}

static int index_of(const struct route *route, struct str name)
{
	for (int i = 0; i < route->nparams; i++) {
		if (str_is(name, route->params[i].name))
			return i;
	}
	return -1;
}

static bool in_path(const struct route *route, const char *name)
{
	struct str pattern = str_of(route->path);
	struct str found;

	while (router_path_param(&pattern, &found)) {
		if (str_is(found, name))
			return true;
	}
	return false;
}

static bool bind_path(const struct router_match *match, const char **values,
                      struct arena *arena, struct error *err)
{
	const struct route *route = match->route;
	struct str pattern = str_of(route->path);
	struct str name;

	for (int i = 0; router_path_param(&pattern, &name); i++) {
		const int index = index_of(route, name);
		ensure(index >= 0 && i < match->count);

		const char *value =
			percent_decode(arena, match->values[i], false, err);
		if (value == NULL)
			return false;
		values[index] = param_check(&route->params[index], value, err);
		if (values[index] == NULL)
			return false;
	}
	return true;
}

/* What the route does take, for the message. */
static const char *known_params(const struct route *route, struct arena *arena)
{
	const char *list = "none";

	for (int i = 0; i < route->nparams; i++) {
		const char *name = route->params[i].name;

		if (in_path(route, name))
			continue;
		list = strcmp(list, "none") == 0
		               ? name
		               : arena_printf(arena, "%s, %s", list, name);
	}
	return list;
}

static bool bind_pair(const struct route *route, const struct query_pair *pair,
                      const char **values, struct arena *arena,
                      struct error *err)
{
	const int index = index_of(route, str_of(pair->name));

	if (index < 0 || in_path(route, pair->name))
		return error_set(err,
		                 "there is no parameter '%.60s'; those of this "
		                 "address are: %s",
		                 pair->name, known_params(route, arena));
	if (values[index] != NULL)
		return error_set(err, "parameter '%s' is given twice",
		                 pair->name);
	values[index] = param_check(&route->params[index], pair->value, err);
	return values[index] != NULL;
}

static bool bind_query(const struct route *route, const char *query,
                       const char **values, struct arena *arena,
                       struct error *err)
{
	struct query_string q = { str_of(query != NULL ? query : "") };
	struct query_pair pair;

	for (int i = 0; i < PAIRS_MAX; i++) {
		switch (query_string_next(&q, arena, &pair, err)) {
		case QUERY_END:
			return true;
		case QUERY_BAD:
			return false;
		case QUERY_PAIR:
			if (!bind_pair(route, &pair, values, arena, err))
				return false;
			break;
		}
	}
	return error_set(err, "more than %d parameters", PAIRS_MAX);
}

/* --- one check per type: the value in normal form, or NULL --------------- */

static const char *check_text(const struct param *param, const char *value,
                              struct error *err)
{
	const size_t max =
		param->max > 0 ? (size_t)param->max : TEXT_MAX_DEFAULT;

	if (strlen(value) <= max)
		return value;
	error_set(err, "parameter '%s' is longer than %zu bytes", param->name,
	          max);
	return NULL;
}

static const char *check_int(const struct param *param, const char *value,
                             struct error *err)
{
	int64_t number;

	if (str_to_int64(str_of(value), param->min, param->max, &number))
		return value;
	error_set(err,
	          "parameter '%s' must be a whole number from %" PRId64
	          " to %" PRId64 ", not '%.60s'",
	          param->name, param->min, param->max, value);
	return NULL;
}

static const char *check_bool(const struct param *param, const char *value,
                              struct error *err)
{
	static const char *const words[][2] = { { "true", "true" },
		                                { "1", "true" },
		                                { "false", "false" },
		                                { "0", "false" } };

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (strcmp(value, words[i][0]) == 0)
			return words[i][1];
	}
	error_set(err, "parameter '%s' must be true or false, not '%.60s'",
	          param->name, value);
	return NULL;
}

static const char *check_choice(const struct param *param, const char *value,
                                struct error *err)
{
	struct str choices = str_of(param->choices);
	struct str choice;

	while (str_cut(&choices, '|', &choice)) {
		if (str_is(choice, value))
			return value;
	}
	error_set(err, "parameter '%s' must be one of %s, not '%.60s'",
	          param->name, param->choices, value);
	return NULL;
}

static const char *check_stars(const struct param *param, const char *value,
                               struct error *err)
{
	const struct str number = str_of(value);
	char whole[] = { value[0], '\0' };

	if (number.n == strlen("4.0") && str_ends(number, ".0"))
		return check_choice(param, whole, err) != NULL ? value : NULL;
	return check_choice(param, value, err);
}

static const char *check_date(const struct param *param, const char *value,
                              struct error *err)
{
	if (str_is_date(str_of(value)))
		return value;
	error_set(err,
	          "parameter '%s' must be a date as YYYY-MM-DD, not '%.60s'",
	          param->name, value);
	return NULL;
}

static const char *(*const checks[])(const struct param *param,
                                     const char *value, struct error *err) = {
	[PARAM_TEXT] = check_text,   [PARAM_INT] = check_int,
	[PARAM_BOOL] = check_bool,   [PARAM_CHOICE] = check_choice,
	[PARAM_STARS] = check_stars, [PARAM_DATE] = check_date,
};

static const char *param_check(const struct param *param, const char *value,
                               struct error *err)
{
	if (value == NULL && param->type == PARAM_BOOL)
		return "true";
	if (value == NULL) {
		error_set(err, "parameter '%s' needs a value: %s=...",
		          param->name, param->name);
		return NULL;
	}
	return checks[param->type](param, value, err);
}
