#ifndef API_SERVER_IMPORT_ZIP_H
#define API_SERVER_IMPORT_ZIP_H

#include <stdbool.h>

#include "api-server/import/limits.h"
#include "api-server/import/listing.h"
#include "api-server/import/upload_problem.h"
#include "common/base/arena.h"
#include "common/base/attr.h"
#include "common/base/str.h"

/*
 * A ZIP in memory, in two steps: its directory is listed, the caller marks
 * what it wants, and that alone is unpacked. Paths are without "..", backslash
 * or a '/' in front, and each occurs once. Where one is not UTF-8, U+FFFD
 * stands for what is none. Folders are counted only, and what systems add is
 * left out. What the archive says about sizes is not believed: the limits hold
 * for what comes out.
 */

/* Does it begin as a ZIP does? */
bool zip_is_one(struct str body);

/* Looks into the files that are called .csv as well, until total_bytes_max has
 * come out; the head of one that is damaged is empty. */
bool zip_list(struct arena *arena, struct str body,
              const struct import_limits *limits, struct listing *listing_r,
              struct upload_problem *problem) MUST_CHECK;
/*
 * Unpacks the wanted files, one after the other, in the order of the listing:
 * take() gets each with its content, which is of the arena. `each`: it is gone
 * when take() returns, and take() leaves that arena alone. False, with the
 * problem set, as soon as take() says so as well.
 */
struct zip_files {
	bool (*take)(void *arg, const struct listing_file *file);
	void *arg;
	bool each;
};
bool zip_unpack(struct arena *arena, struct str body,
                const struct import_limits *limits, struct listing *listing,
                const struct zip_files *files,
                struct upload_problem *problem) MUST_CHECK;

#endif
