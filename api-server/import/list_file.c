/* Lists: two tables in one file. */
#include "api-server/import/list_file.h"

#include <string.h>

#include "api-server/import/export_path.h"
#include "api-server/import/rows.h"
#include "api-server/import/rows_field.h"
#include "api-server/import/rows_header.h"

enum {
	LIST_DATE,
	LIST_NAME,
	LIST_TAGS,
	LIST_URL,
	LIST_DESCRIPTION
};

static const struct row_column list_columns[] = {
	[LIST_DATE] = { "Date", COLUMN_REACHED, field_date },
	[LIST_NAME] = { "Name", COLUMN_REACHED, NULL },
	[LIST_TAGS] = { "Tags", COLUMN_REQUIRED, field_tags },
	[LIST_URL] = { "URL", COLUMN_REQUIRED, NULL },
	[LIST_DESCRIPTION] = { "Description", COLUMN_REQUIRED, field_review },
	{ 0 }
};

static const struct row_column item_columns[] = {
	{ "Position", COLUMN_REACHED, field_position },
	{ "Name", COLUMN_REACHED, field_title },
	{ "Year", COLUMN_REACHED, field_year },
	{ "URL", COLUMN_REACHED, field_film_link },
	{ "Description", COLUMN_OPTIONAL, field_review },
	{ 0 }
};

bool list_file_is_banner(const struct csv_record *record)
{
	if (record->count == 0 ||
	    !str_starts(record->fields[0], "Letterboxd list export v"))
		return false;
	for (size_t i = 1; i < record->count; i++) {
		if (record->fields[i].n > 0)
			return false;
	}
	return true;
}

/* lists/NAME.csv -> NAME */
static const char *slug_of(struct arena *arena, const char *path)
{
	const char *base = export_path_base(path);
	const size_t n = strlen(base);

	return arena_strndup(arena, base, n - strlen(".csv"));
}

static const char *text_of(struct arena *arena, struct str s)
{
	return arena_strndup(arena, s.p, s.n);
}

/* It becomes a link on a page. */
static const char *url_of(struct arena *arena, struct str url)
{
	url = str_trim(url);
	if (!str_starts(url, "https://") && !str_starts(url, "http://"))
		return "";
	return text_of(arena, url);
}

static bool fill_list(const struct reading *reading, struct import_file *file,
                      const struct header *header,
                      const struct csv_record *record)
{
	struct import_row row = { .tags = "" };
	struct arena *arena = reading->arena;

	if (header_parse_row(header, arena, record, &row) != 0)
		return reading_fail(reading, file->path,
		                    "the row about the list, on line %d, "
		                    "cannot be read: %s",
		                    record->line, row.reason);

	const struct str name = header_field(header, record, LIST_NAME);
	if (name.n > 0)
		file->list.name = text_of(arena, name);
	file->list.date = row.date;
	file->list.tags = row.tags;
	file->list.url = url_of(arena, header_field(header, record, LIST_URL));
	file->list.description = row.review;
	return true;
}

/* The next record, which must be there. */
static bool next(const struct reading *reading, const struct import_file *file,
                 struct csv_reader *csv, struct csv_record *record_r)
{
	switch (csv_reader_next(csv, record_r)) {
	case CSV_RECORD:
		return true;
	case CSV_UNCLOSED:
		return reading_fail_unclosed(reading, file->path,
		                             record_r->line);
	case CSV_END:
		break;
	}
	return reading_fail(reading, file->path,
	                    "it ends before the row about the list; download "
	                    "the export again");
}

static bool read_list(const struct reading *reading, struct import_file *file,
                      struct str text, struct csv_reader *csv)
{
	struct csv_record record;
	struct header header;

	if (!header_read(reading, file->path, text, csv, &record))
		return false;
	if (list_file_is_banner(&record) && !next(reading, file, csv, &record))
		return false;
	return header_bind(reading, file->path, &record, list_columns,
	                   &header) &&
	       next(reading, file, csv, &record) &&
	       fill_list(reading, file, &header, &record);
}

/* A list without films may have no table of them. */
static bool read_items(struct reading *reading, struct import_file *file,
                       struct csv_reader *csv)
{
	struct csv_record record;
	struct header header;

	switch (csv_reader_next(csv, &record)) {
	case CSV_END:
		return true;
	case CSV_UNCLOSED:
		return reading_fail_unclosed(reading, file->path, record.line);
	case CSV_RECORD:
		break;
	}
	return header_bind(reading, file->path, &record, item_columns,
	                   &header) &&
	       rows_read_records(reading, file, csv, &header, ROW_POSITION);
}

bool list_file_read(struct reading *reading, struct import_file *file,
                    struct str text)
{
	struct csv_reader *csv =
		csv_reader_new(text, reading_csv_limits(reading));
	const char *slug = slug_of(reading->arena, file->path);

	file->list = (struct import_list){
		.slug = slug, .name = slug, .tags = "", .url = ""
	};
	const bool ok = read_list(reading, file, text, csv) &&
	                read_items(reading, file, csv);
	csv_reader_free(&csv);
	return ok || reading_give_up(reading, file);
}
