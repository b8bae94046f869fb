/*
 * Scoring, and the rules by which a film is or is not one of its candidates.
 * They are made so that a sure answer is never wrong: an unlike name is never
 * enough, a rival with the same name must be far less known, and what nothing
 * tells apart stays undecided.
 */
#include "enrich-daemon/match/match.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/arena.h"
#include "common/base/attr.h"
#include "enrich-daemon/tmdb/tmdb_json.h"

#define NAME_WEIGHT   0.62
#define YEAR_WEIGHT   0.33
#define VOTES_WEIGHT  0.05
#define ADULT_PENALTY 0.05
#define VIDEO_PENALTY 0.05

#define SHORT_LETTERS      4
#define DISTINCT_LETTERS   12 /* hardly two films have such a name by chance */
#define RELEASE_YEARS      3
#define DOMINANT_FACTOR    10
#define KNOWN_VOTES        10
#define OBSCURE_VOTES      25 /* fewer: hardly anybody can mean it */
#define ALONE_VOTES        100
#define OUT_OF_REACH_YEARS 10000

/* --- scoring -------------------------------------------------------------- */

bool match_is_short(const struct match_film *film)
{
	return film->name->letters <= SHORT_LETTERS;
}

static double year_likeness(const struct match_film *film, const char *date,
                            bool by_year)
{
	const int year = tmdb_year(date);

	if (film->year == 0 || year == 0)
		return YEAR_UNKNOWN;
	const int off = abs(film->year - year);
	if (off == 0)
		return YEAR_EQUAL;
	if (by_year && off <= RELEASE_YEARS)
		return YEAR_RELEASE;
	if (off == 1)
		return YEAR_BESIDE;
	return off == 2 ? YEAR_NEAR : 0;
}

static double name_likeness(const struct match_film *film, const char *name)
{
	struct arena *scratch = arena_new();
	const double likeness =
		film_name_similarity(film->name, film_name_new(scratch, name));

	arena_free(&scratch);
	return likeness;
}

static void score(struct match_candidate *c)
{
	const double known = log10(1.0 + (double)c->row.votes) / 4;

	c->score = NAME_WEIGHT * c->name_likeness +
	           YEAR_WEIGHT * c->year_likeness +
	           VOTES_WEIGHT * (known < 1 ? known : 1);
	if (c->row.adult &&
	    (c->name_likeness < NAME_SPACED || c->year_likeness < YEAR_EQUAL))
		c->score -= ADULT_PENALTY;
	if (c->row.video)
		c->score -= VIDEO_PENALTY;
}

static struct match_candidate *find(struct match_pool *pool,
                                    const struct tmdb_row *row)
{
	for (int i = 0; i < pool->count; i++)
		if (pool->items[i].row.id == row->id &&
		    pool->items[i].row.kind == row->kind)
			return &pool->items[i];
	return NULL;
}

double match_likeness(const struct match_film *film, const struct tmdb_row *row)
{
	const double name = name_likeness(film, row->name);

	if (strcmp(row->name, row->original_name) == 0)
		return name;
	return fmax(name, name_likeness(film, row->original_name));
}

void match_add(struct match_pool *pool, const struct tmdb_row *row,
               const struct match_source *source)
{
	struct match_candidate *c = find(pool, row);

	if (c == NULL && pool->count == MATCH_POOL_MAX)
		return;
	if (c == NULL) {
		c = &pool->items[pool->count++];
		*c = (struct match_candidate){
			.row = *row,
			.method = source->method,
			.by_left = source->by_left,
			.by_other_name = source->by_other_name,
			.name_likeness = match_likeness(&pool->film, row),
		};
	}
	if (c->looked_at)
		return;
	c->by_year = c->by_year || source->by_year;
	c->by_left = c->by_left && source->by_left;
	c->year_likeness = year_likeness(&pool->film, row->date, c->by_year);
	score(c);
}

/* One whose own name is the film's needs no other. */
static void learn_names(const struct match_film *film,
                        struct match_candidate *c,
                        const struct tmdb_title *title)
{
	const struct tmdb_strings *names = &title->alternative_names;

	if (c->name_likeness >= NAME_LOOSE)
		return;
	for (size_t i = 0; i < names->count; i++) {
		const double name = name_likeness(film, names->items[i]);

		/* A part of one of many names proves nothing. */
		if (name >= NAME_LOOSE && name > c->name_likeness) {
			c->name_likeness = name;
			c->by_other_name = true;
		}
	}
}

