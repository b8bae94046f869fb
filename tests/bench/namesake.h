#ifndef TESTS_BENCH_NAMESAKE_H
#define TESTS_BENCH_NAMESAKE_H

#include "common/base/arena.h"
#include "common/base/str.h"

/*
 * The details of a film that nobody knows, made up in the shape of TMDB's
 * answer: of this name, released once in this year. number tells several apart;
 * the votes run from 0 to 20 with it. Its id is beyond TMDB's. In the arena.
 */
struct str namesake_details(struct arena *arena, const char *title, int year,
                            int number);

#endif
