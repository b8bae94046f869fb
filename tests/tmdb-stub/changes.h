#ifndef TESTS_TMDB_STUB_CHANGES_H
#define TESTS_TMDB_STUB_CHANGES_H

#include <stdbool.h>

#include "common/base/buf.h"
#include "common/base/error.h"
#include "common/base/str.h"

struct evkeyvalq;

/*
 * What has changed at TMDB, as a test says by POST /_stub/changes:
 *
 *	{"day": "2026-11-27", "movie": [550, 551], "tv": [87108]}
 *
 * adds these to the changes of that day (UTC; today when it is left out); an
 * empty body forgets all.
 */
bool changes_set(struct str json, struct error *err);
/*
 * GET /3/movie/changes or /3/tv/changes: an id once, however often it changed
 * on the days from start_date to end_date (yesterday and today when they are
 * left out), 100 a page. A range that is no such or longer than 14 days is
 * 422, code 20; a page beyond 1..500 is 400, code 22.
 */
int answer_changes(bool tv, const struct evkeyvalq *query, struct buf *out);

#endif
