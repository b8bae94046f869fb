#ifndef TESTS_BENCH_STAND_IN_H
#define TESTS_BENCH_STAND_IN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <wchar.h>

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/base/str.h"
#include "enrich-daemon/tmdb/tmdb_title.h"

/*
 * TMDB's films in memory, and its answers without a server: for a measurement
 * of thousands of lookups. The search is worse than TMDB's (see bench_match.c);
 * series there are none.
 */
struct entry {
	struct str body; /* borrowed: the details answer */
	const struct tmdb_title *title;
	const char *words;    /* of all its names, " a b c " */
	const wchar_t *lower; /* its original name, as the index has it */
	double rank;
};

struct stand_in {
	struct arena *arena;
	struct entry *entries; /* to be freed */
	size_t count;
	size_t cap;
	int64_t hidden_id; /* no search finds it; 0: none */
};

/* A film by its details answer, borrowed. Ends the program when it is none. */
void stand_in_add(struct stand_in *c, struct str line);
const struct entry *stand_in_find(const struct stand_in *c, int64_t id);
/* Has it all words of the query (as film_name.spaced) in its names? */
bool stand_in_knows(const struct entry *entry, const char *query);
/* The most popular film of that name, if it is ten times as popular as the
 * next; 0: none. */
int64_t stand_in_index(const struct stand_in *c, struct arena *arena,
                       const char *name);
/* What TMDB would answer to the call; the status. */
#define STAND_IN_BYTES_MAX (1 << 20)
int stand_in_answer(const struct stand_in *c, const char *call,
                    struct buf *out);

#endif
