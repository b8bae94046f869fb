#ifndef API_SERVER_IMPORT_MERGE_H
#define API_SERVER_IMPORT_MERGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api-server/import/record.h"
#include "common/base/arena.h"
#include "common/base/attr.h"
#include "common/pg/pg_tx.h"

/*
 * An upload as one transaction: all or nothing, one round trip. The statements
 * are sql/queries/import/; the order they run in is here. Knows neither the
 * request nor the loop, and may run on a task thread.
 */
#define MERGE_SHA256_BYTES 32

struct merge_order {
	int64_t member;
	bool dry_run; /* report what would change, change nothing */
	bool confirm; /* the member knows what the import takes away; else one
	               * of which they should is refused with
	               * MERGE_UNCONFIRMED, the message says what */
	bool sample;  /* it is the sample export: refused with MERGE_OWN_LIBRARY
	               * when the member has a library of their own */
	unsigned char sha256[MERGE_SHA256_BYTES]; /* of the upload */
	double seconds; /* since it arrived; for merge_end() */
	int64_t deadline_ms;
};

/* SQLSTATEs of the refusals. */
#define MERGE_OWN_LIBRARY "RW001"
#define MERGE_UNCONFIRMED "RW003"

/*
 * A transaction while its upload is read (struct row_taker): merge_new() with
 * the files that will be, merge_rows() with the rows as they come, merge_end()
 * when all is known. Everything is copied, into an arena beside that of the
 * upload, with such a reserve. NULL: there is no memory for it.
 */
struct merge;

struct merge *merge_new(struct arena *arena, size_t reserve,
                        const struct import_set *set,
                        const struct merge_order *order) MUST_CHECK;
void merge_rows(struct merge *m, const struct import_file *file,
                const struct import_row *rows, size_t count);
/* The last result of the transaction has one row, whose column "body" is the
 * report as JSON. Frees the merge. NULL: its memory has overflowed. */
struct pg_tx *merge_end(struct merge **merge, const struct import_set *set,
                        const struct merge_order *order) MUST_CHECK;
/* Instead of merge_end(); NULL is fine. */
void merge_free(struct merge **merge);

#endif
