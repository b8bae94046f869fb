#ifndef API_SERVER_IMPORT_EXPORT_PATH_H
#define API_SERVER_IMPORT_EXPORT_PATH_H

#include <stdbool.h>

#include "api-server/import/record.h"
#include "common/base/str.h"

/*
 * Which file of an export a path names. The whole path counts:
 * deleted/diary.csv and orphaned/diary.csv are not diary.csv.
 */
bool export_path_kind(struct str path, enum import_kind *kind_r);

/*
 * A file that came alone: its name is taken as a path first, then without its
 * folders. *path_r: where an export has that file; of a list its own name.
 */
bool export_path_of_name(const char *file_name, const char **path_r,
                         enum import_kind *kind_r);

/* Where an export has its one file of that kind ("likes/films.csv"); NULL for
 * lists and for what is only counted. */
const char *export_path_of_kind(enum import_kind kind);

/* The part behind the last '/' (or '\\', as some browsers send it). */
const char *export_path_base(const char *path);

/* True when path lies in a folder; *inner_r is the rest behind the first '/'.
 */
bool export_path_unwrap(const char *path, const char **inner_r);

#endif
