#ifndef COMMON_PG_SQL_H
#define COMMON_PG_SQL_H

/*
 * A statement: one file sql/queries/NOUN/VERB.sql is one of these,
 * SQL_NOUN_VERB in build/gen/sql.h. It is prepared by name on first use of each
 * connection.
 */
struct sql {
	int id;           /* 0..SQL_COUNT-1 */
	const char *name; /* "film_list" */
	const char *text;
	int nparams; /* the highest $n */
};

#endif
