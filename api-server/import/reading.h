#ifndef API_SERVER_IMPORT_READING_H
#define API_SERVER_IMPORT_READING_H

#include <stdbool.h>
#include <stdint.h>

#include "api-server/import/csv.h"
#include "api-server/import/limits.h"
#include "api-server/import/record.h"
#include "api-server/import/seen.h"
#include "api-server/import/upload_problem.h"
#include "common/base/arena.h"
#include "common/base/attr.h"

/* One upload while its files are read, and what they have in common. */
struct reading {
	struct arena *arena;
	const struct import_limits *limits;
	struct upload_problem *problem;
	int64_t rows;         /* of all files so far */
	struct seen *diary;   /* entries of diary.csv and orphaned/diary.csv */
	struct seen *reviews; /* of reviews.csv and orphaned/reviews.csv */
};

void reading_init(struct reading *r, struct arena *arena,
                  const struct import_limits *limits,
                  struct upload_problem *problem);
void reading_deinit(struct reading *r);

struct csv_limits reading_csv_limits(const struct reading *r);
/* False, with the problem set, when the upload has too many rows now. */
bool reading_count_rows(struct reading *r, int64_t more) MUST_CHECK;
/* "PATH: ...", unreadable-csv. Always false. */
bool reading_fail(const struct reading *r, const char *path, const char *fmt,
                  ...) PRINTF_LIKE(3, 4);
/* A quote opened on that line is never closed. Always false. */
bool reading_fail_unclosed(const struct reading *r, const char *path, int line);

#endif
