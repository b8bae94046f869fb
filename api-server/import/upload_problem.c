/* The ways in which an upload is refused, as a table. */
#include "api-server/import/upload_problem.h"

#include <stdarg.h>
#include <stdio.h>

#include "common/base/mem.h"

static const struct {
	const char *name;
	int status;
} types[] = {
	[UPLOAD_EMPTY_BODY] = { "empty-body", 400 },
	[UPLOAD_UNSUPPORTED_TYPE] = { "unsupported-type", 415 },
	[UPLOAD_BAD_MULTIPART] = { "bad-multipart", 400 },
	[UPLOAD_TOO_LARGE] = { "too-large", 413 },
	[UPLOAD_NOT_A_ZIP] = { "not-a-zip", 422 },
	[UPLOAD_DAMAGED_ZIP] = { "damaged-zip", 422 },
	[UPLOAD_ZIP_ENCRYPTED] = { "zip-encrypted", 422 },
	[UPLOAD_ZIP_METHOD] = { "zip-method", 422 },
	[UPLOAD_ZIP_BOMB] = { "zip-bomb", 413 },
	[UPLOAD_TOO_MANY_ENTRIES] = { "too-many-entries", 413 },
	[UPLOAD_TOO_MANY_LISTS] = { "too-many-lists", 413 },
	[UPLOAD_TOO_MANY_ROWS] = { "too-many-rows", 413 },
	[UPLOAD_BAD_PATH] = { "bad-path", 422 },
	[UPLOAD_DUPLICATE_FILE] = { "duplicate-file", 422 },
	[UPLOAD_NOT_AN_EXPORT] = { "not-an-export", 422 },
	[UPLOAD_UNNAMED_CSV] = { "unnamed-csv", 422 },
	[UPLOAD_UNREADABLE_CSV] = { "unreadable-csv", 422 },
};
_Static_assert(ARRAY_LEN(types) == UPLOAD_PROBLEM_COUNT,
               "a name and a status for each problem");

const char *upload_problem_name(enum upload_problem_type type)
{
	ensure((unsigned)type < UPLOAD_PROBLEM_COUNT);
	return types[type].name;
}

int upload_problem_status(enum upload_problem_type type)
{
	ensure((unsigned)type < UPLOAD_PROBLEM_COUNT);
	return types[type].status;
}

bool upload_problem_set(struct upload_problem *problem,
                        enum upload_problem_type type, const char *fmt, ...)
{
	va_list args;

	problem->type = type;
	va_start(args, fmt);
	(void)vsnprintf(problem->error.message, sizeof(problem->error.message),
	                fmt, args);
	va_end(args);
	return false;
}
