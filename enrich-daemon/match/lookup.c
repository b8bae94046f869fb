/*
 * The lookup's engine: after each answer the rules of match.c are asked, then
 * the ladder of lookup_step.c for what to ask next. lookup_go() is the only
 * place that changes what the lookup waits for.
 */
#include "enrich-daemon/match/lookup.h"

#include "common/base/mem.h"
#include "common/base/str.h"
#include "enrich-daemon/match/film_name.h"
#include "enrich-daemon/match/lookup_private.h"
#include "enrich-daemon/match/match.h"
#include "enrich-daemon/tmdb/tmdb_call.h"
#include "enrich-daemon/tmdb/tmdb_error.h"

/* --- the engine ----------------------------------------------------------- */

static void conclude(struct lookup *l)
{
	struct match_candidate *best = l->decision.best;

	if (!lookup_is_sure(l)) {
		lookup_finish_without(l);
	} else if (lookup_is_seen(l, best)) {
		lookup_finish_with(l, l->seen_title, l->seen_raw,
		                   l->seen_raw_len);
	} else if (lookup_calls_left(l) <= 0) {
		l->decision.confidence = MATCH_NONE;
		lookup_finish_without(l);
	} else {
		lookup_go_details(l, PHASE_DETAILS, best);
	}
}

/* From the step l->step on, to the next that asks, or to the end. */
static void advance(struct lookup *l)
{
	l->decision = match_decide(&l->pool);
	if (l->decision.settled || !lookup_step_on(l))
		conclude(l);
}

/* --- the interface -------------------------------------------------------- */

struct lookup *lookup_new(struct arena *arena, const struct lookup_film *film)
{
	struct lookup *l = arena_alloc(arena, sizeof(*l));

	l->arena = arena;
	l->film = *film;
	l->film.title = arena_strdup(arena, film->title);
	l->film.imdb_id = NULL; /* borrowed; only for the first call */
	l->pool.film = (struct match_film){
		.name = film_name_new(arena, film->title),
		.year = film->year,
	};
	if (film->imdb_id != NULL)
		lookup_go(l, PHASE_FIND, tmdb_call_find(arena, film->imdb_id),
		          NULL);
	else if (film->known_id > 0 || film->known_place.series_id > 0)
		lookup_go_known(l);
	else if (film->indexed_id > 0 && match_alone_may(&l->pool.film))
		lookup_go_indexed(l);
	else
		advance(l);
	return l;
}

const char *lookup_wants(const struct lookup *l, enum title_kind *kind_r,
                         int64_t *id_r)
{
	/* A look is for names that stored data may not have. */
	const bool storable = l->phase == PHASE_KNOWN ||
	                      l->phase == PHASE_INDEXED ||
	                      l->phase == PHASE_DETAILS;

	*kind_r = storable ? l->wanted->row.kind : TITLE_MOVIE;
	*id_r = storable ? l->wanted->row.id : 0;
	return l->call;
}

static bool answered(struct lookup *l, struct str body, struct error *err)
{
	switch (l->phase) {
	case PHASE_FIND:
		return lookup_find_answered(l, body, err);
	case PHASE_KNOWN:
		return lookup_known_answered(l, body, err);
	case PHASE_PROOF:
		return lookup_proof_answered(l, body, err);
	case PHASE_INDEXED:
		return lookup_indexed_answered(l, body, err);
	case PHASE_SEARCH:
		return lookup_search_answered(l, body, err);
	case PHASE_LOOK:
		return lookup_look_answered(l, body, err);
	case PHASE_SERIES:
		return lookup_series_answered(l, body, err);
	case PHASE_SEASONS:
		return lookup_seasons_answered(l, body, err);
	case PHASE_DETAILS:
		return lookup_details_answered(l, body, err);
	case PHASE_LENGTH:
		return lookup_length_answered(l, body, err);
	case PHASE_DONE:
		break;
	}
	return error_set(err, "a lookup that has ended got an answer");
}

/* Only a title can be, and only TMDB can say so: to a search it gives an empty
 * page, to a find an empty list. */
static bool may_be_gone(const struct lookup *l, const char *body, size_t len)
{
	const bool of_title = l->phase != PHASE_SEARCH &&
	                      l->phase != PHASE_FIND && l->phase != PHASE_PROOF;

	return of_title && tmdb_is_error(body, len);
}

bool lookup_answer(struct lookup *l, int status, const char *body, size_t len,
                   struct error *err)
{
	const enum lookup_phase asked = l->phase;

	l->lost = false;
	if (status != 200 && !(status == 404 && may_be_gone(l, body, len)))
		return error_set(err, "%s: HTTP status %d is no answer to it",
		                 l->call, status);
	if (!answered(l, (struct str){ status == 200 ? body : NULL, len }, err))
		return false;
	l->verdict.calls++;
	if (asked == PHASE_SERIES || asked == PHASE_SEASONS)
		l->episode_calls++;
	/* Unless the answer has decided what comes next. */
	if (l->phase == asked)
		advance(l);
	return true;
}

bool lookup_adds(const struct lookup *l)
{
	return l->phase == PHASE_LENGTH;
}

bool lookup_lost(const struct lookup *l)
{
	return l->lost;
}

void lookup_stored(struct lookup *l)
{
	if (l->phase == PHASE_INDEXED) {
		advance(l);
		return;
	}
	ensure(l->phase == PHASE_KNOWN || l->phase == PHASE_DETAILS);

	struct tmdb_title *title = arena_alloc(l->arena, sizeof(*title));
	title->kind = l->wanted->row.kind;
	title->id = l->wanted->row.id;
	if (l->phase == PHASE_KNOWN)
		l->decision = (struct match_decision){
			.confidence = MATCH_HIGH,
			.best = l->wanted,
		};
	lookup_finish_with(l, title, NULL, 0);
}
