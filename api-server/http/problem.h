#ifndef API_SERVER_HTTP_PROBLEM_H
#define API_SERVER_HTTP_PROBLEM_H

#include "common/base/attr.h"
#include "common/base/buf.h"

/*
 * The kinds of errors the API answers with (RFC 9457). The name is the stable
 * part: type is "/problems/NAME". Add a row to the table in problem.c for a
 * new kind; tests/unit/test_problem.c walks it.
 */
struct problem {
	const char *name; /* "not-found" */
	int status;
	const char *title; /* the same for every problem of the kind */
};

/* All of them; ends with one without a name. */
extern const struct problem problems[];

/* An unknown name is a programming error: ensure(). */
const struct problem *problem_find(const char *name) MUST_CHECK;

/* The JSON of one problem; detail may be cut to what out takes. */
void problem_write(struct buf *out, const struct problem *problem,
                   const char *detail, const char *request_id);

#endif
