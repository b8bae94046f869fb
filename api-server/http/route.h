#ifndef API_SERVER_HTTP_ROUTE_H
#define API_SERVER_HTTP_ROUTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/attr.h"
#include "common/pg/sql.h"

struct request;

/*
 * A route is a row of a table: method, path, the parameters it takes, and
 * either one statement whose single column "body" is the JSON answer, or a
 * function. What is not declared is refused: an unknown query parameter, one
 * given twice or one of the wrong type is a 400 that names it.
 */
enum param_type {
	PARAM_TEXT,   /* at most max bytes (0: 200), valid UTF-8 */
	PARAM_INT,    /* min..max */
	PARAM_BOOL,   /* 1, 0, true, false; given without a value: true */
	PARAM_CHOICE, /* one of .choices, separated by '|' */
	PARAM_STARS,  /* likewise, of numbers: "4.0" is "4" */
	PARAM_DATE
};

struct param {
	const char *name; /* "id" of /v1/films/{id}, or of the query string */
	enum param_type type;
	int64_t min, max;
	const char *choices;
	const char *def; /* when it is not given; NULL: SQL NULL */
};

struct route {
	const char *method;
	const char *path;           /* "/v1/films/{id}" */
	const struct param *params; /* see ROUTE_PARAMS, ROUTE_STATEMENT */
	/* Its parameters are the route's, as text (NULL when not given and
	 * without default). No row, or body NULL: 404. */
	const struct sql *sql;
	void (*handle)(struct request *rq);
	size_t body_max; /* bytes; 0: takes no body */
	/* Called on the head, before a body is read: true, and *body_max_r may
	 * be set lower; or false, and it has replied. May be NULL. */
	bool (*gate)(struct request *rq, size_t *body_max_r);
	int nparams;    /* rows of params */
	bool open;      /* needs no member: health, metrics, OpenAPI, page */
	bool any_query; /* takes any parameter, and looks at none */
	bool probe;     /* asked by machines all day, under any name: see
	                 * access_log.h */
	bool cached;    /* answer kept by library version: see cache.h */
};

/* In a row of a table of routes: the table of parameters of a function ... */
#define ROUTE_PARAMS(table) .params = (table), .nparams = ARRAY_LEN(table)
/* ... and a statement with its table, which has a row for each parameter in the
 * place that the statement has for it (handlers/params.h makes such rows). */
#define ROUTE_STATEMENT(statement, table)                                      \
	.sql = &(statement), .params = (table),                                \
	.nparams = (int)sizeof(struct {                                        \
		_Static_assert(ARRAY_LEN(table) == statement##_PARAMS,         \
		               "a parameter of the statement has no row");     \
		char count[ARRAY_LEN(table)];                                  \
	})

#endif
