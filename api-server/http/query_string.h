#ifndef API_SERVER_HTTP_QUERY_STRING_H
#define API_SERVER_HTTP_QUERY_STRING_H

#include <stdbool.h>

#include "common/base/arena.h"
#include "common/base/attr.h"
#include "common/base/error.h"
#include "common/base/str.h"

/*
 * Percent-encoding, strictly: a '%' that is not followed by two hexadecimal
 * digits, a NUL and what is not UTF-8 are errors. Pure.
 */

/* plus: '+' is a blank, as in query strings. NULL with err filled. */
const char *percent_decode(struct arena *arena, struct str text, bool plus,
                           struct error *err) MUST_CHECK;

/*
 * Walks the pairs of a query string ("year=2020&rewatch"):
 *
 *	struct query_string q = { str_of(text) };
 *	while (query_string_next(&q, arena, &pair, &err) == QUERY_PAIR)
 */
struct query_string {
	struct str rest;
};

struct query_pair {
	const char *name;
	const char *value; /* NULL when there is no '=' */
};

enum query_verdict {
	QUERY_PAIR,
	QUERY_END,
	QUERY_BAD /* err says why */
};

enum query_verdict query_string_next(struct query_string *q,
                                     struct arena *arena,
                                     struct query_pair *pair,
                                     struct error *err) MUST_CHECK;

#endif
