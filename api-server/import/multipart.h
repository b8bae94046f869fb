#ifndef API_SERVER_IMPORT_MULTIPART_H
#define API_SERVER_IMPORT_MULTIPART_H

#include <stdbool.h>
#include <stddef.h>

#include "api-server/import/limits.h"
#include "api-server/import/upload_problem.h"
#include "common/base/arena.h"
#include "common/base/attr.h"
#include "common/base/str.h"

/*
 * The files of a form (multipart/form-data, RFC 7578), in its order: the parts
 * that have a file name, under whatever field name. Fields without one are left
 * alone, and so is the empty part that a browser sends when no file was chosen.
 * More than limits->entries_max parts, a missing closing boundary and no file
 * at all are errors.
 */
struct multipart_file {
	/* As sent, up to a NUL; U+FFFD for what was no UTF-8. May be "". */
	const char *name;
	struct str content; /* within the body */
};

struct multipart_form {
	struct multipart_file *files; /* of the arena */
	size_t count;
};

bool multipart_read(struct arena *arena, const char *content_type,
                    struct str body, const struct import_limits *limits,
                    struct multipart_form *form_r,
                    struct upload_problem *problem) MUST_CHECK;

#endif
