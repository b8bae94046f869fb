#ifndef COMMON_PG_CONNINFO_H
#define COMMON_PG_CONNINFO_H

#include <stdbool.h>
#include <stdint.h>

#include "common/attr.h"

/*
 * Private to common/pg_*. The person's connection string, completed with what
 * makes a dead connection noticed; what the string says itself is kept. Pure.
 *
 * Arrays as PQconnectStartParams() wants them; both end with NULL.
 */
struct pg_conninfo {
	char **keywords;
	char **values;
};

/* A URL or a "key=value ..." list of libpq's? */
bool pg_conninfo_understands(const char *url) MUST_CHECK;
/* url is understood. */
struct pg_conninfo *pg_conninfo_new(const char *url,
                                    const char *application_name,
                                    int64_t connect_timeout_ms,
                                    int64_t deadline_ms) MUST_CHECK;
void pg_conninfo_free(struct pg_conninfo **info);

/* Several hosts: the next attempt begins with the second of them. libpq would
 * wait for ever for a first host that accepts but never answers. */
void pg_conninfo_rotate(struct pg_conninfo *info);

/* What the server is told to give up a statement after, so that its answer
 * comes before the deadline of the transaction. */
int64_t pg_statement_timeout(int64_t deadline_ms);

#endif
