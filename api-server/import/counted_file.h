#ifndef API_SERVER_IMPORT_COUNTED_FILE_H
#define API_SERVER_IMPORT_COUNTED_FILE_H

#include <stdbool.h>

#include "api-server/import/reading.h"
#include "api-server/import/record.h"
#include "common/base/attr.h"

/*
 * A file that is not imported: file->count is the number of its rows without
 * its header (of a list: of its films), file->rows stays NULL. A damaged one
 * is counted as far as it can be read: nothing depends on it.
 */
bool counted_file_read(struct reading *reading, struct import_file *file,
                       struct str text) MUST_CHECK;

#endif
