#ifndef TESTS_BENCH_MADE_UP_H
#define TESTS_BENCH_MADE_UP_H

#include <stdbool.h>

#include "common/base/buf.h"
#include "enrich-daemon/queue/job.h"

/*
 * Answers in place of TMDB's, as JSON: every film's title has its name, the
 * year asked for and 16 credits. graphile/title.mjs makes the same rows.
 */
void made_up_search(struct buf *out, const struct job *job, const char *call,
                    bool found);
void made_up_details(struct buf *out, const struct job *job);

#endif
