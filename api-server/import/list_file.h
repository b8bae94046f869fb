#ifndef API_SERVER_IMPORT_LIST_FILE_H
#define API_SERVER_IMPORT_LIST_FILE_H

#include <stdbool.h>

#include "api-server/import/reading.h"
#include "api-server/import/record.h"
#include "common/base/attr.h"

/*
 * lists/SLUG.csv: a banner ("Letterboxd list export v7", an empty line before
 * October 2022), a table with one row about the list, a table of its films.
 * Fills file->list, file->rows and file->count; the films are the rows. Both
 * tables may be filled up with separators to one width, as spreadsheets do.
 *
 * A list that cannot be read has file->reason set and no rows; of file->list
 * the slug alone holds then. False where the upload has too many rows.
 */
bool list_file_read(struct reading *reading, struct import_file *file,
                    struct str text) MUST_CHECK;

/* The banner of a list, of whatever version, with nothing beside it. */
bool list_file_is_banner(const struct csv_record *record);

#endif
