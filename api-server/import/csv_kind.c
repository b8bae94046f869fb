/* What a CSV is, whatever it is called. */
#include "api-server/import/csv_kind.h"

#include <string.h>

#include "api-server/import/file_format.h"
#include "api-server/import/list_file.h"
#include "api-server/import/listing.h"
#include "api-server/import/rows_field.h"
#include "api-server/import/rows_header.h"

#define NAME_BYTES_MAX 200
#define SHOWN_BYTES    80
#define COLUMNS_MAX    4

/* The first one whose columns are all there, but for the one that must not
 * be. */
static const struct {
	const char *columns[COLUMNS_MAX + 1];
	const char *without;
	struct csv_columns means;
} signs[] = {
	{ { "Name", "Watched Date", "Review" },
	  NULL,
	  { CSV_COLUMNS_ONE_KIND, IMPORT_REVIEWS } },
	{ { "Name", "Watched Date" },
	  NULL,
	  { CSV_COLUMNS_ONE_KIND, IMPORT_DIARY } },
	/* A diary that lost its dates is none. */
	{ { "Name", "Letterboxd URI", "Rating" },
	  "Rewatch",
	  { CSV_COLUMNS_ONE_KIND, IMPORT_RATINGS } },
	{ { "Username", "Favorite Films" },
	  NULL,
	  { CSV_COLUMNS_ONE_KIND, IMPORT_PROFILE } },
	{ { "Name", "Tags", "URL", "Description" },
	  NULL,
	  { CSV_COLUMNS_ONE_KIND, IMPORT_LIST } },
	{ { "Name", "Letterboxd URI" },
	  "Rewatch",
	  { CSV_COLUMNS_FILMS, IMPORT_WATCHED } },
};

/* --- columns --- */

static bool has_all(const struct csv_record *record, const char *const *columns)
{
	for (; *columns != NULL; columns++) {
		if (!header_has(record, *columns))
			return false;
	}
	return true;
}

static struct csv_columns meaning_of(const struct csv_record *record)
{
	if (list_file_is_banner(record))
		return (struct csv_columns){ CSV_COLUMNS_ONE_KIND,
			                     IMPORT_LIST };
	for (size_t i = 0; i < ARRAY_LEN(signs); i++) {
		if (has_all(record, signs[i].columns) &&
		    (signs[i].without == NULL ||
		     !header_has(record, signs[i].without)))
			return signs[i].means;
	}
	return (struct csv_columns){ .say = CSV_COLUMNS_NOTHING };
}

struct csv_columns csv_columns_of(const struct reading *reading,
                                  struct str head)
{
	/* What is wrong with it is not said here. */
	struct upload_problem unsaid;
	struct reading quiet = *reading;
	struct csv_reader *csv =
		csv_reader_new(head, reading_csv_limits(reading));
	struct csv_record record;
	struct csv_columns columns = { .say = CSV_COLUMNS_BROKEN };

	quiet.problem = &unsaid;
	if (header_read(&quiet, "", head, csv, &record))
		columns = meaning_of(&record);
	csv_reader_free(&csv);
	return columns;
}

/* --- columns and name --- */

/* Kinds whose files look the same. */
static bool looks_like_films(enum import_kind kind)
{
	return kind == IMPORT_WATCHED || kind == IMPORT_WATCHLIST ||
	       kind == IMPORT_LIKES;
}

static bool name_decides(const struct csv_columns *columns,
                         enum import_kind named)
{
	if (columns->say != CSV_COLUMNS_ONE_KIND || columns->kind == named)
		return true;
	return columns->kind == IMPORT_RATINGS && looks_like_films(named);
}

/* lists/NAME.csv; NULL when the file has no name that a list can be known by.
 */
static const char *list_path(const struct reading *reading, const char *path)
{
	const char *base = export_path_base(
		export_path_without_copy(reading->arena, path));
	size_t n = strlen(base);

	if (listing_is_csv(base))
		n -= strlen(".csv");
	return n > 0 && n <= NAME_BYTES_MAX
	               ? arena_printf(reading->arena, "lists/%.*s.csv", (int)n,
	                              base)
	               : NULL;
}

