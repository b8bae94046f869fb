#ifndef API_SERVER_HTTP_NEGOTIATE_H
#define API_SERVER_HTTP_NEGOTIATE_H

#include <stdbool.h>

/* What a client says it takes and what it has already. Pure; a header that is
 * not there is NULL. */

/* Accept-Encoding allows gzip. */
bool negotiate_gzip(const char *accept_encoding);

/*
 * If-None-Match names this entity tag (given without quotes), weakly compared
 * and whichever encoding it was sent in (see body.h).
 */
bool negotiate_has(const char *if_none_match, const char *etag);

#endif
