#ifndef TESTS_TMDB_STUB_CATALOGUE_H
#define TESTS_TMDB_STUB_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/str.h"

/*
 * What the stand-in knows: titles in the shape of TMDB's details answers.
 * Read once from a .jsonl or .jsonl.gz (one details object a line) or from a
 * .tsv of facts, which tsv.c writes out in the same shape.
 */
#define TITLE_NAMES_MAX 24
#define TITLE_YEARS_MAX 8

struct title {
	bool tv;
	int64_t id;
	char *text;
	struct str body; /* JSON with all parts that can be appended */
	char *names[TITLE_NAMES_MAX]; /* title, original and alternative */
	int name_count;
	int years[TITLE_YEARS_MAX]; /* of its date, then of any release */
	int year_count;
	double popularity;
};

/* As the answer with its season has it. */
struct episode {
	int64_t id;
	int64_t series;
	int season;
	char *text;
	struct episode *next; /* in the order of the file */
};

struct catalogue;

struct catalogue *catalogue_load(const char *path, struct error *err);
void catalogue_free(struct catalogue **c);
size_t catalogue_count(const struct catalogue *c);
const struct title *catalogue_title(const struct catalogue *c, bool tv,
                                    int64_t id);
/* The first of all episodes, or NULL. */
const struct episode *catalogue_episodes(const struct catalogue *c);
/* For every title, films before series and both by id. */
void catalogue_each(const struct catalogue *c,
                    void (*call)(const struct title *t, void *arg), void *arg);
/*
 * Titles all whose words the query has, in any of their names: up to max, the
 * most popular first (so never the exact one first by rule). year 0: any.
 */
size_t catalogue_search(const struct catalogue *c, bool tv, const char *query,
                        int year, const struct title **found, size_t max);

#endif
