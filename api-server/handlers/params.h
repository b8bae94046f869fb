#ifndef API_SERVER_HANDLERS_PARAMS_H
#define API_SERVER_HANDLERS_PARAMS_H

#include "api-server/http/route.h"

/* What parameters take that several routes have. */
#define IS_ID    .type = PARAM_INT, .min = 1, .max = INT64_MAX
#define IS_YEAR  .type = PARAM_INT, .min = 1, .max = 9999
#define IS_STARS .type = PARAM_STARS, .choices = "0.5|1|1.5|2|2.5|3|3.5|4|4.5|5"
#define IS_LIMIT .type = PARAM_INT, .min = 1, .max = 500, .def = "50"
/* "next" of the page before: KEY~ID; the key is at most 100 characters. */
#define IS_CURSOR .type = PARAM_TEXT, .max = 500

/*
 * A row for a parameter of a statement, with its name and in its place (see
 * common/pg/sql.h). One that the statement does not have, or has of another kind
 * than the row, does not compile. To have another name in the query string,
 * write the row out: [SQL_FILM_LIST_Q_TEXT] = { .name = "title", ... }.
 */
#define BIND(sql, param, kind, ...)                                            \
	[sql##_##param##_##kind] = { .name = sql##_##param##_NAME, __VA_ARGS__ }

#define BIND_INT(sql, param, min_, max_)                                       \
	BIND(sql, param, INT, .type = PARAM_INT, .min = min_, .max = max_)
#define BIND_ID(sql, param)    BIND(sql, param, INT, IS_ID)
#define BIND_YEAR(sql, param)  BIND(sql, param, INT, IS_YEAR)
#define BIND_LIMIT(sql, param) BIND(sql, param, INT, IS_LIMIT)
#define BIND_STARS(sql, param) BIND(sql, param, REAL, IS_STARS)
#define BIND_FLAG(sql, param)  BIND(sql, param, BOOL, .type = PARAM_BOOL)
/* Not given: false, where the others are NULL. */
#define BIND_SWITCH(sql, param)                                                \
	BIND(sql, param, BOOL, .type = PARAM_BOOL, .def = "false")
#define BIND_DATE(sql, param)   BIND(sql, param, DATE, .type = PARAM_DATE)
#define BIND_TEXT(sql, param)   BIND(sql, param, TEXT, .type = PARAM_TEXT)
#define BIND_CURSOR(sql, param) BIND(sql, param, TEXT, IS_CURSOR)
/* choices, and perhaps .def = the one when it is not given */
#define BIND_CHOICE(sql, param, ...)                                           \
	BIND(sql, param, TEXT, .type = PARAM_CHOICE, .choices = __VA_ARGS__)
/* What the path has as {id}. */
#define BIND_PATH_ID(sql, param) [sql##_##param##_INT] = { .name = "id", IS_ID }

#endif
