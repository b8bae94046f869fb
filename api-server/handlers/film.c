/*
 * Films: every answer is the answer of a statement in sql/queries/film/. The
 * order of the parameters is that of the statement.
 */
#include "api-server/handlers/route_tables.h"

#include "api-server/handlers/params.h"
#include "gen/sql.h"

static const struct param list_params[] = {
	{ .name = "q", .type = PARAM_TEXT },
	PARAM_YEAR("year"),
	PARAM_YEAR("decade"),
	{ .name = "genre", .type = PARAM_TEXT },
	{ .name = "country", .type = PARAM_TEXT },
	{ .name = "language", .type = PARAM_TEXT },
	PARAM_ID("director"),
	PARAM_ID("actor"),
	PARAM_STARS("rating_min"),
	PARAM_STARS("rating_max"),
	PARAM_FLAG("rated"),
	PARAM_FLAG("watched"),
	PARAM_FLAG("liked"),
	PARAM_FLAG("watchlist"),
	PARAM_FLAG("rewatched"),
	{ .name = "state",
	  .type = PARAM_CHOICE,
	  .choices = "matched|not_found|ambiguous|failed|pending" },
	{ .name = "sort",
	  .type = PARAM_CHOICE,
	  .choices = "title|year|rating|watched|watches|runtime|marked",
	  .def = "watched" },
	{ .name = "order", .type = PARAM_CHOICE, .choices = "asc|desc" },
	PARAM_CURSOR,
	PARAM_LIMIT,
	{ 0 },
};

static const struct param id_params[] = { PARAM_ID("id"), { 0 } };

const struct route film_routes[] = {
	{ .method = "GET",
	  .path = "/v1/films",
	  .params = list_params,
	  .sql = &SQL_FILM_LIST },
	{ .method = "GET",
	  .path = "/v1/films/{id}",
	  .params = id_params,
	  .sql = &SQL_FILM_SHOW },
	{ .method = "GET",
	  .path = "/v1/films/{id}/watches",
	  .params = id_params,
	  .sql = &SQL_FILM_WATCHES },
	{ .method = "GET",
	  .path = "/v1/films/{id}/rating",
	  .params = id_params,
	  .sql = &SQL_FILM_RATING },
	{ 0 },
};
