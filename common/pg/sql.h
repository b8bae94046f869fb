#ifndef COMMON_PG_SQL_H
#define COMMON_PG_SQL_H

/*
 * A statement: one file sql/queries/NOUN/VERB.sql is one of these,
 * SQL_NOUN_VERB in build/gen/sql.h. It is prepared by name on first use of each
 * connection.
 *
 * Its parameter :name::type has two constants there: SQL_NOUN_VERB_NAME_KIND is
 * its place from 0 on, SQL_NOUN_VERB_NAME_NAME is "name". The kind of the type
 * (INT, REAL, TEXT, BOOL, DATE, BYTES, ARRAY) is a part of the constant, so
 * that whoever believes in another one does not compile. SQL_NOUN_VERB_PARAMS
 * is how many there are.
 */
struct sql {
	int id;           /* 0..SQL_COUNT-1 */
	const char *name; /* "film_list" */
	const char *text; /* with $1, $2, ... for the parameters */
	int nparams;
	const char *const *params; /* their names, in that order */
};

#endif
