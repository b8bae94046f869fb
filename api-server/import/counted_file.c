/* Files of an export that are counted and not imported. */
#include "api-server/import/counted_file.h"

/* The header above the rows: a list's is that of its second table. */
static bool is_last_header(const char *path, const struct csv_record *record)
{
	if (!str_starts(str_of(path), "deleted/lists/"))
		return true;
	return record->count > 0 && str_is(record->fields[0], "Position");
}

bool counted_file_read(struct reading *reading, struct import_file *file,
                       struct str text)
{
	struct csv_reader *csv =
		csv_reader_new(text, reading_csv_limits(reading));
	struct csv_record record;
	bool in_rows = false;

	while (csv_reader_next(csv, &record) == CSV_RECORD) {
		if (in_rows)
			file->count++;
		else
			in_rows = is_last_header(file->path, &record);
	}
	csv_reader_free(&csv);
	return reading_count_rows(reading, (int64_t)file->count);
}
