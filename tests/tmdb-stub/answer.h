#ifndef TESTS_TMDB_STUB_ANSWER_H
#define TESTS_TMDB_STUB_ANSWER_H

#include <stdbool.h>

#include "common/base/buf.h"
#include "tests/tmdb-stub/catalogue.h"

struct evkeyvalq;

/* What TMDB would say; each returns the HTTP status and writes the body. */

/* GET /3/search/movie or /3/search/tv */
int answer_search(const struct catalogue *c, bool tv,
                  const struct evkeyvalq *query, struct buf *out);
/* GET /3/movie/{id} or /3/tv/{id} with append_to_response */
int answer_details(const struct catalogue *c, bool tv, int64_t id,
                   const struct evkeyvalq *query, struct buf *out);
/* GET /3/find/{id}: here an id of IMDb is "tt" and TMDB's number. */
int answer_find(const struct catalogue *c, const char *imdb_id,
                struct buf *out);
/* GET /3/configuration: the least of it */
int answer_configuration(struct buf *out);
/* {"success": false, "status_code", "status_message"} */
int answer_error(int status, struct buf *out);

#endif
