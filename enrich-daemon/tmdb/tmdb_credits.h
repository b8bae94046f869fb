#ifndef ENRICH_DAEMON_TMDB_TMDB_CREDITS_H
#define ENRICH_DAEMON_TMDB_TMDB_CREDITS_H

#include "common/base/arena.h"
#include "common/json/json_read.h"
#include "enrich-daemon/tmdb/tmdb_title.h"

/*
 * Cast and crew of a details answer into title: "credits" of a film,
 * "aggregate_credits" (else "credits") and "created_by" of a series.
 */
void tmdb_credits_read(struct arena *arena, const struct json *root,
                       struct tmdb_title *title);
/*
 * Of an episode of that series: those who are in all its episodes, then the
 * "guest_stars"; its own "crew".
 */
void tmdb_credits_read_episode(struct arena *arena, const struct json *series,
                               const struct json *episode,
                               struct tmdb_title *title);

#endif
