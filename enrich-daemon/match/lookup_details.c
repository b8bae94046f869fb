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
#include "enrich-daemon/tmdb/tmdb_length.h"
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

/* Is the title the one that was asked for? NULL: there is none any more. */
static bool title_is_wanted(struct lookup *l, const struct title_ref *ref,
                            const struct tmdb_title *title, struct error *err)
{
	l->lost = title == NULL;
	if (title != NULL && ref->id > 0 && title->id != ref->id)
		return error_set(err,
		                 "TMDB was asked for %s %" PRId64
		                 " and answered with %" PRId64,
		                 title_kind_name(ref->kind), ref->id,
		                 title->id);
	return true;
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
	return title_is_wanted(l, &ref, *title_r, err);
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

/* The details of the wanted one, which did not decide it; NULL: it is gone. */
static void look_learn(struct lookup *l, const struct tmdb_title *title,
                       struct str body)
{
	l->wanted->gone = title == NULL;
	if (title != NULL) {
		match_learn(&l->pool, l->wanted, title);
		lookup_see(l, l->wanted, title, body);
	}
	l->step++;
}

bool lookup_look_answered(struct lookup *l, struct str body, struct error *err)
{
	const struct tmdb_title *title;

	if (!lookup_title_read(l, l->wanted, body, &title, err))
		return false;
	look_learn(l, title, body);
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

/* --- how long a series is ------------------------------------------------- */

/* Without it, or without what it should say, the length stays the one that the
 * details let guess. */
bool lookup_length_answered(struct lookup *l, struct str body,
                            struct error *err)
{
	struct tmdb_title *measured;
	int minutes = 0;

	if (body.p != NULL && !tmdb_length_parse(body, &minutes, err))
		return error_prefix(err, "%s", l->call);
	if (minutes > 0) {
		measured = arena_alloc(l->arena, sizeof(*measured));
		*measured = *l->verdict.title;
		measured->runtime = minutes;
		l->verdict.title = measured;
	}
	lookup_go(l, PHASE_DONE, NULL, NULL);
	return true;
}

/* --- an episode of a series ----------------------------------------------- */

/* The series, and which of its seasons may have the film. */
static const struct tmdb_title *series_read(struct lookup *l, struct str body,
                                            struct tmdb_seasons *seasons_r,
                                            struct error *err)
{
	struct arena *scratch = arena_new();
	const struct json *root = tmdb_series_parse(scratch, body, err);
	const struct tmdb_title *title = NULL;

	if (root == NULL) {
		error_prefix(err, "%s", l->call);
	} else {
		tmdb_seasons_read(root, l->film.year, seasons_r);
		title = tmdb_title_read(l->arena, TITLE_TV, root, err);
		if (title == NULL)
			error_prefix(err, "%s %" PRId64,
			             title_kind_name(TITLE_TV),
			             l->wanted->row.id);
	}
	arena_free(&scratch);
	return title;
}

bool lookup_series_answered(struct lookup *l, struct str body,
                            struct error *err)
{
	const struct title_ref ref = ref_of(l->wanted);
	const struct tmdb_title *title = NULL;
	struct tmdb_seasons seasons = { 0 };

	if (body.p != NULL &&
	    (title = series_read(l, body, &seasons, err)) == NULL)
		return false;
	if (!title_is_wanted(l, &ref, title, err))
		return false;
	l->series = l->wanted;
	l->seasons = seasons;
	look_learn(l, title, body);
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

/* The seasons' episodes, and the details of the one that is the film. root is
 * NULL when the series is gone. */
static bool episodes_read(struct lookup *l, const struct json *root,
                          struct str body, struct error *err)
{
	struct tmdb_episodes episodes = { 0 };
	const struct tmdb_title *title = NULL;

	if (root != NULL)
		tmdb_episodes_read(l->arena, root, &episodes);
	episodes_add(l, &episodes);

	const struct match_decision d = match_decide(&l->pool);
	if (d.best == NULL || d.best->row.kind != TITLE_EPISODE)
		return true;
	const struct title_ref ref = ref_of(d.best);
	if (root != NULL)
		title = tmdb_episode_read(l->arena, &ref, root);
	if (!title_is_wanted(l, &ref, title, err))
		return false;
	if (title != NULL)
		lookup_see(l, d.best, title, body);
	return true;
}

bool lookup_seasons_answered(struct lookup *l, struct str body,
                             struct error *err)
{
	struct arena *scratch = arena_new();
	const struct json *root = NULL;
	bool ok;

	if (body.p != NULL)
		root = tmdb_series_parse(scratch, body, err);
	if (body.p != NULL && root == NULL)
		ok = error_prefix(err, "%s", l->call);
	else
		ok = episodes_read(l, root, body, err);
	arena_free(&scratch);
	if (ok)
		l->step++;
	return ok;
}
