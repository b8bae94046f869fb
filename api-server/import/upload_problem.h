#ifndef API_SERVER_IMPORT_UPLOAD_PROBLEM_H
#define API_SERVER_IMPORT_UPLOAD_PROBLEM_H

#include "api-server/import/limits.h"
#include "common/base/attr.h"
#include "common/base/error.h"

/*
 * Why an upload as a whole was refused: a stable word for programs, which is
 * a row of http/problem.c's table, and a sentence for a person. Lives on the
 * caller's stack.
 */
enum upload_problem_type {
	UPLOAD_EMPTY_BODY,
	UPLOAD_UNSUPPORTED_TYPE,
	UPLOAD_BAD_MULTIPART,
	UPLOAD_TOO_LARGE,
	UPLOAD_NOT_A_ZIP,
	UPLOAD_DAMAGED_ZIP,
	UPLOAD_ZIP_ENCRYPTED,
	UPLOAD_ZIP_METHOD,
	UPLOAD_ZIP_BOMB,
	UPLOAD_TOO_MANY_ENTRIES,
	UPLOAD_TOO_MANY_LISTS,
	UPLOAD_TOO_MANY_ROWS,
	UPLOAD_TOO_COSTLY,
	UPLOAD_BAD_PATH,
	UPLOAD_DUPLICATE_FILE,
	UPLOAD_NOT_AN_EXPORT,
	UPLOAD_UNNAMED_CSV,
	UPLOAD_UNREADABLE_CSV,
	UPLOAD_PROBLEM_COUNT
};

struct upload_problem {
	enum upload_problem_type type;
	struct error error;
};

/* "empty-body", "zip-bomb", ... */
const char *upload_problem_name(enum upload_problem_type type);

/* Always false, so that a function can `return upload_problem_set(...)`. */
bool upload_problem_set(struct upload_problem *problem,
                        enum upload_problem_type type, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

/* The memory of the upload is used up, by the file of that path; NULL: by what
 * it is as a whole. Always false. */
bool upload_problem_memory(struct upload_problem *problem,
                           const struct import_limits *limits,
                           const char *path);

#endif
