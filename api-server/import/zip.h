#ifndef API_SERVER_IMPORT_ZIP_H
#define API_SERVER_IMPORT_ZIP_H

#include <stdbool.h>
#include <stddef.h>

#include "api-server/import/limits.h"
#include "api-server/import/upload_problem.h"
#include "common/base/arena.h"
#include "common/base/attr.h"
#include "common/base/str.h"

/*
 * A ZIP in memory, in two steps: its directory is listed, the caller marks
 * what it wants, and that alone is unpacked. Names are UTF-8 without "..",
 * backslash or a '/' in front, and each occurs once. Folders, hidden files
 * and __MACOSX/ are left out. What the archive says about sizes is not
 * believed: the limits hold for what comes out.
 */
struct zip_file {
	const char *path;
	size_t ordinal; /* in the archive, of everything in it */
	bool wanted;    /* set by the caller */
	struct str content;
};

struct zip_listing {
	struct zip_file *files;
	size_t count;
};

/* Does it begin as a ZIP does? */
bool zip_is_one(struct str body);

bool zip_list(struct arena *arena, struct str body,
              const struct import_limits *limits, struct zip_listing *listing_r,
              struct upload_problem *problem) MUST_CHECK;
/* Fills content of the wanted files, from the arena. */
bool zip_unpack(struct arena *arena, struct str body,
                const struct import_limits *limits, struct zip_listing *listing,
                struct upload_problem *problem) MUST_CHECK;

#endif
