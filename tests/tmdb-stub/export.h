#ifndef TESTS_TMDB_STUB_EXPORT_H
#define TESTS_TMDB_STUB_EXPORT_H

#include "common/base/buf.h"
#include "tests/tmdb-stub/catalogue.h"

#define EXPORT_PATH "/p/exports/"

/*
 * GET /p/exports/movie_ids_MM_DD_YYYY.json.gz, or tv_series_ids_...: TMDB's
 * daily export, the same one for any day. Returns the HTTP status and writes
 * the gzip, or the error.
 */
int export_write(const struct catalogue *c, const char *path, struct buf *out);
/* gzip of plain instead of what out has. */
void export_pack(const struct buf *plain, struct buf *out);

#endif
