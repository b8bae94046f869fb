/*
 * Details of one title: asked for, read, and kept, lest they are asked for
 * again. Those of a series say which seasons may have the film as an episode,
 * and what these have.
 */
#include <inttypes.h>

#include "common/base/arena.h"
#include "common/base/error.h"
#include "enrich-daemon/match/film_name.h"
#include "enrich-daemon/match/lookup_private.h"
#include "enrich-daemon/match/match.h"
#include "enrich-daemon/tmdb/tmdb_call.h"
#include "enrich-daemon/tmdb/tmdb_episode.h"
#include "enrich-daemon/tmdb/tmdb_title.h"

static struct title_ref ref_of(const struct match_candidate *c)
{
	return (struct title_ref){ c->row.kind, c->row.id, c->row.place };
}

void lookup_go_details(struct lookup *l, enum lookup_phase phase,
                       struct match_candidate *c)
{
	const struct title_ref ref = ref_of(c);

	lookup_go(l, phase,
	          tmdb_call_details(l->arena, &ref, phase == PHASE_LOOK), c);
}

bool lookup_title_read(struct lookup *l, const struct match_candidate *c,
                       struct str body, const struct tmdb_title **title_r,
                       struct error *err)
{
	const struct title_ref ref = ref_of(c);
	bool ok = true;

	*title_r = NULL;
	if (body.p != NULL && ref.kind == TITLE_EPISODE)
		ok = tmdb_episode_parse(l->arena, &ref, body, title_r, err);
	else if (body.p != NULL)
		ok = (*title_r = tmdb_title_parse(l->arena, ref.kind, body.p,
		                                  body.n, err)) != NULL;
	if (!ok)
		return error_prefix(err, "%s %" PRId64,
		                    title_kind_name(ref.kind), ref.id);
	l->lost = *title_r == NULL;
	if (*title_r != NULL && ref.id > 0 && (*title_r)->id != ref.id)
		return error_set(err,
		                 "TMDB was asked for %s %" PRId64
		                 " and answered with %" PRId64,
		                 title_kind_name(ref.kind), ref.id,
		                 (*title_r)->id);
	return true;
}

struct tmdb_row lookup_row_of(const struct tmdb_title *title)
{
	return (struct tmdb_row){
		.kind = title->kind,
		.id = title->id,
		.name = title->name,
		.original_name = title->original_name,
		.date = title->released_on,
		.votes = title->vote_count,
	};
}

void lookup_see(struct lookup *l, const struct match_candidate *c,
                const struct tmdb_title *title, struct str body)
{
	l->seen = c;
	l->seen_title = title;
	l->seen_raw = arena_strndup(l->arena, body.p, body.n);
	l->seen_raw_len = body.n;
}

bool lookup_is_seen(const struct lookup *l, const struct match_candidate *c)
{
	if (c == l->seen)
		return true;
	/* What was known, or the index gave, is none of the pool. */
	return l->seen != NULL && l->seen->row.id > 0 &&
	       l->seen->row.kind == c->row.kind && l->seen->row.id == c->row.id;
}

/* --- answers -------------------------------------------------------------- */

bool lookup_look_answered(struct lookup *l, struct str body, struct error *err)
{
	const struct tmdb_title *title;

	if (!lookup_title_read(l, l->wanted, body, &title, err))
		return false;
	l->wanted->gone = title == NULL;
	if (title != NULL) {
		match_learn(&l->pool, l->wanted, title);
		lookup_see(l, l->wanted, title, body);
	}
	l->step++;
	return true;
}

bool lookup_details_answered(struct lookup *l, struct str body,
                             struct error *err)
{
	const struct tmdb_title *title;

	if (!lookup_title_read(l, l->wanted, body, &title, err))
		return false;
	l->wanted->gone = title == NULL;
	if (title != NULL)
		lookup_finish_read(l, title, body);
	return true;
}

/* --- an episode of a series ----------------------------------------------- */

bool lookup_series_answered(struct lookup *l, struct str body,
                            struct error *err)
{
	struct tmdb_seasons seasons = { 0 };

	if (body.p != NULL &&
	    !tmdb_seasons_parse(body.p, body.n, l->film.year, &seasons, err))
		return error_prefix(err, "%s", l->call);
	l->series = l->wanted;
	if (!lookup_look_answered(l, body, err))
		return false;
	l->seasons = seasons;
	return true;
}

/* Those that are named as the film is join the candidates. */
static void episodes_add(struct lookup *l, const struct tmdb_episodes *episodes)
{
	const struct match_source source = {
		.method = "episode",
		.by_left = true,
		.by_other_name =
			!match_names_episode(&l->pool.film, &l->series->row),
	};

	for (int i = 0; i < episodes->count; i++)
		if (match_likeness(&l->pool.film, &episodes->rows[i]) >=
		    NAME_TAIL)
			match_add(&l->pool, &episodes->rows[i], &source);
}

bool lookup_seasons_answered(struct lookup *l, struct str body,
                             struct error *err)
{
	struct tmdb_episodes episodes = { 0 };
	const struct tmdb_title *title = NULL;

	if (body.p != NULL &&
	    !tmdb_episodes_parse(l->arena, body.p, body.n, &episodes, err))
		return error_prefix(err, "%s", l->call);
	episodes_add(l, &episodes);
	const struct match_decision d = match_decide(&l->pool);
	if (d.best != NULL && d.best->row.kind == TITLE_EPISODE) {
		if (!lookup_title_read(l, d.best, body, &title, err))
			return false;
		if (title != NULL)
			lookup_see(l, d.best, title, body);
	}
	l->step++;
	return true;
}
