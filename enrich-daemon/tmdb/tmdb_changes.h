#ifndef ENRICH_DAEMON_TMDB_TMDB_CHANGES_H
#define ENRICH_DAEMON_TMDB_TMDB_CHANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/attr.h"
#include "common/base/error.h"

/*
 * One page of TMDB's list of changed films or series (/movie/changes,
 * /tv/changes). Pure: JSON text in, ids out. Rows without a positive id are
 * left out; there are 100 rows a page, and more than the maximum is an error.
 */
#define TMDB_CHANGES_ROWS_MAX 1000
/* TMDB gives no page behind it, however many there are. */
#define TMDB_CHANGES_PAGES_MAX 500

struct tmdb_changes {
	const int64_t *ids; /* in the arena */
	size_t count;
	int pages; /* of the list, as far as they can be had; 0: it is empty */
};

/*
 * False with err filled when it is not such an answer, or is that of another
 * page: what TMDB did not say must not be taken for "nothing has changed".
 */
bool tmdb_changes_parse(struct arena *arena, int page, const char *text,
                        size_t len, struct tmdb_changes *out,
                        struct error *err) MUST_CHECK;

#endif
