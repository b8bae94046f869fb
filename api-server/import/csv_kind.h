#ifndef API_SERVER_IMPORT_CSV_KIND_H
#define API_SERVER_IMPORT_CSV_KIND_H

#include <stdbool.h>

#include "api-server/import/export_path.h"
#include "api-server/import/reading.h"
#include "api-server/import/record.h"
#include "common/base/attr.h"
#include "common/base/str.h"

/*
 * Which file of an export a CSV is: by its columns where they are those of one
 * kind alone, else by its name. watched.csv, watchlist.csv and likes/films.csv
 * have the same columns, and a rating may stand in each of them. What lies in
 * deleted/ and orphaned/ is known by its path.
 */
enum csv_columns_say {
	CSV_COLUMNS_ONE_KIND, /* kind */
	CSV_COLUMNS_FILMS,    /* watched, watchlist or likes */
	CSV_COLUMNS_NOTHING,  /* they are not those of an export */
	CSV_COLUMNS_BROKEN    /* its first line cannot be read */
};

struct csv_columns {
	enum csv_columns_say say;
	enum import_kind kind;
};

struct csv_kind {
	enum import_kind kind;
	const char *path;      /* where an export has it */
	enum export_name name; /* how well its own name says so */
};

/* head: the file or its beginning, with the whole of its first line. */
struct csv_columns csv_columns_of(const struct reading *reading,
                                  struct str head);

/* path: in the export, without a folder around it. False when neither columns
 * nor name say it. */
bool csv_kind_of(const struct reading *reading,
                 const struct csv_columns *columns, const char *path,
                 struct csv_kind *kind_r) MUST_CHECK;

/*
 * Of a file that came alone; its name may have any folders in front, or none at
 * all. False, with the problem set, when it is unknown.
 */
bool csv_kind_find(const struct reading *reading, const char *file_name,
                   struct str text, struct csv_kind *kind_r) MUST_CHECK;

#endif
