/*
 * Which of the candidates are worth more: to be shown to a member, or to be
 * looked at before anything is decided.
 */
#include <math.h>
#include <string.h>

#include "common/base/arena.h"
#include "enrich-daemon/match/match.h"
#include "enrich-daemon/tmdb/tmdb_json.h"

#define CANDIDATE_SCORE 0.5 /* below it nobody would choose it */

int match_top(struct match_pool *pool, struct match_candidate **out, int max)
{
	int count = 0;

	for (int i = 0; i < pool->count; i++) {
		struct match_candidate *c = &pool->items[i];
		int at = count;

		if (c->gone || c->score < CANDIDATE_SCORE)
			continue;
		while (at > 0 && out[at - 1]->score < c->score)
			at--;
		if (at == max)
			continue;
		count = count < max ? count + 1 : max;
		for (int j = count - 1; j > at; j--)
			out[j] = out[j - 1];
		out[at] = c;
	}
	return count;
}

static bool has_words(const struct match_film *film, const char *name)
{
	struct arena *scratch = arena_new();
	const bool has =
		film_name_has_words(film_name_new(scratch, name), film->name);

	arena_free(&scratch);
	return has;
}

/* TMDB found it, though its row does not have the words: by another name. */
static bool has_hidden_name(const struct match_film *film,
                            const struct match_candidate *c)
{
	return !has_words(film, c->row.name) &&
	       !has_words(film, c->row.original_name);
}

static double doubt_worth(const struct match_film *film,
                          const struct match_candidate *c)
{
	if (c->name_likeness >= NAME_LOOSE)
		return 1000;
	return has_hidden_name(film, c) ? 100 - c->row.rank : c->score;
}

static bool may_be_looked_at(const struct match_candidate *c)
{
	return !c->gone && !c->looked_at && !c->by_left &&
	       (c->by_year || c->year_likeness == YEAR_EQUAL);
}

struct match_candidate *match_doubtful(struct match_pool *pool)
{
	struct match_candidate *best = NULL;
	double best_worth = 0;

	for (int i = 0; i < pool->count; i++) {
		struct match_candidate *c = &pool->items[i];

		if (!may_be_looked_at(c))
			continue;
		const double worth = doubt_worth(&pool->film, c);
		if (worth > best_worth) {
			best_worth = worth;
			best = c;
		}
	}
	return best;
}

struct match_candidate *match_hidden_rival(struct match_pool *pool,
                                           const struct match_candidate *best)
{
	struct match_candidate *known = NULL;

	for (int i = 0; i < pool->count; i++) {
		struct match_candidate *c = &pool->items[i];

		if (may_be_looked_at(c) && c->name_likeness < NAME_TAIL &&
		    match_outweighs(c, best) &&
		    (known == NULL || c->row.votes > known->row.votes) &&
		    has_hidden_name(&pool->film, c))
			known = c;
	}
	return known;
}

/* --- the series of an episode --------------------------------------------- */

/* How alike the part before the film's colon is to its names; 0 without one. */
static double series_likeness(const struct match_film *film,
                              const struct tmdb_row *row)
{
	const struct film_name_split *colon = film_name_colon(film->name);
	struct arena *scratch;
	double likeness;

	if (colon == NULL)
		return 0;
	scratch = arena_new();
	const struct film_name *name = film_name_new(scratch, colon->head);
	likeness = fmax(
		film_name_similarity(name, film_name_new(scratch, row->name)),
		film_name_similarity(
			name, film_name_new(scratch, row->original_name)));
	arena_free(&scratch);
	return likeness;
}

bool match_names_episode(const struct match_film *film,
                         const struct tmdb_row *series)
{
	return series_likeness(film, series) >= NAME_SQUASHED &&
	       !film_name_colon(film->name)->counts;
}

static bool may_have_episode(const struct match_film *film,
                             const struct match_candidate *c)
{
	return c->row.kind == TITLE_TV && !c->gone && !c->looked_at &&
	       tmdb_year(c->row.date) <= film->year + 1 &&
	       series_likeness(film, &c->row) >= NAME_LOOSE;
}

/* Of the series of one name the latest, then the best known. */
static bool is_likelier(const struct match_candidate *a,
                        const struct match_candidate *b)
{
	const int began = tmdb_year(a->row.date) - tmdb_year(b->row.date);

	return began != 0 ? began > 0 : a->row.votes > b->row.votes;
}

struct match_candidate *match_series(struct match_pool *pool)
{
	struct match_candidate *best = NULL;

	for (int i = 0; i < pool->count; i++) {
		struct match_candidate *c = &pool->items[i];

		if (may_have_episode(&pool->film, c) &&
		    (best == NULL || is_likelier(c, best)))
			best = c;
	}
	return best;
}
