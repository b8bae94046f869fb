#ifndef TESTS_TMDB_STUB_RULES_H
#define TESTS_TMDB_STUB_RULES_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/str.h"

/*
 * How the stand-in misbehaves. Replaced as a whole by POST /_stub/rules:
 *
 *	{"delay_ms": 50, "faults": [
 *	  {"kind": "429", "retry_after": 2, "probability": 0.1, "count": 5,
 *	   "path": "/3/search"}]}
 *
 * The first fault whose path is a prefix of the call's, whose count is not
 * used up and whose dice fall, is what happens. Kinds: see enum fault_kind.
 */
enum fault_kind {
	FAULT_NONE,
	FAULT_429,       /* "429": retry_after in seconds, left out when 0;
	                  * with "retry_dated": true as a time of day */
	FAULT_500,       /* "500": JSON error */
	FAULT_503,       /* "503": an HTML page */
	FAULT_401,       /* "401": invalid key */
	FAULT_404,       /* "404": as if the title had been deleted */
	FAULT_400,       /* "400": JSON error, as if our call were wrong */
	FAULT_ALIEN_400, /* "alien_400": an HTML page that is not TMDB's */
	FAULT_ALIEN_404, /* "alien_404": JSON that is not TMDB's */
	FAULT_HTML,      /* "html": 200 with an HTML page */
	FAULT_LATIN1,    /* "latin1": the same, and its type is no UTF-8 */
	FAULT_ODD_ETAG,  /* "odd_etag": the answer, with an ETag that is none */
	FAULT_BAD_JSON,  /* "bad_json": 200, half of the body, complete HTTP */
	FAULT_TRUNCATED, /* "truncated": Content-Length larger than the body */
	FAULT_GZIP,      /* "gzip": gzip body without Content-Encoding */
	FAULT_RESET,     /* "reset": the connection is reset */
	FAULT_SILENT     /* "silent": no answer, connection stays */
};

struct fault {
	enum fault_kind kind;
	int retry_after;
	bool retry_dated;
	double probability;
	int64_t count; /* left; -1: no end */
	char path[64];
};

bool rules_set(struct str json, struct error *err);
int rules_delay_ms(void);
void rules_set_delay(int ms);
/* What happens to this call; counts it. */
struct fault rules_pick(const char *path);

#endif
