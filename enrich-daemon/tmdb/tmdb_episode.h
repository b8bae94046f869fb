#ifndef ENRICH_DAEMON_TMDB_TMDB_EPISODE_H
#define ENRICH_DAEMON_TMDB_TMDB_EPISODE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "common/base/arena.h"
#include "common/base/attr.h"
#include "common/base/error.h"
#include "common/base/str.h"
#include "common/json/json_read.h"
#include "enrich-daemon/tmdb/tmdb_search.h"
#include "enrich-daemon/tmdb/tmdb_title.h"

/*
 * Seasons and episodes in the details answer of a series: "seasons" lists
 * them all, a member "season/{n}" for each season appended has its episodes.
 */

/* The answer as a tree, in the arena; NULL with err filled when nothing can be
 * said of its episodes, as it is not an answer of a series. */
const struct json *tmdb_series_parse(struct arena *arena, struct str text,
                                     struct error *err) MUST_CHECK;

/* The seasons that may have an episode of that year, the likeliest four first:
 * begun in it, the year before, the year after; then the specials. Those with
 * more episodes than there is room for (150, each with all who are in it) are
 * left out: such a series is no anthology, and its answer could be larger than
 * is taken. */
void tmdb_seasons_read(const struct json *root, int year,
                       struct tmdb_seasons *out);

/* Episodes beyond this are left out. */
#define TMDB_EPISODES_MAX 500

struct tmdb_episodes {
	struct tmdb_row *rows; /* named "Series: Episode", with their place */
	int count;
};

void tmdb_episodes_read(struct arena *arena, const struct json *root,
                        struct tmdb_episodes *out);

/* The members of root that are seasons. */
#define TMDB_EACH_SEASON(season, root)                                         \
	JSON_EACH(season, root)                                                \
		if (strncmp((season)->key, "season/", strlen("season/")) == 0)

/* --- one episode ---------------------------------------------------------- */

struct tmdb_episode_json {
	const struct json *season, *episode;
};

/* By its id, else by its place. */
bool tmdb_episode_find(const struct json *root, const struct title_ref *ref,
                       struct tmdb_episode_json *found_r) MUST_CHECK;
struct episode_place tmdb_episode_place(const struct json *root,
                                        const struct json *episode);
/* "Series: Episode"; NULL when one of them has no name. */
const char *tmdb_episode_name(struct arena *arena, const struct json *root,
                              const struct json *episode);

#endif
