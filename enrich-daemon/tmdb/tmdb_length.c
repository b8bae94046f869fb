/*
 * Adds up a series' episodes. Sums are exact; the median of an even number of
 * lengths is the mean of the two in the middle, so that it is kept doubled
 * until the end.
 */
#include "enrich-daemon/tmdb/tmdb_length.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/arena.h"
#include "common/json/json_read.h"
#include "enrich-daemon/tmdb/tmdb_episode.h"
#include "enrich-daemon/tmdb/tmdb_json.h"

#define RUNTIME_MAX    1000000
#define EPISODES_MAX   100000
#define LENGTHS_MAX    1000
#define SEASON_NUM_MAX INT16_MAX
/* Each comes with all who are in it: of 250 an answer has some 3 MiB, and more
 * than 4 are not taken. */
#define UNMEASURED_EPISODES_MAX 250

struct lengths {
	int known[LENGTHS_MAX]; /* minutes */
	size_t count;
	int64_t sum;
	int64_t episodes; /* known or not */
};

static int compare_cb(const void *a, const void *b)
{
	const int x = *(const int *)a, y = *(const int *)b;

	return (x > y) - (x < y);
}

/* One more episode; beyond LENGTHS_MAX it is one of unknown length. */
static void lengths_add(struct lengths *l, const struct json *minutes)
{
	const int known = (int)tmdb_count(minutes, RUNTIME_MAX);

	l->episodes++;
	if (known == 0 || l->count == LENGTHS_MAX)
		return;
	l->known[l->count++] = known;
	l->sum += known;
}

/* The sum, when there are so many episodes. */
static int lengths_total(struct lengths *l, int64_t episodes)
{
	if (l->count == 0)
		return 0;
	qsort(l->known, l->count, sizeof(*l->known), compare_cb);

	const int64_t doubled =
		(int64_t)l->known[(l->count - 1) / 2] + l->known[l->count / 2];
	const int64_t others = episodes - (int64_t)l->count;
	int64_t total = l->sum;
	if (others > 0)
		total += (doubled * others + 1) / 2;
	return total < RUNTIME_MAX ? (int)total : RUNTIME_MAX;
}

static bool is_specials(const struct json *season)
{
	return strcmp(season->key, "season/0") == 0;
}

static void add_seasons(struct lengths *l, const struct json *root)
{
	const struct json *season, *item;

	TMDB_EACH_SEASON(season, root)
	{
		if (is_specials(season))
			continue;
		JSON_EACH(item, json_get(season, "episodes"))
			lengths_add(l, json_get(item, "runtime"));
	}
}

static int64_t episodes_of(const struct json *root)
{
	return tmdb_count(json_get(root, "number_of_episodes"), EPISODES_MAX);
}

static const struct json *last_length(const struct json *root)
{
	return json_get(json_get(root, "last_episode_to_air"), "runtime");
}

/* "episode_run_time" is an array; any other value has no items of its own. */
static void add_guesses(struct lengths *l, const struct json *root)
{
	const struct json *guesses = json_get(root, "episode_run_time");
	const struct json *item;

	if (guesses != NULL && guesses->type == JSON_ARRAY)
		JSON_EACH(item, guesses)
			lengths_add(l, item);
	if (l->count == 0)
		lengths_add(l, last_length(root));
}

int tmdb_length_read(const struct json *root)
{
	const int64_t episodes = episodes_of(root);
	struct lengths l = { .count = 0 };

	add_seasons(&l, root);
	if (l.count > 0)
		return lengths_total(&l, episodes > l.episodes ? episodes
		                                               : l.episodes);
	if (episodes == 1)
		lengths_add(&l, last_length(root));
	if (l.count == 0)
		add_guesses(&l, root);
	if (l.count == 0)
		return 0;
	/* They are lengths of any episodes, not of so many. */
	l.sum = 0;
	return lengths_total(&l, episodes + (int64_t)l.count);
}

/* The one episode there is was the last. */
static bool is_measured(const struct json *root)
{
	return episodes_of(root) == 1 &&
	       tmdb_count(last_length(root), RUNTIME_MAX) > 0;
}

static bool has_season(const struct json *root, int64_t number)
{
	const struct json *season;
	int64_t there;

	TMDB_EACH_SEASON(season, root)
	{
		const char *text = season->key + strlen("season/");

		if (str_to_int64(str_of(text), 0, SEASON_NUM_MAX, &there) &&
		    there == number)
			return true;
	}
	return false;
}

void tmdb_length_unmeasured(const struct json *root, struct tmdb_seasons *out)
{
	const struct json *item;

	*out = (struct tmdb_seasons){ 0 };
	if (is_measured(root))
		return;
	JSON_EACH(item, json_get(root, "seasons")) {
		const int64_t number =
			json_as_int(json_get(item, "season_number"), 0);
		const int episodes = (int)tmdb_count(
			json_get(item, "episode_count"), EPISODES_MAX);

		if (number < 1 || number > SEASON_NUM_MAX || episodes == 0 ||
		    out->count == TMDB_SEASONS_MAX ||
		    out->episodes + episodes > UNMEASURED_EPISODES_MAX ||
		    has_season(root, number))
			continue;
		out->numbers[out->count++] = (int)number;
		out->episodes += episodes;
	}
}

bool tmdb_length_parse(struct str text, int *minutes_r, struct error *err)
{
	struct arena *scratch = arena_new();
	const struct json *root = tmdb_series_parse(scratch, text, err);

	if (root != NULL)
		*minutes_r = tmdb_length_read(root);
	arena_free(&scratch);
	return root != NULL;
}
