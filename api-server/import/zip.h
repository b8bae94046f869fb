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
/* Fills content of the wanted files, from the arena. */
bool zip_unpack(struct arena *arena, struct str body,
                const struct import_limits *limits, struct listing *listing,
                struct upload_problem *problem) MUST_CHECK;

#endif
