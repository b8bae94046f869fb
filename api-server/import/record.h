#ifndef API_SERVER_IMPORT_RECORD_H
#define API_SERVER_IMPORT_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/str.h"

/*
 * What an export says, row by row, before anything is compared with the
 * database. Pure data: filled by rows.c from CSV, sent by merge.c to Postgres.
 * The strings of a row live as long as it is held (reading.h), all others as long
 * as the upload's arena. raw lies within the file.
 */
enum import_kind {
	IMPORT_WATCHED,          /* watched.csv */
	IMPORT_RATINGS,          /* ratings.csv */
	IMPORT_DIARY,            /* diary.csv */
	IMPORT_REVIEWS,          /* reviews.csv */
	IMPORT_WATCHLIST,        /* watchlist.csv */
	IMPORT_LIKES,            /* likes/films.csv */
	IMPORT_PROFILE,          /* profile.csv: favourites alone are read */
	IMPORT_LIST,             /* lists/SLUG.csv */
	IMPORT_ORPHANED_DIARY,   /* orphaned/diary.csv */
	IMPORT_ORPHANED_REVIEWS, /* orphaned/reviews.csv */
	IMPORT_COUNTED,          /* known, counted, not imported: deleted/,
	                          * comments.csv, likes/reviews.csv, ... */
	IMPORT_UNREAD,           /* not read: import_file.reason says why */
	IMPORT_KIND_COUNT
};

/* "watched", "ratings", ..., "counted": in reports and in the database. */
const char *import_kind_name(enum import_kind kind);

enum import_outcome {
	IMPORT_OK,       /* goes to the merge */
	IMPORT_REJECTED, /* reason says why; see identified */
	IMPORT_AMBIGUOUS /* goes to the merge and is reported as well */
};

/* Of an upload, rejected rows whose reason and text are kept; likewise of the
 * rows that the merge finds ambiguous. */
#define IMPORT_SHOWN_MAX 1000

struct import_row {
	enum import_outcome outcome;
	int number;         /* of the record in its file, from 1 */
	int line;           /* physical, where the record begins, from 1 */
	bool shown;         /* of a rejected row: see IMPORT_SHOWN_MAX */
	const char *reason; /* for a person; NULL when IMPORT_OK */
	struct str raw;     /* the record as it stood, cut at 2,000 bytes; may
	                     * hold any bytes */

	/* The film. ref: "boxd:51568", "slug:marty" or "" (see film.ref); of a
	 * diary row or review with a boxd.it link it is
	 * "", since the link names the entry. */
	const char *ref;
	const char *title; /* byte for byte */

	/* Viewings: identity of the entry.
	 *   "boxd:975644964"	      decoded entry number of a boxd.it link
	 *   "slug:marty/1"	      old long link, the number behind the slug
	 *			      (0 when there is none)
	 *   "name:N"		      no link: N is a hash of title, year,
	 *			      watched date and logged date, of whether
	 *			      it is orphaned, and of a count of equals
	 *			      before it, so that it is the same in the
	 *			      next export */
	const char *entry;
	const char *date;       /* YYYY-MM-DD or NULL: column Date; of a
	                         * viewing without one its Watched Date */
	const char *watched_on; /* column Watched Date, or NULL */
	const char *tags;       /* with ", " between them, "" when none */
	const char *review;     /* reviews; description of a list item; NULL */
	int year;               /* 0: none */
	int rating;             /* half-stars 1..10; 0: none */
	int position;           /* list items; favourites 1..n; else 0 */
	/* Of a rejected row: what makes it that row was read all the same (ref,
	 * or title and year without a link; entry; position), and what the
	 * library has of it stays. False: nobody can tell which row it was, and
	 * nothing of its file's kind is taken away. */
	bool identified;
	bool linked; /* the row had a link that could be read */
	bool rewatch;
};

/* Why rows were rejected: reasons that differ in a number or in what they quote
 * alone are one. */
struct import_cause {
	const char *reason; /* of its first row */
	int line;           /* likewise */
	size_t rows;
};

/* The first table of a list file. */
struct import_list {
	const char *slug; /* from the file name */
	const char *date;
	const char *name;
	const char *tags; /* as in a row */
	const char *url;
	const char *description; /* or NULL */
};

struct import_file {
	int ordinal; /* from 0: those that are read, in the order of the
	              * archive, and behind them those that are not */
	/* As in the archive, without the folder around the export. Of a list,
	 * of what is counted and of a CSV that came alone: as in an export. */
	const char *path;
	enum import_kind kind;
	/* Why nothing of it is taken, for a person: IMPORT_UNREAD, and a list
	 * that cannot be read, which stays as it is. NULL: it was read. */
	const char *reason;
	struct import_list list; /* IMPORT_LIST */
	const char *account;     /* IMPORT_PROFILE: the user name at Letterboxd;
	                          * NULL: it has none that can be read */
	size_t count;            /* rows read, header and banner not counted */
	size_t unread; /* of them, those that could not be read: a row that was
	                * rejected as a repeated one could */
	/*
	 * Not kept, but counted and among the causes, are rejected rows that
	 * are not shown and change nothing: repeated ones, and those of which
	 * nobody can tell which row it was. One row stands for all of these: its
	 * date is the newest of theirs, and NULL when one of them has none.
	 */
	size_t kept;
	/* Those of the kept ones that nobody has taken yet (reading.h). */
	struct import_row *rows;
	size_t held;
	size_t capacity;
	bool handed_over;           /* some are taken */
	struct import_row stand_in; /* line 0: there is none */
	char stand_in_date[sizeof("YYYY-MM-DD")];
	struct import_cause *causes; /* of all rejected rows */
	size_t cause_count;          /* at most CAUSES_MAX; see causes.h */
};

/* A whole upload. */
struct import_set {
	const char *file_name; /* as uploaded, without folders; never empty */
	/* What its hash and size are of: the ZIP or CSV itself, without a form;
	 * of several files all of them, in the order of the form. */
	const struct str *contents;
	size_t content_count;
	bool archive; /* it is a ZIP, and what it lacks is not there */
	struct import_file *files;
	size_t count;
};

#endif
