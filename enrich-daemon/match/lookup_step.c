/*
 * The ladder: what is asked when. A search adds to the pool of candidates, a
 * look at the details of one to what is known of it.
 */
#include <string.h>

#include "common/base/attr.h"
#include "common/base/error.h"
#include "common/base/str.h"
#include "enrich-daemon/match/film_name.h"
#include "enrich-daemon/match/lookup_private.h"
#include "enrich-daemon/match/match.h"
#include "enrich-daemon/tmdb/tmdb_call.h"
#include "enrich-daemon/tmdb/tmdb_search.h"

struct lookup_step;
typedef bool lookup_begin_fn(struct lookup *l, const struct lookup_step *step);
typedef const char *lookup_text_fn(const struct lookup *l);

struct lookup_step {
	/* True when there is something to ask, and then waits for it. */
	lookup_begin_fn *begin;
	/* A search: what is asked for; NULL when it is of no use now. */
	lookup_text_fn *text;
	const char *method;
	enum title_kind kind;
	int page;
	bool with_year;
	bool by_left;
};

static lookup_begin_fn search, look_at_rival, look_at_hidden_rival,
	look_at_series, look_at_seasons, look_at_doubtful;
static lookup_text_fn title_with_year, title_again, title_unless_sure,
	title_any, left_of_colon, plain_text, without_subtitle;

static const struct lookup_step steps[] = {
	{ search, title_with_year, "search_year", TITLE_MOVIE, 1, true, false },
	{ search, title_again, "search_year", TITLE_MOVIE, 2, true, false },
	{ .begin = look_at_rival },
	{ .begin = look_at_hidden_rival },
	{ search, title_unless_sure, "search", TITLE_MOVIE, 1, false, false },
	{ search, title_again, "search", TITLE_MOVIE, 2, false, false },
	{ .begin = look_at_rival },
	{ .begin = look_at_rival },
	{ search, title_any, "tv", TITLE_TV, 1, true, false },
	{ search, left_of_colon, "tv_left", TITLE_TV, 1, false, true },
	{ .begin = look_at_series },
	{ .begin = look_at_series },
	{ .begin = look_at_seasons },
	{ search, plain_text, "variant", TITLE_MOVIE, 1, true, false },
	{ search, without_subtitle, "variant", TITLE_MOVIE, 1, true, false },
	{ .begin = look_at_doubtful },
	{ .begin = look_at_doubtful },
};

bool lookup_step_on(struct lookup *l)
{
	for (; l->step < ARRAY_LEN(steps); l->step++)
		if (steps[l->step].begin(l, &steps[l->step]))
			return true;
	return false;
}

/* --- what a search asks for ----------------------------------------------- */

static const char *title_any(const struct lookup *l)
{
	const char *text = l->pool.film.name->text;

	return *text != '\0' ? text : NULL;
}

static const char *title_with_year(const struct lookup *l)
{
	return l->film.year > 0 ? title_any(l) : NULL;
}

/* Page 2, for names that so many titles have that page 1 may not do. */
static const char *title_again(const struct lookup *l)
{
	if (l->decision.confidence != MATCH_NONE || l->page_count < 2 ||
	    !match_is_short(&l->pool.film))
		return NULL;
	return title_any(l);
}

static const char *title_unless_sure(const struct lookup *l)
{
	return l->decision.confidence == MATCH_HIGH && !l->decision.obscure
	               ? NULL
	               : title_any(l);
}

static bool is_answered(const struct lookup *l)
{
	return l->decision.confidence != MATCH_NONE;
}

static bool may_be_episode(const struct lookup *l)
{
	return !is_answered(l) || l->decision.by_subtitle;
}

/* The series, if this is one of its episodes. */
static const char *left_of_colon(const struct lookup *l)
{
	const struct film_name_split *colon =
		film_name_colon(l->pool.film.name);

	return colon != NULL && may_be_episode(l) ? colon->head : NULL;
}

static const char *plain_text(const struct lookup *l)
{
	const struct film_name *name = l->pool.film.name;

	if (is_answered(l) || *name->plain == '\0' ||
	    strcmp(name->plain, name->text) == 0)
		return NULL;
	return name->plain;
}

static const char *without_subtitle(const struct lookup *l)
{
	const struct film_name *name = l->pool.film.name;

	return is_answered(l) || name->split_count == 0 ? NULL
	                                                : name->splits[0].head;
}

/* --- beginnings ----------------------------------------------------------- */

/* The last call is kept for the details, if these are not. */
static bool look_at(struct lookup *l, struct match_candidate *c)
{
	if (c == NULL || lookup_calls_left(l) <= 1)
		return false;
	lookup_go_details(l, PHASE_LOOK, c);
	return true;
}

static bool look_at_rival(struct lookup *l, const struct lookup_step *step)
{
	(void)step;
	return look_at(l, l->decision.rival);
}

static bool look_at_hidden_rival(struct lookup *l,
                                 const struct lookup_step *step)
{
	(void)step;
	return l->decision.obscure &&
	       look_at(l, match_hidden_rival(&l->pool, l->decision.best));
}

static bool look_at_doubtful(struct lookup *l, const struct lookup_step *step)
{
	struct match_candidate *c = is_answered(l) || lookup_calls_left(l) <= 0
	                                    ? NULL
	                                    : match_doubtful(&l->pool);

	(void)step;
	if (c != NULL)
		lookup_go_details(l, PHASE_LOOK, c);
	return c != NULL;
}

/* Another one, when none of its seasons can be meant. */
static bool look_at_series(struct lookup *l, const struct lookup_step *step)
{
	struct match_candidate *c = !may_be_episode(l) || l->film.year == 0 ||
	                                            l->seasons.count > 0 ||
	                                            lookup_calls_left(l) <= 1
	                                    ? NULL
	                                    : match_series(&l->pool);

	(void)step;
	if (c != NULL)
		lookup_go_details(l, PHASE_SERIES, c);
	return c != NULL;
}

static bool look_at_seasons(struct lookup *l, const struct lookup_step *step)
{
	(void)step;
	if (l->seasons.count == 0)
		return false;
	lookup_go(l, PHASE_SEASONS,
	          tmdb_call_seasons(l->arena, l->series->row.id, &l->seasons),
	          NULL);
	return true;
}

static bool search(struct lookup *l, const struct lookup_step *step)
{
	const char *text = lookup_calls_left(l) <= 1 ? NULL : step->text(l);

	if (text != NULL)
		lookup_go(l, PHASE_SEARCH,
		          tmdb_call_search(l->arena, step->kind, text,
		                           step->with_year ? l->film.year : 0,
		                           step->page),
		          NULL);
	return text != NULL;
}

/* --- answers -------------------------------------------------------------- */

bool lookup_search_answered(struct lookup *l, struct str body,
                            struct error *err)
{
	const struct lookup_step *step = &steps[l->step];
	const struct match_source source = {
		.method = step->method,
		.by_year = step->with_year && l->film.year > 0,
		.by_left = step->by_left,
	};
	struct tmdb_search page;

	if (!tmdb_search_parse(l->arena, step->kind, body.p, body.n, &page,
	                       err))
		return error_prefix(err, "%s", l->call);
	l->page_count = page.page_count;
	for (int i = 0; i < page.row_count; i++)
		match_add(&l->pool, &page.rows[i], &source);
	l->step++;
	return true;
}
