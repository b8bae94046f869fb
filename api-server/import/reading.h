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

/*
 * Who takes the rows of an upload while it is read, so that it never has to be
 * held as a whole. begin() comes before the first row, when the set has its
 * names, its contents and its files with ordinal, path and kind; what else is
 * known of a file is known at the end. take() gets rows of one file, in its order,
 * and they are gone when it returns. A file that is given up with a reason
 * (reading_give_up) may have been handed over in part.
 */
struct row_taker {
	void (*begin)(void *arg, const struct import_set *set);
	void (*take)(void *arg, const struct import_file *file,
	             const struct import_row *rows, size_t count);
	void *arg;
};

/* One upload while its files are read, and what they have in common. */
struct reading {
	struct arena *arena;
	/* Of the rows that are held: the same, or one of their own beside it,
	 * which is emptied when they are taken. Set behind reading_init(). */
	struct arena *row_arena;
	const struct row_taker *taker; /* NULL: all rows are held. Likewise. */
	size_t held_bytes;             /* of the text of the rows held */
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

/* Where many rows are held they are taken now; `all`: however many. */
void reading_hand_over(struct reading *r, struct import_file *file, bool all);

/*
 * After a failure of one file that does not decide over the others: file->reason
 * is what reading_fail() said of it, and it holds no rows. False where the upload
 * fails all the same, since it is too large.
 */
bool reading_give_up(const struct reading *r,
                     struct import_file *file) MUST_CHECK;

/*
 * A file is not taken when none of its rows could be read, or of many rows less
 * than one in a hundred: it is another one than it says, or was spoilt as a whole.
 * It fails the upload, with the commonest reason of its rows; but a list among
 * other files is left as it is in the library, with file->reason set, and so is a
 * profile, whose rows are rejected. Asked after a file was read.
 */
#define READING_MANY_ROWS 10000
bool reading_check_file(const struct reading *r,
                        struct import_file *file) MUST_CHECK;
/* The same after each row, once there are many: nobody waits for the rest. False,
 * with the problem set. */
bool reading_check_so_far(const struct reading *r,
                          const struct import_file *file) MUST_CHECK;

#endif
