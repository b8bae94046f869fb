#ifndef API_SERVER_IMPORT_PROFILE_FILE_H
#define API_SERVER_IMPORT_PROFILE_FILE_H

#include <stdbool.h>

#include "api-server/import/reading.h"
#include "api-server/import/record.h"
#include "common/base/attr.h"

/*
 * profile.csv holds the member's name and e-mail address; its user name and its
 * favourite films are all that is read. Each of them becomes a row with position 1..n and no
 * title, so file->count is the number of favourites, 0 among others; when one
 * of them is unusable there is a single rejected row instead, which is not
 * identified. raw is the link that was read, else empty.
 */
bool profile_file_read(struct reading *reading, struct import_file *file,
                       struct str text) MUST_CHECK;

#endif
