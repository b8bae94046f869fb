#ifndef API_SERVER_IMPORT_ZIP_LAYOUT_H
#define API_SERVER_IMPORT_ZIP_LAYOUT_H

#include <stdbool.h>

#include "api-server/import/reading.h"
#include "api-server/import/record.h"
#include "api-server/import/zip.h"
#include "common/base/attr.h"

/*
 * Finds the files of an export in a ZIP, at its top or in one folder around
 * them. Marks them as wanted and gives the set a file for each, in the order
 * of the archive, path and kind filled. Others are left alone.
 */
bool zip_layout_choose(const struct reading *reading,
                       struct zip_listing *listing,
                       struct import_set *set) MUST_CHECK;

#endif
