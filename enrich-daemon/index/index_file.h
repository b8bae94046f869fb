#ifndef ENRICH_DAEMON_INDEX_INDEX_FILE_H
#define ENRICH_DAEMON_INDEX_INDEX_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/attr.h"
#include "common/base/error.h"

/*
 * TMDB's daily export of films (movie_ids_MM_DD_YYYY.json.gz): gzip, in it one
 * JSON object a line. Pure: pieces of the file in, rows out, whatever its size
 * in the memory of one piece and one line.
 *
 *	while ((what = index_file_next(f, &row, &err)) == INDEX_ROW)
 *		...
 *	INDEX_HUNGRY: index_file_feed(f, piece, len), and on
 *
 * Adult titles, bonus material and names longer than a film's may be are left
 * out. A line that is no title is passed over, but a file with many of them,
 * or without a single row, is broken.
 */
#define INDEX_PIECE_MAX 16384

struct index_row {
	int64_t id;
	const char *name; /* the original one; until the next call */
	double popularity;
};

enum index_read {
	INDEX_ROW,
	INDEX_HUNGRY, /* wants the next piece */
	INDEX_END,    /* the file was whole */
	INDEX_BROKEN  /* err says why; nothing comes any more */
};

struct index_file;

struct index_file *index_file_new(void);
void index_file_free(struct index_file **f);

/* Only after INDEX_HUNGRY or at the beginning; the piece is copied. */
void index_file_feed(struct index_file *f, const void *piece, size_t len);
/* row_r is filled on INDEX_ROW, err on INDEX_BROKEN. */
enum index_read index_file_next(struct index_file *f, struct index_row *row_r,
                                struct error *err) MUST_CHECK;
/* Where it is now, without going on. A file that ends while it is INDEX_HUNGRY
 * was cut off; one that goes on after INDEX_END is broken. */
enum index_read index_file_state(const struct index_file *f) MUST_CHECK;

#endif
