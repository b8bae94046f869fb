#ifndef API_SERVER_IMPORT_EXPORT_LAYOUT_H
#define API_SERVER_IMPORT_EXPORT_LAYOUT_H

#include <stdbool.h>

#include "api-server/import/listing.h"
#include "api-server/import/reading.h"
#include "api-server/import/record.h"
#include "common/base/attr.h"

/*
 * Finds the files of an export among those that were handed over, at their top
 * or in one folder around them: where more of them lie. Two folders that both
 * hold an export are refused; a single file elsewhere is not read.
 *
 * What a file is, csv_kind.h says. Of several that are the same file of an
 * export the one with the better name is read ("ratings.csv" before "ratings
 * (1).csv"); of two equally good names neither is, since nobody can tell.
 *
 * Marks as wanted what is read and gives the set a file for each, in the order
 * of the listing, path and kind filled. The path is as it was handed over,
 * without the folder around it; of a list and of what is counted it is where an
 * export has it.
 *
 * Behind them follow the files that are not read, as IMPORT_UNREAD with the
 * reason: EXPORT_LAYOUT_UNREAD_MAX by name, and one more that says how many
 * others there are. What systems add by themselves is not in a listing.
 */
#define EXPORT_LAYOUT_UNREAD_MAX 200

/* what: "The ZIP" or "The upload", for a person. */
bool export_layout_choose(const struct reading *reading, const char *what,
                          struct listing *listing,
                          struct import_set *set) MUST_CHECK;

#endif
