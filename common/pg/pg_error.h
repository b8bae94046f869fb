#ifndef COMMON_PG_PG_ERROR_H
#define COMMON_PG_PG_ERROR_H

#include <stdbool.h>

#include "common/pg/pg_result.h"

/*
 * Private to common/pg/. What an SQLSTATE means for the transaction and for
 * its connection: drop says that the connection must not be used again, even
 * if libpq still believes in it.
 */
struct pg_verdict {
	enum pg_error_kind kind;
	bool drop;
};

/* "" (libpq itself reports an error): the connection is lost. */
struct pg_verdict pg_error_verdict(const char *sqlstate);

/* What an operator can do about a message of libpq's or of a pooler's that says
 * little by itself; NULL: nothing that we know of. */
const char *pg_error_advice(const char *message);

#endif
