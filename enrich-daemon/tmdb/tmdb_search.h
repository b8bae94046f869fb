#ifndef ENRICH_DAEMON_TMDB_TMDB_SEARCH_H
#define ENRICH_DAEMON_TMDB_TMDB_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/attr.h"
#include "common/base/error.h"
#include "enrich-daemon/tmdb/tmdb_title.h"

/*
 * One page of a search answer of TMDB (/search/movie or /search/tv). Rows
 * without a positive id or a name are left out.
 */
#define TMDB_SEARCH_ROWS_MAX 20

struct tmdb_row {
	enum title_kind kind;
	int64_t id;
	struct episode_place place;
	const char *name;
	const char *original_name;
	const char *date; /* YYYY-MM-DD or NULL */
	int64_t votes;
	bool video; /* bonus material */
	bool adult;
	int rank; /* 0: TMDB put it first */
};

struct tmdb_search {
	struct tmdb_row rows[TMDB_SEARCH_ROWS_MAX];
	int row_count;
	int64_t page_count;
};

/* False with err filled when it is not such an answer. */
bool tmdb_search_parse(struct arena *arena, enum title_kind kind,
                       const char *text, size_t len, struct tmdb_search *out,
                       struct error *err) MUST_CHECK;

/*
 * The answer of /find to another site's id: the film, else the series, else
 * the episode that has it. The id is 0 when it is of none.
 */
bool tmdb_find_parse(const char *text, size_t len, struct title_ref *ref_r,
                     struct error *err) MUST_CHECK;

#endif
