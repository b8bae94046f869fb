#ifndef ENRICH_DAEMON_LOOKUP_PRIVATE_H
#define ENRICH_DAEMON_LOOKUP_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "enrich-daemon/lookup.h"
#include "enrich-daemon/match.h"
#include "enrich-daemon/tmdb_episode.h"
#include "enrich-daemon/tmdb_title.h"

/* What the parts of the lookup share: lookup_step.c has the ladder, lookup.c
 * what becomes of the answers. */

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
	PHASE_INDEXED, /* details of what the index of names gave */
	PHASE_SEARCH,  /* one page of a search */
	PHASE_LOOK,    /* details with other names, of a doubtful candidate */
	PHASE_SERIES,  /* details of what may be its series */
	PHASE_SEASONS, /* the same with the episodes of some seasons */
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
	const struct match_candidate *series; /* the one looked at last */
	struct tmdb_seasons seasons;          /* of it, that may have it */
	int episode_calls;                    /* for series and seasons */
	int index_calls;                      /* INDEX_CALLS, if it was asked */
	bool lost;                            /* see lookup_lost() */
	struct lookup_verdict verdict;
};

/* The one place that changes what the lookup waits for. */
void lookup_go(struct lookup *l, enum lookup_phase phase, const char *call,
               struct match_candidate *wanted);
/* The candidate's details, with other names for PHASE_LOOK. */
void lookup_go_details(struct lookup *l, enum lookup_phase phase,
                       struct match_candidate *c);

int lookup_calls_left(const struct lookup *l);

/* A step of the ladder. */
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

/* The step l->step; NULL at the end. */
const struct lookup_step *lookup_step(const struct lookup *l);

#endif
