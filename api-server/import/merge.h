#ifndef API_SERVER_IMPORT_MERGE_H
#define API_SERVER_IMPORT_MERGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api-server/import/record.h"
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
	double seconds;                           /* since it arrived */
	int64_t deadline_ms;
};

/* SQLSTATEs of the refusals. */
#define MERGE_OWN_LIBRARY "RW001"
#define MERGE_UNCONFIRMED "RW003"

/*
 * Everything of set is copied. The last result of the transaction has one row,
 * whose column "body" is the report as JSON. NULL: it would take more than
 * memory_max bytes, or the system has not as much; reserve is that of
 * import_reserve_bytes().
 */
struct pg_tx *merge_tx(const struct import_set *set,
                       const struct merge_order *order, size_t memory_max,
                       size_t reserve) MUST_CHECK;

#endif
