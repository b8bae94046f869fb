/*
 * Films: every answer is the answer of a statement in sql/queries/film/.
 */
#include "api-server/handlers/route_tables.h"

#include "api-server/handlers/params.h"
#include "gen/sql.h"

static const struct param list_params[] = {
	BIND_TEXT(SQL_FILM_LIST, Q),
	BIND_YEAR(SQL_FILM_LIST, YEAR),
	BIND_YEAR(SQL_FILM_LIST, DECADE),
	BIND_TEXT(SQL_FILM_LIST, GENRE),
	BIND_TEXT(SQL_FILM_LIST, COUNTRY),
	BIND_TEXT(SQL_FILM_LIST, LANGUAGE),
	BIND_ID(SQL_FILM_LIST, DIRECTOR),
	BIND_ID(SQL_FILM_LIST, ACTOR),
	BIND_STARS(SQL_FILM_LIST, RATING_MIN),
	BIND_STARS(SQL_FILM_LIST, RATING_MAX),
	BIND_FLAG(SQL_FILM_LIST, RATED),
	BIND_FLAG(SQL_FILM_LIST, WATCHED),
	BIND_FLAG(SQL_FILM_LIST, LIKED),
	BIND_FLAG(SQL_FILM_LIST, WATCHLIST),
	BIND_FLAG(SQL_FILM_LIST, REWATCHED),
	BIND_CHOICE(SQL_FILM_LIST, STATE,
	            "matched|not_found|ambiguous|failed|pending"),
	BIND_CHOICE(SQL_FILM_LIST, SORT,
	            "title|year|rating|watched|watches|runtime|marked",
	            .def = "watched"),
	BIND_CHOICE(SQL_FILM_LIST, ORDER, "asc|desc"),
	BIND_CURSOR(SQL_FILM_LIST, AFTER),
	BIND_LIMIT(SQL_FILM_LIST, LIMIT),
};

static const struct param show_params[] = {
	BIND_PATH_ID(SQL_FILM_SHOW, FILM),
};

static const struct param watches_params[] = {
	BIND_PATH_ID(SQL_FILM_WATCHES, FILM),
	BIND_ID(SQL_FILM_WATCHES, AFTER),
	BIND_LIMIT(SQL_FILM_WATCHES, LIMIT),
};

static const struct param rating_params[] = {
	BIND_PATH_ID(SQL_FILM_RATING, FILM),
};

const struct route film_routes[] = {
	{ .method = "GET",
	  .path = "/v1/films",
	  ROUTE_STATEMENT(SQL_FILM_LIST, list_params) },
	{ .method = "GET",
	  .path = "/v1/films/{id}",
	  ROUTE_STATEMENT(SQL_FILM_SHOW, show_params) },
	{ .method = "GET",
	  .path = "/v1/films/{id}/watches",
	  ROUTE_STATEMENT(SQL_FILM_WATCHES, watches_params) },
	{ .method = "GET",
	  .path = "/v1/films/{id}/rating",
	  ROUTE_STATEMENT(SQL_FILM_RATING, rating_params) },
	{ 0 },
};
