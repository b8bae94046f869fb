#ifndef ENRICH_DAEMON_MATCH_LOOKUP_PRIVATE_H
#define ENRICH_DAEMON_MATCH_LOOKUP_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/attr.h"
#include "common/base/error.h"
#include "common/base/str.h"
#include "enrich-daemon/match/lookup.h"
#include "enrich-daemon/match/match.h"
#include "enrich-daemon/tmdb/tmdb_episode.h"
#include "enrich-daemon/tmdb/tmdb_search.h"
#include "enrich-daemon/tmdb/tmdb_title.h"

/* What the parts of the lookup share. */

/* Calls a film may cost; the last is kept for the details. Those that look for
 * it among a series' episodes come on top, up to so many: what is no episode
 * after all is searched for as if it had never looked like one. */
#define CALLS_MAX         7
#define EPISODE_CALLS_MAX 2
/* So does the one for what the index gave. */
#define INDEX_CALLS 1

enum lookup_phase {
	PHASE_FIND,    /* the title that IMDb's id is of */
	PHASE_KNOWN,   /* details of the match that is known already */
	PHASE_PROOF,   /* what TMDB always has: is it TMDB that says "gone"? */
	PHASE_INDEXED, /* details of what the index of names gave */
	PHASE_SEARCH,  /* one page of a search */
	PHASE_LOOK,    /* details with other names, of a doubtful candidate or
	                * of a rival of the best one */
	PHASE_SERIES,  /* details of what may be its series */
	PHASE_SEASONS, /* the same with the episodes of some seasons */
	PHASE_DETAILS, /* details of the match */
	PHASE_LENGTH,  /* the episodes of the match, which is a series */
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
	/* Details that did not decide it; they are not asked for again. */
	const struct match_candidate *seen;
	const struct tmdb_title *seen_title;
	const char *seen_raw;
	size_t seen_raw_len;
	const struct match_candidate *series; /* the one looked at last */
	struct tmdb_seasons seasons;          /* of it, that may have it */
	int episode_calls;                    /* for series and seasons */
	int index_calls;                      /* INDEX_CALLS, if it was asked */
	bool lost;                            /* see lookup_lost() */
	struct lookup_verdict verdict;
};

/*
 * What an answer adds to what is known; body.p is NULL when the title that it
 * was to be about is gone. False with err when it is not what it should be.
 * Unless it goes to another phase, the next step is taken.
 */
typedef bool lookup_answered_fn(struct lookup *l, struct str body,
                                struct error *err);

/* --- lookup_step.c: the ladder of searches and looks ---------------------- */

/* From the step l->step on, to the next that has something to ask, and waits
 * for it; false at the end. */
bool lookup_step_on(struct lookup *l) MUST_CHECK;
lookup_answered_fn lookup_search_answered MUST_CHECK;

/* --- lookup_details.c: details of one title, episodes of a series --------- */

/* The candidate's details, with other names for PHASE_LOOK. */
void lookup_go_details(struct lookup *l, enum lookup_phase phase,
                       struct match_candidate *c);
/* The title of the answer to it; NULL when there is none any more. */
bool lookup_title_read(struct lookup *l, const struct match_candidate *c,
                       struct str body, const struct tmdb_title **title_r,
                       struct error *err) MUST_CHECK;
/* As a search would have shown the title. */
struct tmdb_row lookup_row_of(const struct tmdb_title *title);
/* Keeps the candidate's details, instead of those kept before. */
void lookup_see(struct lookup *l, const struct match_candidate *c,
                const struct tmdb_title *title, struct str body);
bool lookup_is_seen(const struct lookup *l,
                    const struct match_candidate *c) MUST_CHECK;
lookup_answered_fn lookup_look_answered MUST_CHECK;
lookup_answered_fn lookup_details_answered MUST_CHECK;
lookup_answered_fn lookup_series_answered MUST_CHECK;
lookup_answered_fn lookup_seasons_answered MUST_CHECK;
lookup_answered_fn lookup_length_answered MUST_CHECK;

/* --- lookup_known.c: titles that no search found -------------------------- */

void lookup_go_known(struct lookup *l);
lookup_answered_fn lookup_find_answered MUST_CHECK;
lookup_answered_fn lookup_known_answered MUST_CHECK;
lookup_answered_fn lookup_proof_answered MUST_CHECK;
void lookup_go_indexed(struct lookup *l);
lookup_answered_fn lookup_indexed_answered MUST_CHECK;

/* --- lookup_state.c: what is waited for, and the end ---------------------- */

/* The one place that changes what the lookup waits for. */
void lookup_go(struct lookup *l, enum lookup_phase phase, const char *call,
               struct match_candidate *wanted);
int lookup_calls_left(const struct lookup *l);

/* The decision is one to be kept. */
bool lookup_is_sure(const struct lookup *l) MUST_CHECK;
/* It is l->decision.best, whose details these are; raw is borrowed. Of a
 * series that was fetched the length may have to be asked for first. */
void lookup_finish_with(struct lookup *l, const struct tmdb_title *title,
                        const char *raw, size_t raw_len);
/* The same when the answer was just read; body is copied. */
void lookup_finish_read(struct lookup *l, const struct tmdb_title *title,
                        struct str body);
void lookup_finish_without(struct lookup *l);

#endif
