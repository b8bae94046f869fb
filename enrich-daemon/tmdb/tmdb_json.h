#ifndef ENRICH_DAEMON_TMDB_TMDB_JSON_H
#define ENRICH_DAEMON_TMDB_TMDB_JSON_H

#include <stdint.h>

#include "common/base/arena.h"
#include "common/json/json_read.h"

/*
 * Values of TMDB's answers, checked: what is missing, null, "" or not what it
 * should be is NULL (or 0), never an error. Strings are copied to the arena.
 */

extern const struct json_limits tmdb_json_limits;

/* Trimmed valid UTF-8, cut at max bytes on a character's border. */
const char *tmdb_text(struct arena *arena, const struct json *j, size_t max);
/* A date that exists, YYYY-MM-DD; of a timestamp, its first ten characters. */
const char *tmdb_date(struct arena *arena, const struct json *j);
/* Of such a date; 0: NULL has none. */
int tmdb_year(const char *date);
/* An image's path: "/", then letters, digits, "-", "_", ".". */
const char *tmdb_path(struct arena *arena, const struct json *j);
/* A short code of ASCII letters (a language, a country), min..max long. */
const char *tmdb_code(struct arena *arena, const struct json *j, size_t min,
                      size_t max);
/* An id: above 0, else 0. */
int64_t tmdb_id(const struct json *j);
/* A whole number between 0 and max (above: max), 0 when there is none. */
int64_t tmdb_count(const struct json *j, int64_t max);
/* A number between 0 and max, as a column of the type real can have it. */
#define TMDB_POPULARITY_MAX 1e9
double tmdb_real(const struct json *j, double max);

#endif
