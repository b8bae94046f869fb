/*
 * Walks from a series to its seasons and episodes. What lacks a number or a
 * name is passed over.
 */
#include "enrich-daemon/tmdb/tmdb_episode.h"

#include "enrich-daemon/tmdb/tmdb_json.h"

#define NAME_BYTES_MAX 500
#define NUMBER_MAX     INT16_MAX
#define VOTES_MAX      INT32_MAX

/* Where an episode of some year is looked for; the 4 MiB that an answer may
 * have are enough for so many episodes with all who are in them. */
#define SEASONS_MAX          4
#define SEASONS_EPISODES_MAX 150

const struct json *tmdb_series_parse(struct arena *arena, struct str text,
                                     struct error *err)
{
	const struct json *root =
		json_parse(arena, text.p, text.n, &tmdb_json_limits, err);

	if (root != NULL && tmdb_id(json_get(root, "id")) <= 0) {
		error_set(err, "it has no \"id\"");
		root = NULL;
	}
	if (root == NULL)
		error_prefix(err, "TMDB's details answer");
	return root;
}

/* --- seasons -------------------------------------------------------------- */

static bool is_number(const struct json *j)
{
	const int64_t number = json_as_int(j, -1);

	return number >= 0 && number <= NUMBER_MAX;
}

static bool begun_then(const struct json *season, int year)
{
	struct arena *scratch = arena_new();
	const char *begun = tmdb_date(scratch, json_get(season, "air_date"));
	const bool then = tmdb_year(begun) == year;

	arena_free(&scratch);
	return then;
}

static void seasons_add(const struct json *root, bool specials, int year,
                        struct tmdb_seasons *out)
{
	const struct json *item;

	JSON_EACH(item, json_get(root, "seasons")) {
		const struct json *number = json_get(item, "season_number");
		const int episodes = (int)tmdb_count(
			json_get(item, "episode_count"), NUMBER_MAX);

		if (!is_number(number) ||
		    (json_as_int(number, 0) == 0) != specials ||
		    out->count == SEASONS_MAX ||
		    out->episodes + episodes > SEASONS_EPISODES_MAX)
			continue;
		if (!specials && !begun_then(item, year))
			continue;
		out->numbers[out->count++] = (int)json_as_int(number, 0);
		out->episodes += episodes;
	}
}

void tmdb_seasons_read(const struct json *root, int year,
                       struct tmdb_seasons *out)
{
	*out = (struct tmdb_seasons){ 0 };
	seasons_add(root, false, year, out);
	seasons_add(root, false, year - 1, out);
	seasons_add(root, false, year + 1, out);
	seasons_add(root, true, year, out);
}

/* --- episodes ------------------------------------------------------------- */

static bool has_place(const struct json *episode)
{
	return is_number(json_get(episode, "season_number")) &&
	       is_number(json_get(episode, "episode_number"));
}

struct episode_place tmdb_episode_place(const struct json *root,
                                        const struct json *episode)
{
	return (struct episode_place){
		.series_id = tmdb_id(json_get(root, "id")),
		.season = (int)tmdb_count(json_get(episode, "season_number"),
		                          NUMBER_MAX),
		.number = (int)tmdb_count(json_get(episode, "episode_number"),
		                          NUMBER_MAX),
	};
}

static const char *name_of(struct arena *arena, const struct json *object,
                           const char *key)
{
	return tmdb_text(arena, json_get(object, key), NAME_BYTES_MAX);
}

static const char *joined(struct arena *arena, const char *series,
                          const char *episode)
{
	return series != NULL && episode != NULL
	               ? arena_printf(arena, "%s: %s", series, episode)
	               : NULL;
}

const char *tmdb_episode_name(struct arena *arena, const struct json *root,
                              const struct json *episode)
{
	return joined(arena, name_of(arena, root, "name"),
	              name_of(arena, episode, "name"));
}

static bool row_read(struct arena *arena, const struct json *root,
                     const struct json *j, struct tmdb_row *row)
{
	*row = (struct tmdb_row){
		.kind = TITLE_EPISODE,
		.id = tmdb_id(json_get(j, "id")),
		.place = tmdb_episode_place(root, j),
		.name = tmdb_episode_name(arena, root, j),
		.original_name =
			joined(arena, name_of(arena, root, "original_name"),
		               name_of(arena, j, "name")),
		.date = tmdb_date(arena, json_get(j, "air_date")),
		.votes = tmdb_count(json_get(j, "vote_count"), VOTES_MAX),
	};
	if (row->original_name == NULL)
		row->original_name = row->name;
	return row->id > 0 && row->name != NULL && has_place(j);
}

void tmdb_episodes_read(struct arena *arena, const struct json *root,
                        struct tmdb_episodes *out)
{
	const struct json *season, *item;

	*out = (struct tmdb_episodes){
		.rows = arena_alloc(arena,
		                    TMDB_EPISODES_MAX * sizeof(*out->rows)),
	};
	TMDB_EACH_SEASON(season, root)
	{
		JSON_EACH(item, json_get(season, "episodes"))
			if (out->count < TMDB_EPISODES_MAX &&
			    row_read(arena, root, item, &out->rows[out->count]))
				out->count++;
	}
}

static bool is_wanted(const struct json *root, const struct json *episode,
                      const struct title_ref *ref)
{
	const struct episode_place place = tmdb_episode_place(root, episode);

	if (!has_place(episode))
		return false;
	if (ref->id > 0)
		return tmdb_id(json_get(episode, "id")) == ref->id;
	return place.season == ref->place.season &&
	       place.number == ref->place.number;
}

bool tmdb_episode_find(const struct json *root, const struct title_ref *ref,
                       struct tmdb_episode_json *found_r)
{
	const struct json *season, *item;

	TMDB_EACH_SEASON(season, root)
	{
		JSON_EACH(item, json_get(season, "episodes")) {
			if (!is_wanted(root, item, ref))
				continue;
			*found_r = (struct tmdb_episode_json){ season, item };
			return true;
		}
	}
	return false;
}
