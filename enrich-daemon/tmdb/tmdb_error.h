#ifndef ENRICH_DAEMON_TMDB_TMDB_ERROR_H
#define ENRICH_DAEMON_TMDB_TMDB_ERROR_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/attr.h"

/*
 * Is this the body of an error that TMDB itself speaks of: JSON with a number
 * "status_code" and a text "status_message"? What a proxy, a captive portal or
 * some other server answers is not, whatever its HTTP status. Pure; text may be
 * NULL when len is 0.
 */
bool tmdb_is_error(const char *text, size_t len) MUST_CHECK;

#endif
