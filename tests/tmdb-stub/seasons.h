#ifndef TESTS_TMDB_STUB_SEASONS_H
#define TESTS_TMDB_STUB_SEASONS_H

#include "common/base/buf.h"
#include "tests/tmdb-stub/catalogue.h"

/* The last members of a series' details: "seasons", and "season/{n}" for each
 * season that append, the value of append_to_response or NULL, asks for. */
void seasons_write(const struct catalogue *c, int64_t series,
                   const char *append, struct buf *out);
/* The episode of that id as an item of a list, if there is one. */
void seasons_write_found(const struct catalogue *c, int64_t id,
                         struct buf *out);

#endif
