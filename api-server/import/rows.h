#ifndef API_SERVER_IMPORT_ROWS_H
#define API_SERVER_IMPORT_ROWS_H

#include <stdbool.h>

#include "api-server/import/reading.h"
#include "api-server/import/record.h"
#include "api-server/import/rows_header.h"
#include "common/base/attr.h"

/* More of a record is not kept in import_row.raw. */
#define ROW_RAW_MAX 2000

/* What makes two rows of a file the same. */
enum row_identity {
	ROW_FILM,         /* the link, else title and year */
	ROW_DIARY_ENTRY,  /* import_row.entry, among diaries of the upload */
	ROW_REVIEW_ENTRY, /* likewise, among reviews */
	ROW_POSITION      /* the place in the list */
};

/*
 * The files that are one table: all kinds but IMPORT_LIST, IMPORT_PROFILE and
 * IMPORT_COUNTED. Fills the file's rows and counts.
 */
bool rows_read(struct reading *reading, struct import_file *file,
               struct str text) MUST_CHECK;

/* The records that follow a header, up to the end of the text. */
bool rows_read_records(struct reading *reading, struct import_file *file,
                       struct csv_reader *csv, const struct header *header,
                       enum row_identity identity) MUST_CHECK;

/* A row for that record, its line and raw text set, else empty. NULL, with the
 * problem set, when there are too many, or no memory is left for it. */
struct import_row *rows_add(struct reading *reading, struct import_file *file,
                            const struct csv_record *record) MUST_CHECK;
/*
 * The last row was rejected, and is counted by its cause. Where it is not to be
 * shown and changes nothing it is not kept: it is taken back, with all that was
 * taken from the arena of the rows since the mark.
 */
void rows_settle_rejected(struct reading *reading, struct import_file *file,
                          struct arena_mark mark, bool changes_nothing);
/* After the last one: adds the row that stands for those that are not kept. */
bool rows_end(struct reading *reading, struct import_file *file) MUST_CHECK;

#endif
