#ifndef ENRICH_DAEMON_TMDB_TMDB_TITLE_H
#define ENRICH_DAEMON_TMDB_TMDB_TITLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/attr.h"
#include "common/base/error.h"
#include "common/base/str.h"

struct json;

/*
 * A title as one details answer of TMDB describes it (/movie/{id} with
 * credits, keywords, release_dates appended; /tv/{id} with aggregate_credits,
 * keywords, external_ids; the same with season/{n} for an episode). Pure: JSON
 * text in, a record out. Everything lives in the arena; a string is NULL when
 * TMDB has none ("" counts as none).
 */
enum title_kind {
	TITLE_MOVIE,
	TITLE_TV,
	TITLE_EPISODE
};
#define TITLE_KINDS 3
const char *title_kind_name(enum title_kind kind); /* as title.kind has it */
/* False when it is no such name. */
bool title_kind_of(const char *name, enum title_kind *kind_r) MUST_CHECK;

/* Where an episode is in its series. */
struct episode_place {
	int64_t series_id; /* 0: it is no episode */
	int season;
	int number;
};

/* Seasons of a series, to be appended to an answer: TMDB appends up to 20
 * parts. */
#define TMDB_SEASONS_MAX 20
struct tmdb_seasons {
	int numbers[TMDB_SEASONS_MAX];
	int count;
	int episodes; /* in all of them */
};

/* Which title a details call is for. */
struct title_ref {
	enum title_kind kind;
	int64_t id; /* TITLE_EPISODE, 0: that of the place's number */
	struct episode_place place;
};

struct tmdb_person {
	int64_t id;
	const char *name;
	int gender;
	const char *profile_path;
	const char *department; /* "Acting" for cast */
	const char *job;        /* the character for cast, "" when unknown */
};

struct tmdb_studio {
	int64_t id;
	const char *name;
};

struct tmdb_strings {
	const char **items;
	size_t count;
};

struct tmdb_title {
	enum title_kind kind;
	int64_t id;
	struct episode_place place;
	const char *name;
	const char *original_name; /* an episode: "Series: Episode" */
	const char *released_on;   /* YYYY-MM-DD or NULL */
	int runtime;               /* minutes; 0: unknown; see tmdb_length.h */
	/* Of a series: whose episodes have to be known to tell its runtime */
	struct tmdb_seasons unmeasured;
	const char *overview;
	const char *poster_path;
	const char *backdrop_path;
	const char *original_language;
	const char *imdb_id;
	int64_t vote_count;
	double vote_average;
	double popularity;
	int64_t collection_id; /* 0: none */
	const char *collection_name;
	struct tmdb_strings genres;
	struct tmdb_strings countries; /* ISO 3166-1 */
	struct tmdb_strings languages; /* ISO 639-1, original first */
	struct tmdb_strings keywords;
	struct tmdb_strings alternative_names; /* when appended */
	struct tmdb_strings release_dates;     /* when appended */
	struct tmdb_studio *studios;           /* in the order of TMDB */
	size_t studio_count;
	struct tmdb_person *cast; /* billing order */
	size_t cast_count;
	int cast_cut;             /* people that TMDB has beyond them */
	struct tmdb_person *crew; /* directors (or creators) first */
	size_t crew_count;
	int crew_cut; /* credits that TMDB has beyond them */
};

/* Directed the film or episode, or created the series (one of the crew). */
bool tmdb_person_directs(enum title_kind kind,
                         const struct tmdb_person *person);

/*
 * NULL with err filled when it is not an object with an id and a name. Any
 * other part that is missing or not what it should be is left out. A person
 * is in the cast once (first billing, characters joined by " / "), and in the
 * crew once a job: directors, then all others in TMDB's order. Of a cast of more
 * than 500 the first by billing are kept, of a crew of more than 500 credits
 * those that statistics count, and of the rest the first; cast_cut and crew_cut
 * say how many are left out.
 */
const struct tmdb_title *tmdb_title_parse(struct arena *arena,
                                          enum title_kind kind,
                                          const char *text, size_t len,
                                          struct error *err) MUST_CHECK;
/* The same out of an answer that is parsed already. */
const struct tmdb_title *tmdb_title_read(struct arena *arena,
                                         enum title_kind kind,
                                         const struct json *root,
                                         struct error *err) MUST_CHECK;
/*
 * The same for an episode, out of its series' answer with the season appended:
 * *title_r is NULL when that does not have it. Name, date, length, overview,
 * votes and crew are its own; genres, countries, languages, studios, keywords
 * and poster those of the series; the cast is the guests' behind those who are
 * in every episode.
 */
bool tmdb_episode_parse(struct arena *arena, const struct title_ref *ref,
                        struct str text, const struct tmdb_title **title_r,
                        struct error *err) MUST_CHECK;
/* The same out of an answer that tmdb_series_parse() parsed; NULL when the
 * answer does not have the episode, or not enough of it. */
const struct tmdb_title *tmdb_episode_read(struct arena *arena,
                                           const struct title_ref *ref,
                                           const struct json *root) MUST_CHECK;

#endif
