#ifndef ENRICH_DAEMON_CLIENT_INFLATE_H
#define ENRICH_DAEMON_CLIENT_INFLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/attr.h"
#include "common/base/buf.h"
#include "common/base/error.h"

/* Does it begin as gzip does? JSON never does. */
bool inflate_is_gzip(const char *data, size_t len) MUST_CHECK;
/* Unpacks a gzip body that was sent without saying so. False when it is
 * broken, or larger than out may become. */
bool inflate_gzip(const char *data, size_t len, struct buf *out,
                  struct error *err) MUST_CHECK;

#endif
