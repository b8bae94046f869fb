#ifndef API_SERVER_IMPORT_SEEN_H
#define API_SERVER_IMPORT_SEEN_H

#include <stddef.h>

#include "common/base/arena.h"
#include "common/base/attr.h"

/*
 * What occurred already, and on which line first. Its hash has a secret of its
 * own: an upload cannot choose keys that make it slow. It lives in the arena,
 * and has no end of its own.
 */
struct seen;

struct seen_key {
	const char *file; /* of the first time, as it was given */
	int line;
	size_t count; /* times it was added before this one */
};

struct seen *seen_new(struct arena *arena) MUST_CHECK;
/* Copies the key, borrows file. */
struct seen_key seen_add(struct seen *s, const char *key, const char *file,
                         int line) MUST_CHECK;

#endif
