#ifndef API_SERVER_IMPORT_MULTIPART_H
#define API_SERVER_IMPORT_MULTIPART_H

#include <stdbool.h>

#include "common/base/arena.h"
#include "common/base/attr.h"
#include "common/base/error.h"
#include "common/base/str.h"

/*
 * The one file of a form (multipart/form-data, RFC 7578): the part that has a
 * file name, under whatever field name. Fields without a file name are left
 * alone; no file, a second one, a missing closing boundary or more than
 * MULTIPART_PARTS_MAX parts are errors.
 */
#define MULTIPART_PARTS_MAX 16

struct multipart_file {
	const char *name;   /* as sent; valid UTF-8, may be "" */
	struct str content; /* within the body */
};

bool multipart_read(struct arena *arena, const char *content_type,
                    struct str body, struct multipart_file *file_r,
                    struct error *err) MUST_CHECK;

#endif
