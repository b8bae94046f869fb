/*
 * How alike two names are: by the coarsest form in which they are equal, else
 * by a subtitle that only one of them has, else by their words and letters.
 * The last kind only orders candidates; it never makes a match.
 */
#include <stdint.h>
#include <string.h>

#include "common/base/str.h"
#include "enrich-daemon/match/film_name.h"

#define SEQUENCE_MAX  256
#define UNLIKE_FACTOR 0.79
/* A subtitle alone must say something: "Cleaner" is in too many names. */
#define TAIL_LETTERS_MIN 10

static bool is_word_of(struct str spaced, struct str word)
{
	struct str other;

	while (str_cut(&spaced, ' ', &other))
		if (str_eq(other, word))
			return true;
	return false;
}

/* Different words of spaced: all of them, or those that other has too. */
static int count_words(const char *spaced, const char *other)
{
	struct str rest = str_of(spaced), word;
	int n = 0;

	while (str_cut(&rest, ' ', &word)) {
		const struct str before = { spaced, (size_t)(word.p - spaced) };

		if (!is_word_of(before, word) &&
		    (other == NULL || is_word_of(str_of(other), word)))
			n++;
	}
	return n;
}

static double word_overlap(const char *a, const char *b)
{
	const int both = count_words(a, b);
	const int all = count_words(a, NULL) + count_words(b, NULL) - both;

	return (double)both / all;
}

/* Twice the longest common subsequence over both lengths. */
static double sequence_ratio(const char *a, const char *b)
{
	uint16_t row[SEQUENCE_MAX + 1] = { 0 };
	const size_t na = strnlen(a, SEQUENCE_MAX);
	const size_t nb = strnlen(b, SEQUENCE_MAX);

	if (na == 0 || nb == 0)
		return 0;
	for (size_t i = 0; i < na; i++) {
		uint16_t diagonal = 0;

		for (size_t j = 0; j < nb; j++) {
			const uint16_t above = row[j + 1];

			if (a[i] == b[j])
				row[j + 1] = (uint16_t)(diagonal + 1);
			else if (row[j] > above)
				row[j + 1] = row[j];
			diagonal = above;
		}
	}
	return 2.0 * row[nb] / (double)(na + nb);
}

static bool has_head(const struct film_name *whole, const char *loose)
{
	for (int i = 0; i < whole->split_count; i++)
		if (strcmp(whole->splits[i].head_loose, loose) == 0)
			return true;
	return false;
}

static bool has_tail(const struct film_name *whole, const char *loose)
{
	if (strlen(loose) < TAIL_LETTERS_MIN)
		return false;
	for (int i = 0; i < whole->split_count; i++)
		if (strcmp(whole->splits[i].tail_loose, loose) == 0)
			return true;
	return false;
}

/* "Elm Street 5: The Dream Child" against "Elm Street: The Dream Child". */
static bool is_numbered(const struct film_name *with,
                        const struct film_name *without)
{
	if (with->split_count == 0 || without->split_count == 0)
		return false;

	const struct film_name_split *a = &with->splits[0];
	const struct film_name_split *b = &without->splits[0];
	const size_t n = strlen(b->head_loose);
	const char *number = a->head_loose + n;
	return strcmp(a->tail_loose, b->tail_loose) == 0 &&
	       strncmp(a->head_loose, b->head_loose, n) == 0 &&
	       *number != '\0' && number[strspn(number, "0123456789")] == '\0';
}

double film_name_similarity(const struct film_name *a,
                            const struct film_name *b)
{
	if (*a->text == '\0' || *b->text == '\0')
		return 0;
	if (strcmp(a->caseless, b->caseless) == 0)
		return NAME_IDENTICAL;
	/* Names of signs alone ("$", "...") are only ever identical. */
	if (a->letters == 0 || b->letters == 0)
		return 0;
	if (strcmp(a->spaced, b->spaced) == 0)
		return NAME_SPACED;
	if (strcmp(a->squashed, b->squashed) == 0)
		return NAME_SQUASHED;
	if (strcmp(a->loose, b->loose) == 0)
		return NAME_LOOSE;
	if (has_head(a, b->loose) || has_head(b, a->loose))
		return NAME_HEAD;
	if (has_tail(a, b->loose) || has_tail(b, a->loose) ||
	    is_numbered(a, b) || is_numbered(b, a))
		return NAME_TAIL;

	const double words = word_overlap(a->spaced, b->spaced);
	const double letters = sequence_ratio(a->squashed, b->squashed);
	return UNLIKE_FACTOR * (words > letters ? words : letters);
}

bool film_name_has_words(const struct film_name *name,
                         const struct film_name *query)
{
	struct str rest = str_of(query->spaced), word;

	while (str_cut(&rest, ' ', &word))
		if (!is_word_of(str_of(name->spaced), word))
			return false;
	return true;
}
