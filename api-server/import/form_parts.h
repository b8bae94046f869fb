#ifndef API_SERVER_IMPORT_FORM_PARTS_H
#define API_SERVER_IMPORT_FORM_PARTS_H

#include <stdbool.h>

#include "api-server/import/listing.h"
#include "api-server/import/multipart.h"
#include "api-server/import/upload_problem.h"
#include "common/base/arena.h"
#include "common/base/attr.h"
#include "common/base/str.h"

/*
 * The files of a form as a listing, like the entries of a ZIP: head and content
 * are the part. What systems add by themselves is left out. A path that is sent
 * with backslashes is that of another machine, of which the last part counts.
 * False, with the problem set, when two have one path.
 */
bool form_parts_list(struct arena *arena, const struct multipart_form *form,
                     struct listing *parts_r,
                     struct upload_problem *problem) MUST_CHECK;

/*
 * The ZIP among several parts; NULL: there is none. Files that are no CSVs may
 * lie beside it. False, with the problem set, when there are two or when there
 * is a CSV as well: either may be what is meant.
 */
bool form_parts_find_zip(const struct listing *parts,
                         const struct listing_file **zip_r,
                         struct upload_problem *problem) MUST_CHECK;

/* Without one of them. */
struct listing form_parts_without(struct arena *arena,
                                  const struct listing *parts,
                                  const struct listing_file *left_out);

/* What each part holds, in their order. */
const struct str *form_parts_contents(struct arena *arena,
                                      const struct listing *parts);

#endif
