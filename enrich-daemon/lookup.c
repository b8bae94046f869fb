/*
 * The lookup's engine: after each answer the rules of match.c are asked, then
 * the ladder of lookup_step.c for what to ask next. lookup_go() is the only
 * place that changes what the lookup waits for.
 */
#include "enrich-daemon/lookup.h"

#include <inttypes.h>
#include <string.h>

#include "common/mem.h"
#include "common/str.h"
#include "enrich-daemon/film_name.h"
#include "enrich-daemon/lookup_private.h"
#include "enrich-daemon/match.h"
#include "enrich-daemon/tmdb_call.h"
#include "enrich-daemon/tmdb_episode.h"
#include "enrich-daemon/tmdb_search.h"

/* --- the engine ----------------------------------------------------------- */

void lookup_go(struct lookup *l, enum lookup_phase phase, const char *call,
               struct match_candidate *wanted)
{
	l->phase = phase;
	l->call = call;
	l->wanted = wanted;
}

static const char *confidence_name(enum match_confidence confidence)
{
	switch (confidence) {
	case MATCH_HIGH:
		return "high";
	case MATCH_MEDIUM:
		return "medium";
	case MATCH_AMBIGUOUS:
	case MATCH_NONE:
		break;
	}
	return NULL;
}

static void keep_candidates(struct lookup *l)
{
	struct match_candidate *top[LOOKUP_CANDIDATES_MAX];
	struct lookup_verdict *v = &l->verdict;

	v->candidate_count = match_top(&l->pool, top, LOOKUP_CANDIDATES_MAX);
	for (int i = 0; i < v->candidate_count; i++)
		v->candidates[i] = (struct lookup_candidate){
			.kind = top[i]->row.kind,
			.id = top[i]->row.id,
			.place = top[i]->row.place,
			.name = top[i]->row.name,
			.date = top[i]->row.date,
			.votes = top[i]->row.votes,
			.score = top[i]->score,
		};
}

static void finish_without(struct lookup *l)
{
	struct lookup_verdict *v = &l->verdict;

	v->state = l->decision.confidence == MATCH_AMBIGUOUS ? LOOKUP_AMBIGUOUS
	                                                     : LOOKUP_NOT_FOUND;
	v->method = "";
	keep_candidates(l);
	lookup_go(l, PHASE_DONE, NULL, NULL);
}

static void finish_with(struct lookup *l, const struct tmdb_title *title,
                        const char *raw, size_t raw_len)
{
	struct lookup_verdict *v = &l->verdict;

	v->state = LOOKUP_MATCHED;
	v->method = l->decision.best->method;
	v->confidence = confidence_name(l->decision.confidence);
	v->score = l->decision.best->score;
	v->title = title;
	v->raw = raw;
	v->raw_len = raw_len;
	keep_candidates(l);
	lookup_go(l, PHASE_DONE, NULL, NULL);
}

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

int lookup_calls_left(const struct lookup *l)
{
	const int more = l->episode_calls < EPISODE_CALLS_MAX
	                         ? l->episode_calls
	                         : EPISODE_CALLS_MAX;

	return CALLS_MAX + more + l->index_calls - l->verdict.calls;
}

static bool is_seen(const struct lookup *l, const struct match_candidate *c)
{
	if (c == l->seen)
		return true;
	/* What the index gave is none of the pool. */
	return l->seen != NULL && l->seen->row.id > 0 &&
	       l->seen->row.kind == c->row.kind && l->seen->row.id == c->row.id;
}

static void conclude(struct lookup *l)
{
	struct match_candidate *best = l->decision.best;

	if (confidence_name(l->decision.confidence) == NULL) {
		finish_without(l);
	} else if (is_seen(l, best)) {
		finish_with(l, l->seen_title, l->seen_raw, l->seen_raw_len);
	} else if (lookup_calls_left(l) <= 0) {
		l->decision.confidence = MATCH_NONE;
		finish_without(l);
	} else {
		lookup_go_details(l, PHASE_DETAILS, best);
	}
}

/* From the step l->step on, to the next that asks, or to the end. */
static void advance(struct lookup *l)
{
	const struct lookup_step *step;

	l->decision = match_decide(&l->pool);
	for (; !l->decision.settled && (step = lookup_step(l)) != NULL;
	     l->step++)
		if (step->begin(l, step))
			return;
	conclude(l);
}

/* --- answers -------------------------------------------------------------- */

