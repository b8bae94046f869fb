#ifndef ENRICH_DAEMON_CANDIDATES_H
#define ENRICH_DAEMON_CANDIDATES_H

#include "common/buf.h"
#include "enrich-daemon/lookup.h"

/* The verdict's candidates as film.candidates has them: a JSON array. */
void candidates_write(struct buf *out, const struct lookup_verdict *verdict);

#endif
