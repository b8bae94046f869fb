#ifndef ENRICH_DAEMON_MATCH_FILM_NAME_H
#define ENRICH_DAEMON_MATCH_FILM_NAME_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/arena.h"

/*
 * A film's name in the forms in which two names are compared. They grow
 * coarser: "WALL·E" and "Wall-E" are spaced "wall e"; "R.I.P.D." and "RIPD"
 * are squashed "ripd"; "The Godfather: Part II" and "Godfather 2" are loose
 * "godfather2".
 */
#define FILM_NAME_SPLITS_MAX 3

struct film_name {
	const char *text;     /* NFC, single blanks: what a search is asked */
	const char *caseless; /* text without regard to case */
	const char *plain;    /* text, other than letters and digits blank */
	const char *spaced;   /* folded words; "&" is "and"; no marks */
	const char *squashed; /* spaced without its blanks */
	const char *loose; /* no articles, "and", "part"; numbers as digits */
	size_t letters;    /* characters of squashed */
	/* Where a subtitle may begin (": ", " - ", " or (", "("). */
	struct film_name_split {
		const char *head; /* text before it */
		const char *head_loose;
		const char *tail_loose;
		bool colon;
		bool counts; /* all behind it is "Episode 2", "Part Two", "7" */
	} splits[FILM_NAME_SPLITS_MAX];
	int split_count;
};

/* text beyond FILM_NAME_MAX bytes is ignored; what is not UTF-8 has no name:
 * all forms are "". Lives in the arena. */
#define FILM_NAME_MAX 400
const struct film_name *film_name_new(struct arena *arena, const char *text);

/* Where the first colon is; NULL without one. */
const struct film_name_split *film_name_colon(const struct film_name *name);

/* How alike two names are; the constants are the only values from 0.80 on. */
#define NAME_IDENTICAL 1.00 /* but for case and Unicode's form */
#define NAME_SPACED    0.98
#define NAME_SQUASHED  0.95
#define NAME_LOOSE     0.92
#define NAME_HEAD      0.85 /* one is the other without its subtitle */
#define NAME_TAIL      0.80 /* one is the other's subtitle, or lacks a number */
double film_name_similarity(const struct film_name *a,
                            const struct film_name *b);

/* True when every word of query is a word of name. */
bool film_name_has_words(const struct film_name *name,
                         const struct film_name *query);

#endif
