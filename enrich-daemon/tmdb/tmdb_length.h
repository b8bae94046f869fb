#ifndef ENRICH_DAEMON_TMDB_TMDB_LENGTH_H
#define ENRICH_DAEMON_TMDB_TMDB_LENGTH_H

#include <stdbool.h>

#include "common/base/attr.h"
#include "common/base/error.h"
#include "common/base/str.h"
#include "enrich-daemon/tmdb/tmdb_title.h"

struct json;

/*
 * How long a series is: the sum of its episodes, without the specials. The
 * details answer of a series says how many episodes there are, but the length
 * of one at most, often a double one; an answer with seasons appended says how
 * long each is. An episode of unknown length counts as the median of the known
 * ones.
 */

/* Minutes, by what the answer of a series has; 0: unknown. Without any episode
 * it is the median of "episode_run_time", else the length of the last episode,
 * times their number. */
int tmdb_length_read(const struct json *root);
/* The seasons whose episodes would tell it better, and that are not in the
 * answer: in TMDB's order, up to TMDB_SEASONS_MAX of them with up to 250
 * episodes, those with more than there is room for left out. */
void tmdb_length_unmeasured(const struct json *root, struct tmdb_seasons *out);
/* tmdb_length_read() of the answer's text. False with err filled when it is no
 * answer of a series. */
bool tmdb_length_parse(struct str text, int *minutes_r,
                       struct error *err) MUST_CHECK;

#endif