/* A film is of the year of its first release; a later one (a festival here, a
 * cinema there) counts soon after it, or every old film would be a new one. */
static void learn_releases(const struct match_film *film,
                           struct match_candidate *c,
                           const struct tmdb_title *title)
{
	const struct tmdb_strings *dates = &title->release_dates;
	int first = OUT_OF_REACH_YEARS;
	bool released = false;

	for (size_t i = 0; i < dates->count; i++) {
		const int year = tmdb_year(dates->items[i]);

		first = year < first ? year : first;
		released = released || year == film->year;
	}
	if (film->year == 0 || !released || film->year - first > RELEASE_YEARS)
		return;
	c->year_likeness =
		fmax(c->year_likeness,
	             first == film->year ? YEAR_EQUAL : YEAR_RELEASE);
}

void match_learn(const struct match_pool *pool,
                 struct match_candidate *candidate,
                 const struct tmdb_title *title)
{
	candidate->looked_at = true;
	learn_names(&pool->film, candidate, title);
	learn_releases(&pool->film, candidate, title);
	score(candidate);
}

/* --- rivals --------------------------------------------------------------- */

/* How clearly one candidate stands before another. */
enum standing {
	STANDING_CLEAR,
	STANDING_DOUBT,
	STANDING_CONTRADICTED,
	STANDING_TIE
};

/* "+1" and "1" are two names; other than that, spelling makes no difference
 * between rivals. Bonus material does. */
static double name_class(const struct match_candidate *c)
{
	double name = c->name_likeness;

	if (name >= NAME_SQUASHED && name < NAME_IDENTICAL)
		name = NAME_SPACED;
	return c->row.video || c->row.adult ? name - VIDEO_PENALTY : name;
}

static bool is_obscure(const struct match_candidate *c)
{
	return c->row.votes < OBSCURE_VOTES;
}

bool match_outweighs(const struct match_candidate *a,
                     const struct match_candidate *b)
{
	const int64_t votes = b->row.votes > 0 ? b->row.votes : 1;

	return !is_obscure(a) && a->row.votes >= DOMINANT_FACTOR * votes;
}

/* Its details may say that it was first released in the film's year. What the
 * year filter let through and is dated before that year was not. */
static bool may_be_of_year(const struct match_film *film,
                           const struct match_candidate *c)
{
	const int year = tmdb_year(c->row.date);

	if (c->row.kind != TITLE_MOVIE || c->looked_at ||
	    c->year_likeness == YEAR_EQUAL)
		return false;
	return c->by_year ? year == 0 || year > film->year
	                  : c->year_likeness >= YEAR_BESIDE;
}

/* <0: a goes first. */
static int compare(const struct match_candidate *a,
                   const struct match_candidate *b)
{
	if (a->year_likeness != b->year_likeness)
		return a->year_likeness > b->year_likeness ? -1 : 1;
	if (name_class(a) != name_class(b))
		return name_class(a) > name_class(b) ? -1 : 1;
	if (a->row.votes != b->row.votes)
		return a->row.votes > b->row.votes ? -1 : 1;
	return 0;
}

/* The rival is far better known. That says little against a title that people
 * know and that is of the very year, and much against one that they do not: the
 * year of an export is that of the first showing, which TMDB's date often is
 * not. */
static enum standing outweighed(const struct match_film *film,
                                const struct match_candidate *best,
                                const struct match_candidate *rival)
{
	if (!is_obscure(best) || best->year_likeness < YEAR_EQUAL)
		return STANDING_DOUBT;
	return rival->year_likeness >= YEAR_RELEASE ||
	                       may_be_of_year(film, rival)
	               ? STANDING_TIE
	               : STANDING_CONTRADICTED;
}

static enum standing standing(const struct match_film *film,
                              const struct match_candidate *best,
                              const struct match_candidate *rival)
{
	const double year = best->year_likeness - rival->year_likeness;
	const double name = name_class(best) - name_class(rival);
	const bool ahead = year >= 0 && name >= 0;

	/* Who votes for an episode says nothing about another one. */
	if (year == 0 && name == 0)
		return match_outweighs(best, rival) &&
		                       best->row.kind != TITLE_EPISODE
		               ? STANDING_CLEAR
		               : STANDING_TIE;
	if (!match_outweighs(rival, best))
		return ahead || match_outweighs(best, rival) ? STANDING_CLEAR
		                                             : STANDING_DOUBT;
	/* A film against a series: years are no help between them. */
	if (best->row.kind != rival->row.kind)
		return ahead ? STANDING_TIE : STANDING_DOUBT;
	return outweighed(film, best, rival);
}

