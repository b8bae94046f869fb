/*
 * The ladder. A step is a search (or a look at one candidate's details) that
 * adds to the pool of candidates; after each answer the rules of match.c are
 * asked. The table says what is asked when; go() is the only place that
 * changes what the lookup waits for.
 */
#include "enrich-daemon/lookup.h"

#include <inttypes.h>
#include <string.h>

#include "common/attr.h"
#include "common/mem.h"
#include "enrich-daemon/film_name.h"
#include "enrich-daemon/match.h"
#include "enrich-daemon/tmdb_call.h"
#include "enrich-daemon/tmdb_search.h"

/* Calls a film may cost; the last is kept for the details. */
#define CALLS_MAX 7

enum lookup_phase {
	PHASE_FIND,    /* the title that IMDb's id is of */
	PHASE_KNOWN,   /* details of the match that is known already */
	PHASE_SEARCH,  /* one page of a search */
	PHASE_LOOK,    /* details with other names, of a doubtful candidate */
	PHASE_DETAILS, /* details of the match */
	PHASE_DONE
};

struct lookup {
	struct arena *arena;
	struct lookup_film film;
	struct match_pool pool;
	struct match_decision decision;
	enum lookup_phase phase;
	size_t step;
	const char *call;
	struct match_candidate *wanted; /* whose details, else NULL */
	int64_t page_count;             /* of the last search */
	/* Details that a look brought; they are not asked for again. */
	const struct match_candidate *seen;
	const struct tmdb_title *seen_title;
	const char *seen_raw;
	size_t seen_raw_len;
	struct lookup_verdict verdict;
};

/* --- the steps ------------------------------------------------------------ */

/* What is asked for; NULL when the step is of no use now. */
typedef const char *step_fn(const struct lookup *l);

static step_fn title_with_year, title_again, title_unless_sure, title_any,
	left_of_colon, plain_text, without_subtitle;

static const struct step {
	step_fn *text; /* NULL: a look at the most doubtful candidate */
	const char *method;
	enum title_kind kind;
	int page;
	bool with_year;
	bool by_left;
} steps[] = {
	{ title_with_year, "search_year", TITLE_MOVIE, 1, true, false },
	{ title_again, "search_year", TITLE_MOVIE, 2, true, false },
	{ title_unless_sure, "search", TITLE_MOVIE, 1, false, false },
	{ title_again, "search", TITLE_MOVIE, 2, false, false },
	{ title_any, "tv", TITLE_TV, 1, true, false },
	{ left_of_colon, "tv_left", TITLE_TV, 1, false, true },
	{ plain_text, "variant", TITLE_MOVIE, 1, true, false },
	{ without_subtitle, "variant", TITLE_MOVIE, 1, true, false },
	{ NULL, NULL, TITLE_MOVIE, 0, false, false },
	{ NULL, NULL, TITLE_MOVIE, 0, false, false },
};

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
	return l->decision.confidence == MATCH_HIGH ? NULL : title_any(l);
}

static bool is_answered(const struct lookup *l)
{
	return l->decision.confidence != MATCH_NONE;
}

