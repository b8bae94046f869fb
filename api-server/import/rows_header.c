/* Headers, and rows by their header. */
#include "api-server/import/rows_header.h"

#include <stdint.h>
#include <string.h>

#include "api-server/import/rows_field.h"
#include "common/base/buf.h"
#include "common/base/mem.h"

#define NAMES_BYTES_MAX 120

static bool has_nul(struct str text)
{
	return text.n > 0 && memchr(text.p, '\0', text.n) != NULL;
}

static bool all_nul(struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] != '\0')
			return false;
	}
	return true;
}

/* What is wrong with a first record, or NULL. */
static const char *header_fault(const struct csv_record *record)
{
	if (has_nul(record->raw))
		return "there are NUL bytes in its first line, so it is not "
		       "CSV in UTF-8; upload the file as it was downloaded";
	if (!str_is_utf8(record->raw))
		return "its first line is not UTF-8, so it is not a CSV file "
		       "of an export; upload the file as it was downloaded";
	if (record->count == 1 && str_starts(record->raw, "Date;"))
		return "its columns are separated by semicolons; export again "
		       "from Letterboxd, or save it with commas";
	if (record->count == 1 && str_starts(record->raw, "Date\t"))
		return "its columns are separated by tabs; export again from "
		       "Letterboxd, or save it with commas";
	return NULL;
}

bool header_read(const struct reading *reading, const char *path,
                 struct str text, struct csv_reader *csv,
                 struct csv_record *record_r)
{
	if (text.n > 0 && all_nul(text))
		return reading_fail(reading, path,
		                    "it holds nothing but NUL bytes: the file "
		                    "is lost; download the export again");
	switch (csv_reader_next(csv, record_r)) {
	case CSV_END:
		return reading_fail(reading, path,
		                    "it is empty, without even a line of "
		                    "column names; download the export again");
	case CSV_UNCLOSED:
		return reading_fail_unclosed(reading, path, record_r->line);
	case CSV_RECORD:
		break;
	}
	const char *fault = header_fault(record_r);
	if (fault != NULL)
		return reading_fail(reading, path, "%s", fault);
	return record_r->damage == NULL ||
	       reading_fail(reading, path, "its first line is not CSV: %s",
	                    record_r->damage);
}

static size_t find(const struct csv_record *record, const char *name)
{
	for (size_t i = 0; i < record->count; i++) {
		if (str_is(record->fields[i], name))
			return i;
	}
	return HEADER_ABSENT;
}

bool header_has(const struct csv_record *record, const char *name)
{
	return find(record, name) != HEADER_ABSENT;
}

static bool is_repeated(const struct csv_record *record, size_t at)
{
	for (size_t i = at + 1; i < record->count; i++) {
		if (str_eq(record->fields[i], record->fields[at]))
			return true;
	}
	return false;
}

static bool missing(const struct reading *reading, const char *path,
                    const struct csv_record *record, const char *name)
{
	const struct str names = text_cut(record->raw, NAMES_BYTES_MAX);

	if (strcmp(name, "Name") == 0 && header_has(record, "Title"))
		return reading_fail(
			reading, path,
			"it has a column \"Title\" where an export has "
			"\"Name\", so something rewrote it; upload the file as "
			"it was downloaded, or name the column \"Name\"");
	return reading_fail(reading, path,
	                    "it has no column \"%s\"; its first line is "
	                    "\"%.*s\"",
	                    name, (int)names.n, names.p);
}

bool header_bind(const struct reading *reading, const char *path,
                 const struct csv_record *record,
                 const struct row_column *columns, struct header *header_r)
{
	*header_r =
		(struct header){ .columns = columns, .width = record->count };
	for (size_t i = 0; columns[i].name != NULL; i++) {
		const char *name = columns[i].name;
		const size_t at = find(record, name);

		ensure(i < ROW_COLUMNS_MAX);
		if (at == HEADER_ABSENT && columns[i].required)
			return missing(reading, path, record, name);
		if (at != HEADER_ABSENT && is_repeated(record, at))
			return reading_fail(reading, path,
			                    "it has two columns \"%s\"", name);
		header_r->at[i] = at;
	}
	return true;
}

struct str header_field(const struct header *h, const struct csv_record *record,
                        size_t column)
{
	const size_t at = h->at[column];

	return at == HEADER_ABSENT ? STR_LIT("") : record->fields[at];
}

static bool check_record(const struct header *h, struct arena *arena,
                         const struct csv_record *record,
                         struct import_row *row)
{
	if (record->damage != NULL)
		return row_reject(arena, row, "%s", record->damage);
	if (has_nul(record->raw))
		return row_reject(arena, row, "it holds a NUL byte");
	if (!str_is_utf8(record->raw))
		return row_reject(arena, row, "it is not valid UTF-8");
	if (record->count != h->width)
		return row_reject(arena, row,
		                  "it has %zu fields, and the first line names "
		                  "%zu",
		                  record->count, h->width);
	return true;
}

bool header_parse_row(const struct header *h, struct arena *arena,
                      const struct csv_record *record, struct import_row *row)
{
	if (!check_record(h, arena, record, row))
		return false;
	for (size_t i = 0; h->columns[i].name != NULL; i++) {
		if (h->at[i] == HEADER_ABSENT || h->columns[i].parse == NULL)
			continue;
		if (!h->columns[i].parse(arena, record->fields[h->at[i]], row))
			return false;
	}
	return true;
}