/* --- rules ---------------------------------------------------------------- */

typedef bool rule_fn(const struct match_film *film,
                     const struct match_candidate *c);

static bool is_same_name_and_year(const struct match_film *film,
                                  const struct match_candidate *c)
{
	const double name = match_is_short(film) ? NAME_SPACED : NAME_LOOSE;

	return c->name_likeness >= name && c->year_likeness == YEAR_EQUAL &&
	       !c->by_other_name;
}

/* Some release of it was that year: festivals are a year early. A film of the
 * year beside it may as well be another one. */
static bool is_same_name_near_year(const struct match_film *film,
                                   const struct match_candidate *c)
{
	return c->name_likeness >= NAME_SPACED &&
	       c->year_likeness >= YEAR_RELEASE && !match_is_short(film) &&
	       !c->by_other_name;
}

static bool is_like_name_near_year(const struct match_film *film,
                                   const struct match_candidate *c)
{
	(void)film;
	return c->name_likeness >= NAME_LOOSE &&
	       c->year_likeness >= YEAR_BESIDE;
}

static bool is_subtitle(const struct match_film *film,
                        const struct match_candidate *c)
{
	return c->name_likeness >= NAME_TAIL &&
	       c->year_likeness == YEAR_EQUAL && !match_is_short(film) &&
	       !c->by_left;
}

static bool is_series_of_episode(const struct match_film *film,
                                 const struct match_candidate *c)
{
	(void)film;
	return c->row.kind == TITLE_TV && c->by_left &&
	       c->name_likeness == NAME_HEAD && c->year_likeness == YEAR_EQUAL;
}

/* "X: Y" may be the film "X" with a subtitle or an episode of the series. */
static bool is_subtitle_or_series(const struct match_film *film,
                                  const struct match_candidate *c)
{
	return is_subtitle(film, c) ||
	       (c->by_left && c->name_likeness == NAME_HEAD);
}

static bool is_same_name_without_year(const struct match_film *film,
                                      const struct match_candidate *c)
{
	return film->year == 0 && c->name_likeness >= NAME_SPACED;
}

/* So is what the year filter let through, whatever its own date. */
static bool is_like_name_perhaps_of_year(const struct match_film *film,
                                         const struct match_candidate *c)
{
	return c->name_likeness >= NAME_LOOSE &&
	       (c->year_likeness >= YEAR_BESIDE || may_be_of_year(film, c));
}

/* A name or subtitle that matches in a year beside it. */
static bool is_any_likeness(const struct match_film *film,
                            const struct match_candidate *c)
{
	(void)film;
	return c->name_likeness >= NAME_TAIL &&
	       c->year_likeness >= YEAR_BESIDE && !c->by_left;
}

/* The first rule that holds for any candidate decides. */
static const struct rule {
	rule_fn *holds;
	rule_fn *rivals; /* who is compared with the best of them */
	enum match_confidence confidence;
	bool settles;
	bool by_subtitle;
} rules[] = {
	{ is_same_name_and_year, is_like_name_perhaps_of_year, MATCH_HIGH, true,
	  false },
	{ is_same_name_near_year, is_any_likeness, MATCH_HIGH, false, false },
	{ is_like_name_near_year, is_like_name_near_year, MATCH_MEDIUM, false,
	  false },
	{ is_subtitle, is_subtitle_or_series, MATCH_MEDIUM, false, true },
	{ is_series_of_episode, is_series_of_episode, MATCH_MEDIUM, false,
	  true },
	{ is_same_name_without_year, is_same_name_without_year, MATCH_MEDIUM,
	  false, false },
};

static struct match_candidate *best_of(struct match_pool *pool, rule_fn *holds)
{
	struct match_candidate *best = NULL;

	for (int i = 0; i < pool->count; i++) {
		struct match_candidate *c = &pool->items[i];

		if (!c->gone && holds(&pool->film, c) &&
		    (best == NULL || compare(c, best) < 0))
			best = c;
	}
	return best;
}

