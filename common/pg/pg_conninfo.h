#ifndef COMMON_PG_PG_CONNINFO_H
#define COMMON_PG_PG_CONNINFO_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/attr.h"

/*
 * Private to common/pg/. The person's connection string, completed with what
 * makes a dead connection noticed; what the string says itself is kept. Pure.
 *
 * Arrays as PQconnectStartParams() wants them; both end with NULL.
 */
struct pg_conninfo {
	char **keywords;
	char **values;
};

/* A URL or a "key=value ..." list of libpq's, and none of whose password a part
 * would be taken for something else? */
bool pg_conninfo_understands(const char *url) MUST_CHECK;
/* url is understood. */
struct pg_conninfo *pg_conninfo_new(const char *url,
                                    const char *application_name,
                                    int64_t connect_timeout_ms) MUST_CHECK;
void pg_conninfo_free(struct pg_conninfo **info);

struct pg_conninfo *pg_conninfo_copy(const struct pg_conninfo *info) MUST_CHECK;

/* keyword: one of libpq's. Borrowed; NULL when nothing is said. */
const char *pg_conninfo_get(const struct pg_conninfo *info,
                            const char *keyword) MUST_CHECK;
/* Copies value. */
void pg_conninfo_set(struct pg_conninfo *info, const char *keyword,
                     const char *value);
/* The same, unless something is said already. */
void pg_conninfo_set_default(struct pg_conninfo *info, const char *keyword,
                             const char *value);

#endif
