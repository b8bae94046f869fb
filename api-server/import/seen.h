#ifndef API_SERVER_IMPORT_SEEN_H
#define API_SERVER_IMPORT_SEEN_H

#include <stddef.h>

#include "common/base/attr.h"

/*
 * What occurred already, and on which line first. A tree, not a hash: there
 * are no keys that an upload could choose to make it slow.
 */
struct seen;

struct seen_key {
	const char *file; /* of the first time, as it was given */
	int line;
	size_t count; /* times it was added before this one */
};

struct seen *seen_new(void) MUST_CHECK;
void seen_free(struct seen **s);
/* Copies the key, borrows file. */
struct seen_key seen_add(struct seen *s, const char *key, const char *file,
                         int line) MUST_CHECK;

#endif
