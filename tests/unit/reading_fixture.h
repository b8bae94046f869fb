#ifndef TESTS_UNIT_READING_FIXTURE_H
#define TESTS_UNIT_READING_FIXTURE_H

#include <stdbool.h>
#include <string.h>

#include "api-server/import/counted_file.h"
#include "api-server/import/list_file.h"
#include "api-server/import/profile_file.h"
#include "api-server/import/reading.h"
#include "api-server/import/rows.h"

/* STR_LIT() for tables: a constant. */
#define BYTES(s)                                                               \
	{                                                                      \
		(s), sizeof(s) - 1                                             \
	}

#define BOXD "https://boxd.it/"
/* The first lines of files. */
#define FILM  "Date,Name,Year,Letterboxd URI\n"
#define RATED "Date,Name,Year,Letterboxd URI,Rating\n"
#define DIARY "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date\n"
#define REVIEW                                                                 \
	"Date,Name,Year,Letterboxd URI,Rating,Rewatch,Review,Tags,Watched Date\n"
/* How a row of each may begin. */
#define PREFIX "2024-01-03,Alien,1979,"

/* Reads one file of an export out of a string. After cmocka.h. */
static const struct import_limits reading_limits = {
	.field_bytes_max = 2000,
	.row_bytes_max = 3000,
	.rows_max = 40,
};

struct fixture {
	struct arena *arena;
	struct upload_problem problem;
	struct reading reading;
	/* What the upload has beside: a file that is not read, and one that is,
	 * unless a test sets its count to 1. */
	struct import_file files[2];
	struct import_set set;
};

static inline void begin(struct fixture *f)
{
	f->arena = arena_new();
	reading_init(&f->reading, f->arena, &reading_limits, &f->problem);
	f->files[0].kind = IMPORT_UNREAD;
	f->files[1].kind = IMPORT_WATCHED;
	f->set = (struct import_set){ .files = f->files, .count = 2 };
	f->reading.set = &f->set;
}

static inline void end(struct fixture *f)
{
	arena_free(&f->arena);
}

static inline bool read_kind(struct fixture *f, struct import_file *file,
                             enum import_kind kind, const char *path,
                             struct str text)
{
	*file = (struct import_file){ .path = path, .kind = kind };
	if (kind == IMPORT_LIST)
		return list_file_read(&f->reading, file, text);
	if (kind == IMPORT_PROFILE)
		return profile_file_read(&f->reading, file, text);
	if (kind == IMPORT_COUNTED)
		return counted_file_read(&f->reading, file, text);
	return rows_read(&f->reading, file, text);
}

/* A file that can be read. */
static inline struct import_file read_ok(struct fixture *f,
                                         enum import_kind kind,
                                         const char *path, const char *text)
{
	struct import_file file;

	if (!read_kind(f, &file, kind, path, str_of(text)))
		fail_msg("%s", f->problem.error.message);
	return file;
}

/* A file that cannot, for a reason that says that word. */
static inline void assert_unreadable(enum import_kind kind, struct str text,
                                     const char *word)
{
	struct import_file file;
	struct fixture f;

	begin(&f);
	assert_false(read_kind(&f, &file, kind, "the.csv", text));
	assert_int_equal(f.problem.type, UPLOAD_UNREADABLE_CSV);
	if (strstr(f.problem.error.message, word) == NULL ||
	    strncmp(f.problem.error.message, "the.csv: ", 9) != 0)
		fail_msg("%s: %s", word, f.problem.error.message);
	end(&f);
}

static inline void assert_rejected(const struct import_row *row,
                                   const char *word)
{
	assert_int_equal(row->outcome, IMPORT_REJECTED);
	assert_non_null(row->reason);
	if (strstr(row->reason, word) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", row->reason, word);
}

#endif
