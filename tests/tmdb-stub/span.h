#ifndef TESTS_TMDB_STUB_SPAN_H
#define TESTS_TMDB_STUB_SPAN_H

#include <stdbool.h>

#include "common/base/str.h"

/*
 * Walks the members of a JSON object without building a tree: key and value
 * are views into the text. The text is trusted (it is our own catalogue).
 */
struct span_walk {
	const char *at;
	const char *end;
};

/* False when text is no object. */
bool span_begin(struct span_walk *w, struct str text);
/* False behind the last member. */
bool span_next(struct span_walk *w, struct str *key_r, struct str *value_r);
/* The value of a key; p is NULL when there is none. */
struct str span_get(struct str text, const char *key);
/* A string's content with its escapes decoded, in memory of its own; NULL for
 * anything that is no string. */
char *span_string(struct str value);
double span_number(struct str value);

#endif
