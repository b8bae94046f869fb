#ifndef ENRICH_DAEMON_TMDB_TMDB_EPISODE_H
#define ENRICH_DAEMON_TMDB_TMDB_EPISODE_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/arena.h"
#include "common/base/attr.h"
#include "common/base/error.h"
#include "common/json/json_read.h"
#include "enrich-daemon/tmdb/tmdb_search.h"
#include "enrich-daemon/tmdb/tmdb_title.h"

/*
 * Seasons and episodes in the details answer of a series: "seasons" lists
 * them all, a member "season/{n}" for each season appended has its episodes.
 */

#define TMDB_SEASONS_MAX 4
/* Of all those seasons: each comes with all who are in it. */
#define TMDB_SEASONS_EPISODES_MAX 150

struct tmdb_seasons {
	int numbers[TMDB_SEASONS_MAX];
	int count;
	int episodes;
};

/* The seasons that may have an episode of that year, the likeliest first:
 * begun in it, the year before, the year after; then the specials. Those with
 * more episodes than there is room for are left out: such a series is no
 * anthology, and its answer could be larger than is taken. */
bool tmdb_seasons_parse(const char *text, size_t len, int year,
                        struct tmdb_seasons *out, struct error *err) MUST_CHECK;

/* Episodes beyond this are left out. */
#define TMDB_EPISODES_MAX 500

struct tmdb_episodes {
	struct tmdb_row *rows; /* named "Series: Episode", with their place */
	int count;
};

/* False with err filled when it is not an answer of a series. */
bool tmdb_episodes_parse(struct arena *arena, const char *text, size_t len,
                         struct tmdb_episodes *out,
                         struct error *err) MUST_CHECK;

/* --- in the tree ---------------------------------------------------------- */

struct tmdb_episode_json {
	const struct json *season, *episode;
};

/* By its id, else by its place. */
bool tmdb_episode_find(const struct json *root, const struct title_ref *ref,
                       struct tmdb_episode_json *found_r) MUST_CHECK;
/* False with err: nothing can be said of its episodes. */
bool tmdb_is_series(const struct json *root, struct error *err) MUST_CHECK;
struct episode_place tmdb_episode_place(const struct json *root,
                                        const struct json *episode);
/* "Series: Episode"; NULL when one of them has no name. */
const char *tmdb_episode_name(struct arena *arena, const struct json *root,
                              const struct json *episode);

#endif
