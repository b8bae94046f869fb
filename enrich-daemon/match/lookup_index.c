/*
 * What the index of names gave: believed when its details leave no doubt, else
 * as if it had not been asked.
 */
#include "common/base/arena.h"
#include "enrich-daemon/match/lookup_private.h"
#include "enrich-daemon/match/match.h"

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
