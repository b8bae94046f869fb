#ifndef ENRICH_DAEMON_MATCH_MATCH_H
#define ENRICH_DAEMON_MATCH_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "enrich-daemon/match/film_name.h"
#include "enrich-daemon/tmdb/tmdb_search.h"
#include "enrich-daemon/tmdb/tmdb_title.h"

/*
 * Which of the titles that searches found is the film. Pure: candidates are
 * scored one by one when they are added; match_decide() then applies the
 * rules, first that holds. The score only orders; rules look at how alike
 * name and year are, and at rivals of the same name.
 */
struct match_film {
	const struct film_name *name;
	int year; /* 0: unknown */
};

struct match_candidate {
	struct tmdb_row row;
	const char *method; /* of the search that found it first */
	/* TMDB's year filter let it through: some release is in that year. */
	bool by_year;
	/* Found by the part of the film's name before a colon: a series of
	 * which the film may be an episode, or such an episode. */
	bool by_left;
	/* The name is weak evidence: the rules that need the very name, and
	 * match_alone(), do not hold for this candidate. Set for
	 * - a title that is like the film only by one of its alternative
	 *   names, of which there may be dozens;
	 * - an episode of a series that is not named as the film's part before
	 *   the colon, or where all behind the colon is a number ("Part Two"),
	 *   which an episode of any series may be. */
	bool by_other_name;
	bool looked_at;       /* match_learn() had its details */
	bool gone;            /* TMDB does not know it any more */
	double name_likeness; /* see film_name_similarity() */
	double year_likeness; /* YEAR_EQUAL, ... */
	double score;
};

#define YEAR_EQUAL   1.00
#define YEAR_RELEASE 0.85 /* within three years, by the year filter */
#define YEAR_BESIDE  0.75 /* one year off */
#define YEAR_UNKNOWN 0.40
#define YEAR_NEAR    0.35 /* two years off */

#define MATCH_POOL_MAX 140

struct match_pool {
	struct match_film film;
	struct match_candidate items[MATCH_POOL_MAX];
	int count;
};

struct match_source {
	const char *method;
	bool by_year;
	bool by_left;
	bool by_other_name;
};

/* How alike the film's name is to either of the row's. */
double match_likeness(const struct match_film *film,
                      const struct tmdb_row *row);
/* One that is there already is not added again (but learns by_year). Beyond
 * MATCH_POOL_MAX nothing is added. Strings of row are borrowed. */
void match_add(struct match_pool *pool, const struct tmdb_row *row,
               const struct match_source *source);
/* What its details add: other names, release dates. Not in candidate->row. */
void match_learn(const struct match_pool *pool,
                 struct match_candidate *candidate,
                 const struct tmdb_title *title);

enum match_confidence {
	MATCH_NONE,
	MATCH_AMBIGUOUS, /* several that nothing tells apart */
	/* Hardly known, but of that very name and year; a film of the name that
	 * is far better known is of a year beside it, and no release of it is
	 * known in that year. */
	MATCH_LOW,
	MATCH_MEDIUM,
	MATCH_HIGH
};

struct match_decision {
	enum match_confidence confidence;
	struct match_candidate *best; /* MATCH_LOW, _MEDIUM, _HIGH */
	/* A far better known film of the name, which may be the one that is
	 * meant: its details say when it was released, and are worth a call
	 * (then match_learn()). NULL: none. */
	struct match_candidate *rival;
	/* The best is of the very name and year, but hardly known: perhaps a
	 * better known one is meant, which a wider search finds. */
	bool obscure;
	/* No further search could change it. */
	bool settled;
	/* It rests on a subtitle that only one of the names has. */
	bool by_subtitle;
};

struct match_decision match_decide(struct match_pool *pool);

/*
 * Is this title, whose rivals are not known, surely the film? Stricter than
 * the rules: TMDB's own name for it, the film's very year, and so many votes
 * that another title of that name and year would hardly be the one meant.
 */
bool match_alone(const struct match_film *film,
                 const struct match_candidate *candidate);
/* Can it ever be? Not for short names, nor without a year. */
bool match_alone_may(const struct match_film *film);

/* Has a so many more votes than b that of two with one name it is surely the
 * one that is meant? */
bool match_outweighs(const struct match_candidate *a,
                     const struct match_candidate *b);
/* The best by score, best first: how many of max were written to out. */
int match_top(struct match_pool *pool, struct match_candidate **out, int max);
/*
 * The candidate whose details are worth a call: one of that year which TMDB
 * found by a name that its row does not show, else the most alike. NULL when
 * there is none that was not looked at.
 */
struct match_candidate *match_doubtful(struct match_pool *pool);
/*
 * The best is hardly known: the best known of those of that year which are far
 * better known, and which TMDB found by a name that their rows do not show. It
 * may be the film's. NULL when there is none that was not looked at.
 */
struct match_candidate *match_hidden_rival(struct match_pool *pool,
                                           const struct match_candidate *best);
/*
 * The series of which the film "Series: Episode" may be an episode, by name and
 * by when it began; NULL when there is none that was not looked at.
 */
struct match_candidate *match_series(struct match_pool *pool);
/* The film is called as an episode of this series would be, and by more than a
 * number. */
bool match_names_episode(const struct match_film *film,
                         const struct tmdb_row *series);
/* Up to four letters: so many titles have such names that only the exact name
 * and year count. */
bool match_is_short(const struct match_film *film);

#endif
