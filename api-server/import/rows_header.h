#ifndef API_SERVER_IMPORT_ROWS_HEADER_H
#define API_SERVER_IMPORT_ROWS_HEADER_H

#include <stdbool.h>
#include <stddef.h>

#include "api-server/import/csv.h"
#include "api-server/import/reading.h"
#include "api-server/import/record.h"
#include "common/base/arena.h"
#include "common/base/attr.h"

/*
 * A table's columns are found by their names, wherever they stand; columns
 * that nobody asked for are left alone.
 */
struct row_column {
	const char *name; /* NULL ends the array */
	bool required;
	/* NULL: somebody else reads it, with header_field(). */
	bool (*parse)(struct arena *arena, struct str value,
	              struct import_row *row);
};

#define ROW_COLUMNS_MAX 12

struct header {
	const struct row_column *columns;
	size_t at[ROW_COLUMNS_MAX]; /* index of columns[i], or HEADER_ABSENT */
	size_t width;
};

#define HEADER_ABSENT SIZE_MAX

/* Reads the file's first record; it must be text with commas. */
bool header_read(const struct reading *reading, const char *path,
                 struct str text, struct csv_reader *csv,
                 struct csv_record *record_r) MUST_CHECK;
bool header_bind(const struct reading *reading, const char *path,
                 const struct csv_record *record,
                 const struct row_column *columns,
                 struct header *header_r) MUST_CHECK;

bool header_has(const struct csv_record *record, const char *name);
/* The field of columns[column]; empty when the file has no such column. */
struct str header_field(const struct header *h, const struct csv_record *record,
                        size_t column);

/* One record by its header: false when the row was rejected. */
bool header_parse_row(const struct header *h, struct arena *arena,
                      const struct csv_record *record, struct import_row *row);

#endif
