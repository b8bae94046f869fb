/* The ways in which an upload is refused, by name. */
#include "api-server/import/upload_problem.h"

#include <stdarg.h>
#include <stdio.h>

#include "common/base/mem.h"

static const char *const names[] = {
	[UPLOAD_EMPTY_BODY] = "empty-body",
	[UPLOAD_UNSUPPORTED_TYPE] = "unsupported-type",
	[UPLOAD_BAD_MULTIPART] = "bad-multipart",
	[UPLOAD_TOO_LARGE] = "too-large",
	[UPLOAD_NOT_A_ZIP] = "not-a-zip",
	[UPLOAD_DAMAGED_ZIP] = "damaged-zip",
	[UPLOAD_ZIP_ENCRYPTED] = "zip-encrypted",
	[UPLOAD_ZIP_METHOD] = "zip-method",
	[UPLOAD_ZIP_BOMB] = "zip-bomb",
	[UPLOAD_TOO_MANY_ENTRIES] = "too-many-entries",
	[UPLOAD_TOO_MANY_LISTS] = "too-many-lists",
	[UPLOAD_TOO_MANY_ROWS] = "too-many-rows",
	[UPLOAD_TOO_COSTLY] = "too-costly",
	[UPLOAD_BAD_PATH] = "bad-path",
	[UPLOAD_DUPLICATE_FILE] = "duplicate-file",
	[UPLOAD_NOT_AN_EXPORT] = "not-an-export",
	[UPLOAD_UNNAMED_CSV] = "unnamed-csv",
	[UPLOAD_UNREADABLE_CSV] = "unreadable-csv",
};
_Static_assert(ARRAY_LEN(names) == UPLOAD_PROBLEM_COUNT,
               "a name for each problem");

const char *upload_problem_name(enum upload_problem_type type)
{
	ensure((unsigned)type < UPLOAD_PROBLEM_COUNT);
	return names[type];
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

bool upload_problem_memory(struct upload_problem *problem,
                           const struct import_limits *limits, const char *path)
{
	return upload_problem_set(
		problem, UPLOAD_TOO_COSTLY,
		"Reading %s%.200s%s takes more than %lld bytes of memory, the "
		"most that an upload may take (import.memory_max), or more than "
		"the system has; upload the files of the export one by one",
		path != NULL ? "\"" : "", path != NULL ? path : "the upload",
		path != NULL ? "\"" : "", (long long)limits->memory_max);
}
