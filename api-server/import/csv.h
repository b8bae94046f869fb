#ifndef API_SERVER_IMPORT_CSV_H
#define API_SERVER_IMPORT_CSV_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/attr.h"
#include "common/base/str.h"

/*
 * CSV as RFC 4180 has it, record by record, out of text that is all in memory.
 * Lines end in CRLF, LF or CR, the last one may end without; a BOM is skipped.
 * Blanks around fields are part of them, NUL is a byte like any other. Blank
 * lines are no records, and neither is a record without a byte in any field:
 * spreadsheets fill a blank line up with separators.
 *
 * Fields are separated by commas. Where the first line that has a separator
 * outside quotes has no comma, its semicolons or else its tabs separate in the
 * whole text, and commas are bytes of fields. A first line "sep=;" ("sep=,",
 * "sep=" and a tab) decides before that, and is no record.
 *
 *	struct csv_reader *r = csv_reader_new(text, limits);
 *	while (csv_reader_next(r, &record) == CSV_RECORD)
 *		...
 *	csv_reader_free(&r);
 */
struct csv_limits {
	int64_t field_bytes_max;
	int64_t record_bytes_max;
};

/* Longer records are damaged. */
#define CSV_FIELDS_MAX 64

/* All of it but raw is valid until the next call only. */
struct csv_record {
	int line;       /* where it begins, physical, from 1 */
	struct str raw; /* as it stood, without the line end; within the text */
	/*
	 * Damaged: why, as the end of a sentence about the row; there are no
	 * fields then. Reading goes on with the line after the one on which
	 * the damaged field began.
	 */
	const char *damage;
	const struct str *fields; /* unquoted; each ends in a NUL as well */
	size_t count;
	bool unended; /* the text ends with it, without a line end: it may be
	               * the beginning of a longer one */
};

enum csv_result {
	CSV_RECORD,
	CSV_END,
	CSV_UNCLOSED /* a quote opened on csv_record.line is never closed */
};

struct csv_reader;

struct csv_reader *csv_reader_new(struct str text,
                                  struct csv_limits limits) MUST_CHECK;
void csv_reader_free(struct csv_reader **r);
/* After CSV_UNCLOSED as after CSV_END nothing more comes. */
enum csv_result csv_reader_next(struct csv_reader *r,
                                struct csv_record *record_r) MUST_CHECK;

#endif
