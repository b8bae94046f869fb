/*
 * A title that no search found: a match that is known, by its id or by the one
 * that IMDb has for it; and what the index of names gave, which is believed
 * when its details leave no doubt, else as if it had not been asked.
 */
#include "common/base/arena.h"
#include "common/base/error.h"
#include "enrich-daemon/match/lookup_private.h"
#include "enrich-daemon/match/match.h"
#include "enrich-daemon/tmdb/tmdb_call.h"
#include "enrich-daemon/tmdb/tmdb_search.h"

/* --- a match that is known ------------------------------------------------ */

static struct match_candidate *known_candidate(struct lookup *l)
{
	struct match_candidate *c = arena_alloc(l->arena, sizeof(*c));

	c->row.kind = l->film.known_kind;
	c->row.id = l->film.known_id;
	c->row.place = l->film.known_place;
	c->method = "known";
	return c;
}

void lookup_go_known(struct lookup *l)
{
	lookup_go_details(l, PHASE_KNOWN, known_candidate(l));
}

/* How sure the known title is the film, from its details alone. */
static struct match_decision known_decide(struct lookup *l,
                                          const struct tmdb_title *title)
{
	static const struct match_source source = { .method = "known" };
	struct match_pool *alone = arena_alloc(l->arena, sizeof(*alone));
	const struct tmdb_row row = lookup_row_of(title);

	alone->film = l->pool.film;
	match_add(alone, &row, &source);
	match_learn(alone, &alone->items[0], title);

	struct match_decision d = match_decide(alone);
	/* The year beside it may be another film of that name. */
	if (alone->items[0].year_likeness < YEAR_RELEASE)
		d.confidence = MATCH_NONE;
	d.best = &alone->items[0];
	if (l->film.known_own || l->film.known_locked)
		d.confidence = MATCH_HIGH;
	return d;
}

bool lookup_known_answered(struct lookup *l, struct str body, struct error *err)
{
	const struct tmdb_title *title;

	if (!lookup_title_read(l, l->wanted, body, &title, err))
		return false;
	if (title == NULL) {
		if (l->film.known_locked && body.p == NULL)
			lookup_go(l, PHASE_PROOF, tmdb_call_configuration,
			          NULL);
		else if (l->film.known_locked)
			lookup_finish_without(l);
		return true;
	}
	l->decision = known_decide(l, title);
	if (lookup_is_sure(l))
		lookup_finish_read(l, title, body);
	else
		lookup_see(l, l->wanted, title, body);
	return true;
}

/* TMDB says that a title is gone by a 404, and so may a server in its place. A
 * film that is searched for next needs no proof: a server that is not TMDB
 * answers no search. But a film whose title somebody chose is not searched for;
 * it would lose the title by that 404 alone. So a call follows that only TMDB
 * answers with 200: its configuration. Any answer that gets here is such a 200,
 * and what is in it does not matter. */
bool lookup_proof_answered(struct lookup *l, struct str body, struct error *err)
{
	(void)body;
	(void)err;
	lookup_finish_without(l);
	return true;
}

bool lookup_find_answered(struct lookup *l, struct str body, struct error *err)
{
	struct title_ref found;

	if (!tmdb_find_parse(body.p, body.n, &found, err))
		return error_prefix(err, "%s", l->call);
	l->film.known_locked = true;
	l->film.known_kind = found.kind;
	l->film.known_id = found.id;
	l->film.known_place = found.place;
	if (found.id > 0)
		lookup_go_known(l);
	else
		lookup_finish_without(l);
	return true;
}

/* --- what the index of names gave ----------------------------------------- */

void lookup_go_indexed(struct lookup *l)
{
	struct match_candidate *c = arena_alloc(l->arena, sizeof(*c));

	c->row.kind = TITLE_MOVIE;
	c->row.id = l->film.indexed_id;
	l->index_calls = INDEX_CALLS;
	lookup_go_details(l, PHASE_INDEXED, c);
}

/* For the search, if there is one, the pool is as empty as without it. */
bool lookup_indexed_answered(struct lookup *l, struct str body,
                             struct error *err)
{
	static const struct match_source source = { .method = "index" };
	struct match_candidate *c = &l->pool.items[0];
	const struct tmdb_title *title;

	if (!lookup_title_read(l, l->wanted, body, &title, err))
		return false;
	if (title == NULL)
		return true;
	struct tmdb_row row = lookup_row_of(title);
	row.original_name = row.name; /* the index knows it by the other */
	match_add(&l->pool, &row, &source);
	match_learn(&l->pool, c, title);
	if (match_alone(&l->pool.film, c)) {
		l->decision = (struct match_decision){ .confidence = MATCH_HIGH,
			                               .best = c };
		lookup_finish_read(l, title, body);
	} else {
		l->pool.count = 0;
		lookup_see(l, l->wanted, title, body);
	}
	return true;
}
