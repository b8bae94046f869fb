#ifndef API_SERVER_IMPORT_EXPORT_PATH_H
#define API_SERVER_IMPORT_EXPORT_PATH_H

#include <stdbool.h>

#include "api-server/import/record.h"
#include "common/base/arena.h"

/*
 * How well a path names a file of an export; a later one beats an earlier. The
 * whole path counts: deleted/diary.csv and orphaned/diary.csv are not
 * diary.csv.
 */
enum export_name {
	EXPORT_NAME_NONE,
	EXPORT_NAME_BASE, /* "films.csv": without its folder, "likes/" */
	EXPORT_NAME_COPY, /* "ratings (1).csv": as browsers and systems call a
	                   * second one */
	EXPORT_NAME_CASE, /* "Diary.CSV" */
	EXPORT_NAME_EXACT
};

/* *path_r is where an export has that file; of a list its own name, in lists/.
 * It is path or of the arena. */
enum export_name export_path_match(struct arena *arena, const char *path,
                                   const char **path_r,
                                   enum import_kind *kind_r);

/* "watched (1) - Copy.csv" becomes "watched.csv": path itself, or a copy. */
const char *export_path_without_copy(struct arena *arena, const char *path);

/* Where an export has its one file of that kind ("likes/films.csv"); NULL for
 * lists and for what is only counted. */
const char *export_path_of_kind(enum import_kind kind);

/* The folder of an export that path begins with, in whatever case: "likes/",
 * "lists/", "deleted/", "orphaned/"; NULL: it begins with none. */
const char *export_path_folder(const char *path);

/* The part behind the last '/' (or '\\', as some browsers send it). */
const char *export_path_base(const char *path);

/* True when path lies in a folder; *inner_r is the rest behind the first '/'.
 */
bool export_path_unwrap(const char *path, const char **inner_r);

#endif
