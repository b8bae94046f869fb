#ifndef API_SERVER_IMPORT_UPLOAD_H
#define API_SERVER_IMPORT_UPLOAD_H

#include <stdbool.h>
#include <stddef.h>

#include "api-server/import/limits.h"
#include "api-server/import/reading.h"
#include "api-server/import/record.h"
#include "api-server/import/upload_problem.h"
#include "common/base/arena.h"
#include "common/base/attr.h"

/*
 * From the body of a request to the rows of an export. Knows neither the loop
 * nor the database, and may run on a task thread.
 */
struct upload_source {
	const char *content_type; /* NULL or empty: none was sent */
	const char *file_name;    /* said beside the body; NULL: nowhere */
	const char *body;
	size_t len;
};

/*
 * A ZIP, or one CSV file of an export, as the body or as the one file of a
 * multipart/form-data form (whose file name wins over the other one); or a form
 * of several files, which are one import: the files of a folder, with their
 * paths, or some CSVs. One ZIP among files that are no CSVs is read alone. A
 * ZIP beside CSVs is refused, since each may be meant, and two ZIPs are two
 * exports. The limits of a ZIP hold for the parts of a form.
 *
 * On true every row of every known file was read, ok or rejected, and *set_r has
 * every other file by its name (export_layout.h): but for folders and for what
 * systems add by themselves (listing.h). The rows went to the taker while they
 * were read; without one (NULL) the set holds them, and they point into the body
 * and the arena: both must outlive it. On false problem says why, and the arena
 * holds nothing of use. With a taker the arena has a maximum, and a reserve of
 * import_reserve_names().
 */
bool upload_read(struct arena *arena, const struct upload_source *source,
                 const struct import_limits *limits,
                 const struct row_taker *taker, struct import_set *set_r,
                 struct upload_problem *problem) MUST_CHECK;

#endif
