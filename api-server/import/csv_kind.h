#ifndef API_SERVER_IMPORT_CSV_KIND_H
#define API_SERVER_IMPORT_CSV_KIND_H

#include <stdbool.h>

#include "api-server/import/reading.h"
#include "api-server/import/record.h"
#include "common/base/attr.h"
#include "common/base/str.h"

/*
 * Which file of an export a CSV is that came alone: by its name where that is
 * one of an export's, else by its columns. *path_r is where an export has it.
 * False, with the problem set, when neither says it: watched.csv,
 * watchlist.csv and likes/films.csv look the same.
 */
bool csv_kind_find(const struct reading *reading, const char *file_name,
                   struct str text, const char **path_r,
                   enum import_kind *kind_r) MUST_CHECK;

#endif
