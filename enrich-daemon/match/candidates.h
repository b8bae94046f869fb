#ifndef ENRICH_DAEMON_MATCH_CANDIDATES_H
#define ENRICH_DAEMON_MATCH_CANDIDATES_H

#include "common/base/buf.h"
#include "enrich-daemon/match/lookup.h"

/* The verdict's candidates as film.candidates has them: a JSON array. */
void candidates_write(struct buf *out, const struct lookup_verdict *verdict);

#endif
