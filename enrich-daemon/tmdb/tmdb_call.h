#ifndef ENRICH_DAEMON_TMDB_TMDB_CALL_H
#define ENRICH_DAEMON_TMDB_TMDB_CALL_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "enrich-daemon/tmdb/tmdb_title.h"

/* Paths of TMDB's calls below its base URL, with the query, encoded. */

/*
 * The text is UTF-8 in NFC and is encoded here, once. year 0: any; else the
 * year of any release of a film, of the first episode of a series.
 */
const char *tmdb_call_search(struct arena *arena, enum title_kind kind,
                             const char *text, int year, int page);
/* Which title has this id of IMDb ("tt0137523"). */
const char *tmdb_call_find(struct arena *arena, const char *imdb_id);
/* All that tmdb_title_parse() reads, or tmdb_episode_parse(); with_names: the
 * other names as well, of a film or a series. */
const char *tmdb_call_details(struct arena *arena, const struct title_ref *ref,
                              bool with_names);
/* The series' details with all the episodes of these seasons. */
const char *tmdb_call_seasons(struct arena *arena, int64_t series_id,
                              const struct tmdb_seasons *seasons);
/* The same episodes alone, with nothing else of the series appended: what
 * tmdb_length_parse() reads. */
const char *tmdb_call_lengths(struct arena *arena, int64_t series_id,
                              const struct tmdb_seasons *seasons);
/* TMDB's configuration: it is always there. */
extern const char tmdb_call_configuration[];
/* A page of what has changed on these days (YYYY-MM-DD, both in it). */
const char *tmdb_call_changes(struct arena *arena, enum title_kind kind,
                              const char *from_day, const char *to_day,
                              int page);

#endif
