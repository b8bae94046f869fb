/* What a CSV without its export is. */
#include "api-server/import/csv_kind.h"

#include <string.h>

#include "api-server/import/export_path.h"
#include "api-server/import/list_file.h"
#include "api-server/import/rows_field.h"
#include "api-server/import/rows_header.h"

#define NAME_BYTES_MAX 200
#define SHOWN_BYTES    80
#define COLUMNS_MAX    4

/* The first one whose columns are all there. */
static const struct {
	const char *columns[COLUMNS_MAX + 1];
	enum import_kind kind;
} signs[] = {
	{ { "Name", "Watched Date", "Review" }, IMPORT_REVIEWS },
	{ { "Name", "Watched Date" }, IMPORT_DIARY },
	{ { "Name", "Letterboxd URI", "Rating" }, IMPORT_RATINGS },
	{ { "Username", "Favorite Films" }, IMPORT_PROFILE },
	{ { "Name", "Tags", "URL", "Description" }, IMPORT_LIST },
};

static bool has_all(const struct csv_record *record, const char *const *columns)
{
	for (; *columns != NULL; columns++) {
		if (!header_has(record, *columns))
			return false;
	}
	return true;
}

static bool kind_of(const struct csv_record *record, enum import_kind *kind_r)
{
	if (list_file_is_banner(record)) {
		*kind_r = IMPORT_LIST;
		return true;
	}
	for (size_t i = 0; i < ARRAY_LEN(signs); i++) {
		if (has_all(record, signs[i].columns)) {
			*kind_r = signs[i].kind;
			return true;
		}
	}
	return false;
}

static bool unknown(const struct reading *reading,
                    const struct csv_record *record)
{
	const struct str shown = text_cut(record->raw, SHOWN_BYTES);

	if (header_has(record, "Name") && header_has(record, "Letterboxd URI"))
		return upload_problem_set(
			reading->problem, UPLOAD_UNNAMED_CSV,
			"The columns do not say whether this is watched.csv, "
			"watchlist.csv or likes/films.csv; upload it under the "
			"name it has in the export");
	return upload_problem_set(
		reading->problem, UPLOAD_NOT_AN_EXPORT,
		"The upload is neither a ZIP nor a CSV of a Letterboxd export; "
		"it begins with \"%.*s\"",
		(int)shown.n, shown.p);
}

static const char *list_path(const struct reading *reading,
                             const char *file_name)
{
	const char *base = export_path_base(file_name);
	size_t n = strlen(base);

	if (n > 4 && strcmp(base + n - 4, ".csv") == 0)
		n -= 4;
	if (n == 0 || n > NAME_BYTES_MAX) {
		(void)upload_problem_set(
			reading->problem, UPLOAD_UNNAMED_CSV,
			"This is a list, and which one is said by the name of "
			"its file; upload it under the name it has in lists/");
		return NULL;
	}
	return arena_printf(reading->arena, "lists/%.*s.csv", (int)n, base);
}

static bool kind_by_columns(const struct reading *reading,
                            const char *file_name,
                            const struct csv_record *record,
                            const char **path_r, enum import_kind *kind_r)
{
	if (!kind_of(record, kind_r))
		return unknown(reading, record);
	*path_r = *kind_r == IMPORT_LIST ? list_path(reading, file_name)
	                                 : export_path_of_kind(*kind_r);
	return *path_r != NULL;
}

bool csv_kind_find(const struct reading *reading, const char *file_name,
                   struct str text, const char **path_r,
                   enum import_kind *kind_r)
{
	if (strlen(file_name) > NAME_BYTES_MAX)
		file_name = export_path_base(file_name);
	if (export_path_of_name(file_name, path_r, kind_r))
		return true;

	struct csv_reader *csv =
		csv_reader_new(text, reading_csv_limits(reading));
	struct csv_record record;
	const char *shown = file_name[0] != '\0' ? file_name : "The upload";
	const bool ok =
		header_read(reading, shown, text, csv, &record) &&
		kind_by_columns(reading, file_name, &record, path_r, kind_r);
	csv_reader_free(&csv);
	return ok;
}
