#ifndef TESTS_TMDB_STUB_TSV_H
#define TESTS_TMDB_STUB_TSV_H

#include <stdbool.h>

#include "common/base/buf.h"

/*
 * One line of catalogue.tsv, tab-separated, lists separated by '|':
 *
 *  0 kind       movie, tv or episode
 *  1 id         TMDB's number
 *  2 title
 *  3 original   original title, or empty when the same; episode: id of its
 *               series
 *  4 date       YYYY-MM-DD, first release
 *  5 minutes    runtime; tv: minutes an episode
 *  6 episodes   tv: their number; episode: season x number in it, "3x1"
 *  7 genres
 *  8 countries  ISO 3166-1
 *  9 languages  ISO 639-1, original first
 * 10 studios
 * 11 directors  tv: creators
 * 12 writers
 * 13 cast       Name=Character|Name=Character; episode: its guests
 * 14 votes
 * 15 average    0..10
 * 16 keywords
 * 17 also       alternative titles
 * 18 collection
 *
 * Written to out as the JSON of a details answer with everything appended, of
 * an episode as its season lists it. Persons, studios, keywords and collections
 * get ids made from their names. False when the line is not of that shape.
 */
enum tsv_kind {
	TSV_MOVIE,
	TSV_TV,
	TSV_EPISODE
};

bool tsv_expand(const char *line, struct buf *out, enum tsv_kind *kind_r);

#endif
