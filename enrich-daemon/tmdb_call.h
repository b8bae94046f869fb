#ifndef ENRICH_DAEMON_TMDB_CALL_H
#define ENRICH_DAEMON_TMDB_CALL_H

#include <stdbool.h>
#include <stdint.h>

#include "common/arena.h"
#include "enrich-daemon/tmdb_title.h"

/* Paths of TMDB's calls below its base URL, with the query, encoded. */

/*
 * The text is UTF-8 in NFC and is encoded here, once. year 0: any; else the
 * year of any release of a film, of the first episode of a series.
 */
const char *tmdb_call_search(struct arena *arena, enum title_kind kind,
                             const char *text, int year, int page);
/* Which title has this id of IMDb ("tt0137523"). */
const char *tmdb_call_find(struct arena *arena, const char *imdb_id);
/* All that tmdb_title_parse() reads; with_names: the other names as well. */
const char *tmdb_call_details(struct arena *arena, enum title_kind kind,
                              int64_t id, bool with_names);

#endif
