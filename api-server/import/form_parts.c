/* Several files that come in a form. */
#include "api-server/import/form_parts.h"

#include <string.h>

#include "api-server/import/export_path.h"
#include "api-server/import/file_format.h"
#include "api-server/import/seen.h"
#include "api-server/import/zip.h"

/* As in a ZIP. A path of Windows, which no browser of today sends, is that of
 * another machine: its last part counts. */
static const char *part_path(const char *name)
{
	if (strchr(name, '\\') != NULL)
		return export_path_base(name);
	while (str_starts(str_of(name), "./") || name[0] == '/')
		name += name[0] == '/' ? 1 : 2;
	return name;
}

static bool check_names(struct arena *arena, const struct listing *parts,
                        struct upload_problem *problem)
{
	struct seen *paths = seen_new(arena);

	for (size_t i = 0; i < parts->count; i++) {
		const char *path = parts->files[i].path;

		if (strlen(path) > LISTING_PATH_BYTES_MAX)
			return upload_problem_set(
				problem, UPLOAD_BAD_PATH,
				"The name \"%.100s...\" in the upload is too "
				"long; upload the files under the names they "
				"have in the export",
				path);
		if (seen_add(paths, path, NULL, 0).count > 0)
			return upload_problem_set(
				problem, UPLOAD_DUPLICATE_FILE,
				"The upload holds \"%.100s\" twice; upload each "
				"file once",
				path);
	}
	return true;
}

/* Of several, each needs a name; of one the body's may do. */
static void name_unnamed(struct listing *parts)
{
	for (size_t i = 0; i < parts->count && parts->count > 1; i++) {
		struct listing_file *file = &parts->files[i];

		if (file->path[0] == '\0')
			file->path = "unnamed.csv";
	}
}

bool form_parts_list(struct arena *arena, const struct multipart_form *form,
                     struct listing *parts_r, struct upload_problem *problem)
{
	*parts_r = (struct listing){
		.files = arena_alloc(arena,
		                     form->count * sizeof(*parts_r->files)),
	};
	for (size_t i = 0; i < form->count; i++) {
		const struct multipart_file *file = &form->files[i];
		const char *path = part_path(file->name);

		if (listing_is_rubbish(path))
			continue;
		parts_r->files[parts_r->count++] = (struct listing_file){
			.path = path,
			.head = file->content,
			.content = file->content,
		};
	}
	name_unnamed(parts_r);
	return check_names(arena, parts_r, problem);
}

/* --- a ZIP among them --- */

/* Spreadsheets begin as a ZIP does, so the name counts as well. */
static bool is_zip(const struct listing_file *file)
{
	return zip_is_one(file->head) &&
	       (listing_is_zip(file->path) ||
	        file_format_of_name(file->path) == NULL);
}

static bool refuse_two(struct upload_problem *problem, const char *a,
                       const char *b)
{
	return upload_problem_set(
		problem, UPLOAD_NOT_AN_EXPORT,
		"The upload holds more than one export, \"%.100s\" and "
		"\"%.100s\"; upload them one by one",
		a, b);
}

static bool refuse_both(struct upload_problem *problem, const char *zip,
                        const char *csv)
{
	return upload_problem_set(
		problem, UPLOAD_NOT_AN_EXPORT,
		"The upload holds the ZIP \"%.100s\" and \"%.100s\" beside it; "
		"upload the ZIP alone, or the CSV files without it",
		zip, csv);
}

bool form_parts_find_zip(const struct listing *parts,
                         const struct listing_file **zip_r,
                         struct upload_problem *problem)
{
	const struct listing_file *csv = NULL;

	*zip_r = NULL;
	for (size_t i = 0; i < parts->count; i++) {
		const struct listing_file *file = &parts->files[i];

		if (is_zip(file) && *zip_r != NULL)
			return refuse_two(problem, (*zip_r)->path, file->path);
		if (is_zip(file))
			*zip_r = file;
		else if (listing_is_csv(file->path))
			csv = file;
	}
	return *zip_r == NULL || csv == NULL ||
	       refuse_both(problem, (*zip_r)->path, csv->path);
}

struct listing form_parts_without(struct arena *arena,
                                  const struct listing *parts,
                                  const struct listing_file *left_out)
{
	struct listing others = {
		.files = arena_alloc(arena,
		                     parts->count * sizeof(*others.files)),
	};

	for (size_t i = 0; i < parts->count; i++) {
		if (&parts->files[i] != left_out)
			others.files[others.count++] = parts->files[i];
	}
	return others;
}

const struct str *form_parts_contents(struct arena *arena,
                                      const struct listing *parts)
{
	struct str *contents =
		arena_alloc(arena, parts->count * sizeof(*contents));

	for (size_t i = 0; i < parts->count; i++)
		contents[i] = parts->files[i].content;
	return contents;
}
