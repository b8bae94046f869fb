/* Headers, and rows by their header. */
#include "api-server/import/rows_header.h"

#include <limits.h>
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

/* By its byte order mark, or where every other byte of two letters is 0. */
static bool is_utf16(struct str text)
{
	const char *p = text.p;

	if (str_starts(text, "\xff\xfe") || str_starts(text, "\xfe\xff"))
		return true;
	return text.n >= 4 && (p[0] == '\0') == (p[2] == '\0') &&
	       (p[1] == '\0') == (p[3] == '\0') &&
	       (p[0] == '\0') != (p[1] == '\0');
}

/* What is wrong with a text before its first record is read, or NULL. */
static const char *text_fault(struct str text)
{
	if (text.n > 0 && all_nul(text))
		return "it holds nothing but NUL bytes: the file is lost; "
		       "download the export again";
	if (is_utf16(text))
		return "it is in UTF-16 and not in UTF-8; save it as \"CSV "
		       "UTF-8\", or upload the file as it was downloaded";
	return NULL;
}

/* What is wrong with a first record, or NULL. */
static const char *header_fault(const struct csv_record *record)
{
	if (has_nul(record->raw))
		return "there are NUL bytes in its first line, so it is not "
		       "CSV in UTF-8; upload the file as it was downloaded";
	if (!str_is_utf8(record->raw))
		return "its first line is not UTF-8; save it as \"CSV "
		       "UTF-8\", or upload the file as it was downloaded";
	return NULL;
}

bool header_read(const struct reading *reading, const char *path,
                 struct str text, struct csv_reader *csv,
                 struct csv_record *record_r)
{
	const char *fault = text_fault(text);

	if (fault != NULL)
		return reading_fail(reading, path, "%s", fault);
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
	fault = header_fault(record_r);
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
		if (at == HEADER_ABSENT && columns[i].need != COLUMN_OPTIONAL)
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

	/* HEADER_ABSENT is behind every field. */
	return at < record->count ? record->fields[at] : STR_LIT("");
}

static bool has_too_many(const struct header *h,
                         const struct csv_record *record)
{
	for (size_t i = h->width; i < record->count; i++) {
		if (record->fields[i].n > 0)
			return true;
	}
	return false;
}

/* It takes whatever stands there. */
static bool is_text(const struct row_column *column)
{
	return column->parse == field_tags || column->parse == field_review;
}

static bool has_too_few(const struct header *h, const struct csv_record *record)
{
	bool is_short = false;
	bool is_shifted = false;

	for (size_t i = 0; h->columns[i].name != NULL; i++) {
		const size_t at = h->at[i];

		if (at == HEADER_ABSENT)
			continue;
		if (at >= record->count) {
			if (h->columns[i].need == COLUMN_REACHED)
				return true;
			is_short = true;
		} else if (at + 1 == record->count && is_text(&h->columns[i])) {
			is_shifted = str_is_date(record->fields[at]);
		}
	}
	return is_short && (is_shifted || record->unended);
}

bool header_fits(const struct header *h, const struct csv_record *record)
{
	return !has_too_many(h, record) && !has_too_few(h, record);
}

static bool check_record(const struct header *h, struct arena *arena,
                         const struct csv_record *record,
                         struct import_row *row)
{
	if (record->damage != NULL)
		return row_reject(arena, row, "%s", record->damage);
	if (header_fits(h, record))
		return true;
	if (has_nul(record->raw))
		return row_reject(arena, row,
		                  "it holds NUL bytes: the file is damaged; "
		                  "download the export again");
	if (has_too_many(h, record))
		return row_reject(arena, row,
		                  "it has %zu fields, and the first line names "
		                  "%zu; a field that holds a separator, as 4,5 "
		                  "does between commas, is put in quotes",
		                  record->count, h->width);
	return row_reject(arena, row,
	                  "it has %zu fields, and the first line names %zu; "
	                  "upload the file as it was downloaded",
	                  record->count, h->width);
}

static bool parse_field(const struct row_column *column, struct arena *arena,
                        struct str value, struct import_row *row)
{
	if (has_nul(value))
		return row_reject(arena, row,
		                  "its %s holds a NUL byte: the file is "
		                  "damaged; download the export again",
		                  column->name);
	if (!str_is_utf8(value))
		return row_reject(arena, row,
		                  "its %s is not UTF-8; save the file as \"CSV "
		                  "UTF-8\", or upload it as it was downloaded",
		                  column->name);
	return column->parse == NULL || column->parse(arena, value, row);
}

unsigned header_parse_row(const struct header *h, struct arena *arena,
                          const struct csv_record *record,
                          struct import_row *row)
{
	unsigned unread = 0;

	if (!check_record(h, arena, record, row))
		return UINT_MAX;
	for (size_t i = 0; h->columns[i].name != NULL; i++) {
		if (h->at[i] != HEADER_ABSENT &&
		    !parse_field(&h->columns[i], arena,
		                 header_field(h, record, i), row))
			unread |= COLUMN_BIT(i);
	}
	return unread;
}
