#ifndef API_SERVER_IMPORT_ROWS_HEADER_H
#define API_SERVER_IMPORT_ROWS_HEADER_H

#include <stdbool.h>
#include <stddef.h>

#include "api-server/import/csv.h"
#include "api-server/import/reading.h"
#include "api-server/import/record.h"
#include "common/base/arena.h"
#include "common/base/attr.h"

/* Whether a column must be there. A row that ends before it has it empty. */
enum column_need {
	COLUMN_OPTIONAL, /* a table may be without it, a row may end before it */
	COLUMN_REQUIRED, /* a row may end before it */
	COLUMN_REACHED   /* every row reaches it */
};

/*
 * A table's columns are found by their names, wherever they stand; columns
 * that nobody asked for are left alone.
 */
struct row_column {
	const char *name; /* NULL ends the array */
	enum column_need need;
	/* NULL: somebody else reads it, with header_field(). */
	bool (*parse)(struct arena *arena, struct str value,
	              struct import_row *row);
};

#define ROW_COLUMNS_MAX 12

struct header {
	const struct row_column *columns;
	size_t at[ROW_COLUMNS_MAX]; /* index of columns[i], or HEADER_ABSENT */
	size_t width; /* names in the first line, empty ones too */
};

#define HEADER_ABSENT SIZE_MAX

/* Reads the file's first record, which must be text in UTF-8. */
bool header_read(const struct reading *reading, const char *path,
                 struct str text, struct csv_reader *csv,
                 struct csv_record *record_r) MUST_CHECK;
bool header_bind(const struct reading *reading, const char *path,
                 const struct csv_record *record,
                 const struct row_column *columns,
                 struct header *header_r) MUST_CHECK;

bool header_has(const struct csv_record *record, const char *name);
/*
 * Whether a record, not damaged, has its fields where the header says. Empty
 * fields behind the last column may be too many. A row may be as short as its
 * columns allow, but not where a field may have been lost instead: at the very
 * end of a file without a line end, or when a date stands last, in a column of
 * text.
 */
bool header_fits(const struct header *h, const struct csv_record *record);
/* The field of columns[column]; empty when the file has no such column, or the
 * row ends before it. */
struct str header_field(const struct header *h, const struct csv_record *record,
                        size_t column);

/* Of columns[i], in the answer of header_parse_row(). */
#define COLUMN_BIT(i) (1U << (i))
_Static_assert(ROW_COLUMNS_MAX < 32, "a bit for each column");

/*
 * One record by its header. 0: the row is whole. Else it was rejected, for the
 * first thing that was wrong, and each column that could not be read has its
 * bit; the others were read all the same. Of a damaged record and of one that
 * does not fit none is read.
 */
unsigned header_parse_row(const struct header *h, struct arena *arena,
                          const struct csv_record *record,
                          struct import_row *row) MUST_CHECK;

#endif
