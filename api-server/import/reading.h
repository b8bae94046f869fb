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
	/* What is being read, for reading_check_file(); its count is known
	 * before the first file is read. Set behind reading_init(). */
	const struct import_set *set;
	int64_t rows;         /* of all files so far */
	size_t shown;         /* of them, rejected ones that are shown */
	struct seen *diary;   /* entries of diary.csv and orphaned/diary.csv */
	struct seen *reviews; /* of reviews.csv and orphaned/reviews.csv */
};

void reading_init(struct reading *r, struct arena *arena,
                  const struct import_limits *limits,
                  struct upload_problem *problem);

struct csv_limits reading_csv_limits(const struct reading *r);
/* False, with the problem set, when the upload has too many rows now. */
bool reading_count_rows(struct reading *r, int64_t more) MUST_CHECK;
/* False, with the problem set, when the upload takes too much memory; path is
 * that of the file being read, or NULL. Asked before each row. */
bool reading_check_memory(const struct reading *r, const char *path) MUST_CHECK;
/* "PATH: ...", unreadable-csv. Always false. */
bool reading_fail(const struct reading *r, const char *path, const char *fmt,
                  ...) PRINTF_LIKE(3, 4);
/* A quote opened on that line is never closed. Always false. */
bool reading_fail_unclosed(const struct reading *r, const char *path, int line);

/*
 * After a failure of one file that does not decide over the others: file->reason
 * is what reading_fail() said of it, and it has no rows. False where the upload
 * fails all the same, since it is too large.
 */
bool reading_give_up(const struct reading *r,
                     struct import_file *file) MUST_CHECK;

/*
 * A file of which less than one row in a hundred could be read is not taken: it
 * is another one than it says, or was spoilt as a whole. It fails the upload,
 * with the commonest reason of its rows; but a list among other files is left as
 * it is in the library, with file->reason set, and so is a profile, whose rows
 * are rejected. Asked after a file was read.
 */
bool reading_check_file(const struct reading *r,
                        struct import_file *file) MUST_CHECK;
/* The same after each row, of so many at least: nobody waits for the rest. False,
 * with the problem set. */
#define READING_EARLY_ROWS 10000
bool reading_check_so_far(const struct reading *r,
                          const struct import_file *file) MUST_CHECK;

#endif