/* The title of an answer; NULL when there is none any more. */
static bool title_read(struct lookup *l, const struct match_candidate *c,
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

static void see(struct lookup *l, const struct match_candidate *c,
                const struct tmdb_title *title, struct str body)
{
	l->seen = c;
	l->seen_title = title;
	l->seen_raw = arena_strndup(l->arena, body.p, body.n);
	l->seen_raw_len = body.n;
}

static bool search_answered(struct lookup *l, struct str body,
                            struct error *err)
{
	const struct lookup_step *step = lookup_step(l);
	const struct match_source source = {
		.method = step->method,
		.by_year = step->with_year && l->film.year > 0,
		.by_left = step->by_left,
	};
	struct tmdb_search page = { 0 };

	if (body.p != NULL && !tmdb_search_parse(l->arena, step->kind, body.p,
	                                         body.n, &page, err))
		return error_prefix(err, "%s", l->call);
	l->page_count = page.page_count;
	for (int i = 0; i < page.row_count; i++)
		match_add(&l->pool, &page.rows[i], &source);
	l->step++;
	return true;
}

static bool look_answered(struct lookup *l, struct str body, struct error *err)
{
	const struct tmdb_title *title;

	if (!title_read(l, l->wanted, body, &title, err))
		return false;
	l->wanted->gone = title == NULL;
	if (title != NULL) {
		match_learn(&l->pool, l->wanted, title);
		see(l, l->wanted, title, body);
	}
	l->step++;
	return true;
}

static bool series_answered(struct lookup *l, struct str body,
                            struct error *err)
{
	struct tmdb_seasons seasons = { 0 };

	if (body.p != NULL &&
	    !tmdb_seasons_parse(body.p, body.n, l->film.year, &seasons, err))
		return error_prefix(err, "%s", l->call);
	l->series = l->wanted;
	if (!look_answered(l, body, err))
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

static bool seasons_answered(struct lookup *l, struct str body,
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
		if (!title_read(l, d.best, body, &title, err))
			return false;
		if (title != NULL)
			see(l, d.best, title, body);
	}
	l->step++;
	return true;
}

static bool details_answered(struct lookup *l, struct str body,
                             struct error *err)
{
	const struct tmdb_title *title;

	if (!title_read(l, l->wanted, body, &title, err))
		return false;
	l->wanted->gone = title == NULL;
	if (title != NULL)
		finish_with(l, title, arena_strndup(l->arena, body.p, body.n),
		            body.n);
	return true;
}

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

static struct tmdb_row row_of(const struct tmdb_title *title)
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

/* How sure the known title is the film, from its details alone. */
static struct match_decision known_decide(struct lookup *l,
                                          const struct tmdb_title *title)
{
	static const struct match_source source = { .method = "known" };
	struct match_pool *alone = arena_alloc(l->arena, sizeof(*alone));
	const struct tmdb_row row = row_of(title);

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

static bool known_answered(struct lookup *l, struct str body, struct error *err)
{
	const struct tmdb_title *title;

	if (!title_read(l, l->wanted, body, &title, err))
		return false;
	if (title == NULL) {
		if (l->film.known_locked)
			finish_without(l);
		return true;
	}
	l->decision = known_decide(l, title);
	if (confidence_name(l->decision.confidence) != NULL)
		finish_with(l, title, arena_strndup(l->arena, body.p, body.n),
		            body.n);
	return true;
}

static void know(struct lookup *l)
{
	lookup_go_details(l, PHASE_KNOWN, known_candidate(l));
}

/* --- what the index gave -------------------------------------------------- */

static void ask_indexed(struct lookup *l)
{
	struct match_candidate *c = arena_alloc(l->arena, sizeof(*c));

	c->row.kind = TITLE_MOVIE;
	c->row.id = l->film.indexed_id;
	l->index_calls = INDEX_CALLS;
	lookup_go_details(l, PHASE_INDEXED, c);
}

/* For the search, if there is one, the pool is as empty as without it. */
static bool indexed_answered(struct lookup *l, struct str body,
                             struct error *err)
{
	static const struct match_source source = { .method = "index" };
	struct match_candidate *c = &l->pool.items[0];
	const struct tmdb_title *title;

	if (!title_read(l, l->wanted, body, &title, err))
		return false;
	if (title == NULL)
		return true;
	struct tmdb_row row = row_of(title);
	row.original_name = row.name; /* the index knows it by the other */
	match_add(&l->pool, &row, &source);
	match_learn(&l->pool, c, title);
	if (match_alone(&l->pool.film, c)) {
		l->decision = (struct match_decision){ .confidence = MATCH_HIGH,
			                               .best = c };
		finish_with(l, title, arena_strndup(l->arena, body.p, body.n),
		            body.n);
	} else {
		l->pool.count = 0;
		see(l, l->wanted, title, body);
	}
	return true;
}

static bool find_answered(struct lookup *l, struct str body, struct error *err)
{
	struct title_ref found = { 0 };

	if (body.p != NULL && !tmdb_find_parse(body.p, body.n, &found, err))
		return error_prefix(err, "%s", l->call);
	l->film.known_locked = true;
	l->film.known_kind = found.kind;
	l->film.known_id = found.id;
	l->film.known_place = found.place;
	if (found.id > 0)
		know(l);
	else
		finish_without(l);
	return true;
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
		know(l);
	else if (film->indexed_id > 0 && match_alone_may(&l->pool.film))
		ask_indexed(l);
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
		return find_answered(l, body, err);
	case PHASE_KNOWN:
		return known_answered(l, body, err);
	case PHASE_INDEXED:
		return indexed_answered(l, body, err);
	case PHASE_SEARCH:
		return search_answered(l, body, err);
	case PHASE_LOOK:
		return look_answered(l, body, err);
	case PHASE_SERIES:
		return series_answered(l, body, err);
	case PHASE_SEASONS:
		return seasons_answered(l, body, err);
	case PHASE_DETAILS:
		return details_answered(l, body, err);
	case PHASE_DONE:
		break;
	}
	return error_set(err, "a lookup that has ended got an answer");
}

bool lookup_answer(struct lookup *l, int status, const char *body, size_t len,
                   struct error *err)
{
	const enum lookup_phase asked = l->phase;

	if (status != 200 && status != 404)
		return error_set(err, "status %d is no answer to a lookup",
		                 status);
	l->lost = false;
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
	finish_with(l, title, NULL, 0);
}

const struct lookup_verdict *lookup_verdict(const struct lookup *l)
{
	return l->phase == PHASE_DONE ? &l->verdict : NULL;
}
