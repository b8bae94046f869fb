#ifndef ENRICH_DAEMON_CLIENT_FETCH_FIELDS_H
#define ENRICH_DAEMON_CLIENT_FETCH_FIELDS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/str.h"

/* Header fields of an answer that are more than their text. Pure. */

/* More is not waited: eleven days. */
#define FETCH_RETRY_AFTER_MAX_S INT64_C(1000000)

/*
 * Is the line, with its CRLF, an ETag? Then its value, which is empty when it
 * could not be sent back: what HTTP lets an ETag be and every server sends is
 * visible ASCII.
 */
bool fetch_fields_etag(struct str line, struct str *value_r);

/*
 * Milliseconds that Retry-After asks for; -1: it does not. Seconds, or a time of
 * day, which only the server's own clock explains: date is its Date. Either may
 * be NULL.
 */
int64_t fetch_fields_retry_after(const char *value, const char *date);

#endif