static enum standing worst_standing(const struct match_pool *pool,
                                    const struct match_candidate *best,
                                    rule_fn *rivals)
{
	enum standing worst = STANDING_CLEAR;

	for (int i = 0; i < pool->count; i++) {
		const struct match_candidate *c = &pool->items[i];

		if (c == best || c->gone || !rivals(&pool->film, c))
			continue;
		const enum standing s = standing(&pool->film, best, c);
		worst = s > worst ? s : worst;
	}
	return worst;
}

/* Of those that are far better known than the best, and may be of that year
 * as well, the likeliest. */
static struct match_candidate *open_rival(struct match_pool *pool,
                                          const struct match_candidate *best,
                                          rule_fn *rivals)
{
	struct match_candidate *likeliest = NULL;

	for (int i = 0; i < pool->count; i++) {
		struct match_candidate *c = &pool->items[i];

		if (!c->gone && rivals(&pool->film, c) &&
		    match_outweighs(c, best) &&
		    may_be_of_year(&pool->film, c) &&
		    (likeliest == NULL || compare(c, likeliest) < 0))
			likeliest = c;
	}
	return likeliest;
}

/* The best is hardly known, and a far better known film of that very year has
 * its name with a subtitle, or its subtitle alone. */
static bool is_contradicted_by_part(const struct match_pool *pool,
                                    const struct match_candidate *best)
{
	for (int i = 0; i < pool->count; i++) {
		const struct match_candidate *c = &pool->items[i];

		if (!c->gone && !c->by_left && c->row.kind == best->row.kind &&
		    c->name_likeness >= NAME_TAIL &&
		    c->year_likeness == YEAR_EQUAL && match_outweighs(c, best))
			return true;
	}
	return false;
}

static bool is_known(const struct match_candidate *c)
{
	return c->row.votes >= KNOWN_VOTES;
}

/* A name like "Highway", or one not quite the same, that hardly anybody voted
 * for: TMDB may lack the film that is meant and have another of that name. */
static bool may_be_namesake(const struct match_film *film,
                            const struct match_candidate *c)
{
	return !is_known(c) && (film->name->letters < DISTINCT_LETTERS ||
	                        c->name_likeness < NAME_SQUASHED);
}

static enum match_confidence confidence_in(const struct match_pool *pool,
                                           const struct rule *rule,
                                           const struct match_candidate *best)
{
	switch (worst_standing(pool, best, rule->rivals)) {
	case STANDING_CLEAR:
		return may_be_namesake(&pool->film, best) ? MATCH_MEDIUM
		                                          : rule->confidence;
	case STANDING_DOUBT:
		return MATCH_MEDIUM;
	case STANDING_CONTRADICTED:
		return MATCH_LOW;
	case STANDING_TIE:
		break;
	}
	return MATCH_AMBIGUOUS;
}

static struct match_decision decide_by(const struct rule *rule,
                                       struct match_pool *pool,
                                       struct match_candidate *best)
{
	const bool of_year = best->year_likeness == YEAR_EQUAL;
	struct match_decision d = {
		.confidence = confidence_in(pool, rule, best),
		.best = best,
		.obscure = rule->settles && is_obscure(best) &&
		           best->row.kind == TITLE_MOVIE,
		.by_subtitle = rule->by_subtitle,
	};

	if (d.obscure && is_contradicted_by_part(pool, best))
		d.confidence = MATCH_AMBIGUOUS;
	if (of_year && !rule->by_subtitle)
		d.rival = open_rival(pool, best, rule->rivals);
	d.settled =
		rule->settles && !d.obscure && d.rival == NULL &&
		(d.confidence == MATCH_HIGH || d.confidence == MATCH_AMBIGUOUS);
	return d;
}

struct match_decision match_decide(struct match_pool *pool)
{
	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		struct match_candidate *best = best_of(pool, rules[i].holds);

		if (best != NULL)
			return decide_by(&rules[i], pool, best);
	}
	return (struct match_decision){ .confidence = MATCH_NONE };
}

/* --- without rivals ------------------------------------------------------- */

bool match_alone_may(const struct match_film *film)
{
	return film->year > 0 && !match_is_short(film);
}

bool match_alone(const struct match_film *film, const struct match_candidate *c)
{
	return match_alone_may(film) && c->name_likeness >= NAME_SPACED &&
	       c->year_likeness == YEAR_EQUAL && !c->by_other_name &&
	       c->row.votes >= ALONE_VOTES;
}