/* The series, if this is one of its episodes. */
static const char *left_of_colon(const struct lookup *l)
{
	const struct film_name *name = l->pool.film.name;

	if (is_answered(l) && !l->decision.by_subtitle)
		return NULL;
	for (int i = 0; i < name->split_count; i++)
		if (name->splits[i].colon)
			return name->splits[i].head;
	return NULL;
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

/* --- the engine ----------------------------------------------------------- */

static void go(struct lookup *l, enum lookup_phase phase, const char *call,
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
	go(l, PHASE_DONE, NULL, NULL);
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
	go(l, PHASE_DONE, NULL, NULL);
}

static void conclude(struct lookup *l)
{
	struct match_candidate *best = l->decision.best;

	if (confidence_name(l->decision.confidence) == NULL) {
		finish_without(l);
	} else if (best == l->seen) {
		finish_with(l, l->seen_title, l->seen_raw, l->seen_raw_len);
	} else if (l->verdict.calls >= CALLS_MAX) {
		l->decision.confidence = MATCH_NONE;
		finish_without(l);
	} else {
		go(l, PHASE_DETAILS,
		   tmdb_call_details(l->arena, best->row.kind, best->row.id,
		                     false),
		   best);
	}
}

/* True when the step has something to ask, and then waits for it. */
static bool step_begin(struct lookup *l, const struct step *step)
{
	if (step->text == NULL) {
		struct match_candidate *c =
			is_answered(l) || l->verdict.calls >= CALLS_MAX
				? NULL
				: match_doubtful(&l->pool);

		if (c != NULL)
			go(l, PHASE_LOOK,
			   tmdb_call_details(l->arena, c->row.kind, c->row.id,
			                     true),
			   c);
		return c != NULL;
	}

	const char *text =
		l->verdict.calls >= CALLS_MAX - 1 ? NULL : step->text(l);
	if (text != NULL)
		go(l, PHASE_SEARCH,
		   tmdb_call_search(l->arena, step->kind, text,
		                    step->with_year ? l->film.year : 0,
		                    step->page),
		   NULL);
	return text != NULL;
}

/* From the step l->step on, to the next that asks, or to the end. */
static void advance(struct lookup *l)
{
	l->decision = match_decide(&l->pool);
	for (; !l->decision.settled && l->step < ARRAY_LEN(steps); l->step++)
		if (step_begin(l, &steps[l->step]))
			return;
	conclude(l);
}

/* --- answers -------------------------------------------------------------- */

static bool title_read(struct lookup *l, const struct match_candidate *c,
                       const char *body, size_t len,
                       const struct tmdb_title **title_r, struct error *err)
{
	*title_r = tmdb_title_parse(l->arena, c->row.kind, body, len, err);
	if (*title_r == NULL)
		return error_prefix(err, "%s %" PRId64,
		                    title_kind_name(c->row.kind), c->row.id);
	if ((*title_r)->id != c->row.id)
		return error_set(err,
		                 "TMDB was asked for %s %" PRId64
		                 " and answered with %" PRId64,
		                 title_kind_name(c->row.kind), c->row.id,
		                 (*title_r)->id);
	return true;
}

static bool search_answered(struct lookup *l, const char *body, size_t len,
                            struct error *err)
{
	const struct step *step = &steps[l->step];
	const struct match_source source = {
		.method = step->method,
		.by_year = step->with_year && l->film.year > 0,
		.by_left = step->by_left,
	};
	struct tmdb_search page = { 0 };

	if (body != NULL &&
	    !tmdb_search_parse(l->arena, step->kind, body, len, &page, err))
		return error_prefix(err, "%s", l->call);
	l->page_count = page.page_count;
	for (int i = 0; i < page.row_count; i++)
		match_add(&l->pool, &page.rows[i], &source);
	l->step++;
	return true;
}

static bool look_answered(struct lookup *l, const char *body, size_t len,
                          struct error *err)
{
	if (body == NULL) {
		l->wanted->gone = true;
	} else {
		const struct tmdb_title *title;

		if (!title_read(l, l->wanted, body, len, &title, err))
			return false;
		match_learn(&l->pool, l->wanted, title);
		l->seen = l->wanted;
		l->seen_title = title;
		l->seen_raw = arena_strndup(l->arena, body, len);
		l->seen_raw_len = len;
	}
	l->step++;
	return true;
}

static bool details_answered(struct lookup *l, const char *body, size_t len,
                             struct error *err)
{
	const struct tmdb_title *title;

	if (body == NULL) {
		l->wanted->gone = true;
		return true;
	}
	if (!title_read(l, l->wanted, body, len, &title, err))
		return false;
	finish_with(l, title, arena_strndup(l->arena, body, len), len);
	return true;
}

/* --- a match that is known ------------------------------------------------ */

static struct match_candidate *known_candidate(struct lookup *l)
{
	struct match_candidate *c = arena_alloc(l->arena, sizeof(*c));

	c->row.kind = l->film.known_kind;
	c->row.id = l->film.known_id;
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

static bool known_answered(struct lookup *l, const char *body, size_t len,
                           struct error *err)
{
	const struct tmdb_title *title;

	if (body == NULL) {
		if (l->film.known_locked)
			finish_without(l);
		return true;
	}
	if (!title_read(l, l->wanted, body, len, &title, err))
		return false;
	l->decision = known_decide(l, title);
	if (confidence_name(l->decision.confidence) != NULL)
		finish_with(l, title, arena_strndup(l->arena, body, len), len);
	return true;
}

static void know(struct lookup *l)
{
	go(l, PHASE_KNOWN,
	   tmdb_call_details(l->arena, l->film.known_kind, l->film.known_id,
	                     false),
	   known_candidate(l));
}

static bool find_answered(struct lookup *l, const char *body, size_t len,
                          struct error *err)
{
	l->film.known_locked = true;
	l->film.known_id = 0;
	if (body != NULL && !tmdb_find_parse(body, len, &l->film.known_kind,
	                                     &l->film.known_id, err))
		return error_prefix(err, "%s", l->call);
	if (l->film.known_id > 0)
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
		go(l, PHASE_FIND, tmdb_call_find(arena, film->imdb_id), NULL);
	else if (film->known_id > 0)
		know(l);
	else
		advance(l);
	return l;
}

const char *lookup_wants(const struct lookup *l, enum title_kind *kind_r,
                         int64_t *id_r)
{
	/* A look is for names that stored data may not have. */
	const bool storable =
		l->phase == PHASE_KNOWN || l->phase == PHASE_DETAILS;

	*kind_r = storable ? l->wanted->row.kind : TITLE_MOVIE;
	*id_r = storable ? l->wanted->row.id : 0;
	return l->call;
}

static bool answered(struct lookup *l, const char *body, size_t len,
                     struct error *err)
{
	switch (l->phase) {
	case PHASE_FIND:
		return find_answered(l, body, len, err);
	case PHASE_KNOWN:
		return known_answered(l, body, len, err);
	case PHASE_SEARCH:
		return search_answered(l, body, len, err);
	case PHASE_LOOK:
		return look_answered(l, body, len, err);
	case PHASE_DETAILS:
		return details_answered(l, body, len, err);
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
	if (!answered(l, status == 200 ? body : NULL, len, err))
		return false;
	l->verdict.calls++;
	/* Unless the answer has decided what comes next. */
	if (l->phase == asked)
		advance(l);
	return true;
}

void lookup_stored(struct lookup *l)
{
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