/* Is it where an export has files: in no folder or in one of its own? */
static bool lies_in_export(const char *path, const char *folder)
{
	const char *inner = folder != NULL ? path + strlen(folder) : path;

	return strchr(inner, '/') == NULL;
}

static bool by_columns(const struct reading *reading,
                       const struct csv_columns *columns, const char *path,
                       const char *folder, struct csv_kind *kind_r)
{
	enum import_kind kind = columns->kind;

	if (columns->say == CSV_COLUMNS_FILMS && folder != NULL &&
	    strcmp(folder, "likes/") == 0)
		kind = IMPORT_LIKES;
	else if (columns->say != CSV_COLUMNS_ONE_KIND)
		return false;
	*kind_r = (struct csv_kind){
		.kind = kind,
		.path = kind == IMPORT_LIST ? list_path(reading, path)
		                            : export_path_of_kind(kind),
		.name = EXPORT_NAME_NONE,
	};
	return kind_r->path != NULL;
}

bool csv_kind_of(const struct reading *reading,
                 const struct csv_columns *columns, const char *path,
                 struct csv_kind *kind_r)
{
	const char *folder = export_path_folder(path);
	const bool path_decides =
		folder != NULL && (strcmp(folder, "deleted/") == 0 ||
	                           strcmp(folder, "orphaned/") == 0);

	kind_r->name = export_path_match(reading->arena, path, &kind_r->path,
	                                 &kind_r->kind);
	if (kind_r->name != EXPORT_NAME_NONE &&
	    (path_decides || name_decides(columns, kind_r->kind)))
		return true;
	return !path_decides && lies_in_export(path, folder) &&
	       by_columns(reading, columns, path, folder, kind_r);
}

/* --- a file that came alone --- */

static bool unnamed(const struct reading *reading,
                    const struct csv_columns *columns)
{
	if (columns->say == CSV_COLUMNS_FILMS)
		return upload_problem_set(
			reading->problem, UPLOAD_UNNAMED_CSV,
			"The columns do not say whether this is watched.csv, "
			"watchlist.csv or likes/films.csv; upload it under the "
			"name it has in the export");
	return upload_problem_set(
		reading->problem, UPLOAD_UNNAMED_CSV,
		"This is a list, and which one is said by the name of its "
		"file; upload it under the name it has in lists/");
}

/* Its first line says why, or nothing. */
static bool foreign(const struct reading *reading, const char *file_name,
                    struct str text)
{
	const struct file_format *format = file_format_of_name(file_name);
	struct csv_reader *csv =
		csv_reader_new(text, reading_csv_limits(reading));
	const char *shown = file_name[0] != '\0' ? file_name : "The upload";
	struct csv_record record;

	if (format != NULL)
		(void)file_format_refuse(reading->problem, format);
	else if (header_read(reading, shown, text, csv, &record)) {
		const struct str begin = text_cut(record.raw, SHOWN_BYTES);

		(void)upload_problem_set(
			reading->problem, UPLOAD_NOT_AN_EXPORT,
			"The upload is neither a ZIP nor a CSV of a Letterboxd "
			"export; it begins with \"%.*s\"",
			(int)begin.n, begin.p);
	}
	csv_reader_free(&csv);
	return false;
}

bool csv_kind_find(const struct reading *reading, const char *file_name,
                   struct str text, struct csv_kind *kind_r)
{
	const struct csv_columns columns = csv_columns_of(reading, text);
	const char *base = export_path_base(file_name);

	if ((strlen(file_name) <= NAME_BYTES_MAX &&
	     csv_kind_of(reading, &columns, file_name, kind_r)) ||
	    csv_kind_of(reading, &columns, base, kind_r))
		return true;
	if (columns.say == CSV_COLUMNS_ONE_KIND ||
	    columns.say == CSV_COLUMNS_FILMS)
		return unnamed(reading, &columns);
	return foreign(reading, base, text);
}
