/*
 * The film may be an episode of a series: which seasons of the series may have
 * it, and what these have.
 */
#include "common/base/error.h"
#include "enrich-daemon/match/film_name.h"
#include "enrich-daemon/match/lookup_private.h"
#include "enrich-daemon/match/match.h"
#include "enrich-daemon/tmdb/tmdb_episode.h"

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
