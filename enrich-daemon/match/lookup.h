#ifndef ENRICH_DAEMON_MATCH_LOOKUP_H
#define ENRICH_DAEMON_MATCH_LOOKUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/error.h"
#include "enrich-daemon/tmdb/tmdb_title.h"

/*
 * How a film finds its TMDB title: a ladder of searches that stops at the
 * first certain answer, then the title's details. Pure: it says which call it
 * wants next and is told what came back; it never calls, waits or stores.
 *
 *	l = lookup_new(arena, &film);
 *	while ((call = lookup_wants(l, &kind, &id)) != NULL)
 *		lookup_answer(l, status, body, len, &err);
 *	verdict = lookup_verdict(l);
 */
struct lookup_film {
	int64_t id;
	const char *title;
	int year; /* 0: unknown */
	/* A match that is known already (a refresh, or a film that shares the
	 * link): details only, checked by name and year unless locked. 0: none
	 */
	enum title_kind known_kind;
	int64_t known_id;
	struct episode_place known_place; /* TITLE_EPISODE; its id may be 0 */
	bool known_own; /* it is the film's already: kept while TMDB has it */
	bool known_locked; /* somebody chose it: never checked or replaced */
	/* Somebody chose the title of this id at IMDb ("tt0137523"): it is
	 * found by it, then locked. NULL: none */
	const char *imdb_id;
	/* Without a match that is known: the film (never a series) that has
	 * this name in the index of TMDB's original names. Its details are
	 * asked for before any search, and believed only when they leave no
	 * doubt (match_alone()). 0: none */
	int64_t indexed_id;
};

enum lookup_state {
	LOOKUP_MATCHED,
	LOOKUP_NOT_FOUND,
	LOOKUP_AMBIGUOUS
};

struct lookup_candidate {
	enum title_kind kind;
	int64_t id;
	struct episode_place place;
	const char *name; /* an episode: "Series: Episode" */
	const char *date; /* YYYY-MM-DD or NULL */
	int64_t votes;
	double score;
};

#define LOOKUP_CANDIDATES_MAX 5

struct lookup_verdict {
	enum lookup_state state;
	/* "known", "index", "search_year", "search", "tv", "tv_left" (the
	 * series of an episode), "episode", "variant"; "" when not matched */
	const char *method;
	/* "high", "medium", "low" (see match.h); NULL when not matched */
	const char *confidence;
	double score;
	const struct tmdb_title *title; /* LOOKUP_MATCHED */
	/* The details answer the title came from (but for the length of a
	 * series, which another one told). */
	const char *raw;
	size_t raw_len;
	struct lookup_candidate candidates[LOOKUP_CANDIDATES_MAX];
	int candidate_count;
	int calls; /* answers seen */
};

struct lookup;

/* film is copied. The lookup and all it gives live in the arena. */
struct lookup *lookup_new(struct arena *arena, const struct lookup_film *film);

/*
 * The next call as path and query below TMDB's base URL ("/3/search/movie?
 * query=..."), already encoded; NULL when the verdict is there. When it is
 * going to be a details call, *kind_r and *id_r name the title, so that one
 * whose stored data is fresh can be answered with lookup_stored() instead;
 * otherwise *id_r is 0.
 */
const char *lookup_wants(const struct lookup *l, enum title_kind *kind_r,
                         int64_t *id_r);
/* The call that is wanted adds to details that came already: how long the
 * episodes of a series are. It is no call for a title by itself, and what is
 * known of the title that came (its ETag, who waits for it) stays. */
bool lookup_adds(const struct lookup *l) MUST_CHECK;
/*
 * The answer to it: the HTTP status and the body (copied). False with err when
 * it is not what it should be: a 200 that says something else, a 404 to a
 * search, or one whose body is not TMDB's own (tmdb_is_error()). The caller
 * treats that as a passing fault and tries the job again later.
 */
bool lookup_answer(struct lookup *l, int status, const char *body, size_t len,
                   struct error *err) MUST_CHECK;
/* The answer just given was that the title it was asked for is no more. */
bool lookup_lost(const struct lookup *l) MUST_CHECK;
/* The wanted details are in the database already and fresh: takes them. (Or, as
 * those that the index led to were not verified, searches after all.) */
void lookup_stored(struct lookup *l);
/* NULL until lookup_wants() gives NULL. With lookup_stored(), title has only
 * kind and id, and raw is NULL. */
const struct lookup_verdict *lookup_verdict(const struct lookup *l);

#endif
