/* The layout of an export. */
#include "api-server/import/export_path.h"

#include <string.h>

#include "common/base/attr.h"

static const struct {
	const char *path;
	enum import_kind kind;
} files[] = {
	{ "watched.csv", IMPORT_WATCHED },
	{ "ratings.csv", IMPORT_RATINGS },
	{ "diary.csv", IMPORT_DIARY },
	{ "reviews.csv", IMPORT_REVIEWS },
	{ "watchlist.csv", IMPORT_WATCHLIST },
	{ "likes/films.csv", IMPORT_LIKES },
	{ "profile.csv", IMPORT_PROFILE },
	{ "orphaned/diary.csv", IMPORT_ORPHANED_DIARY },
	{ "orphaned/reviews.csv", IMPORT_ORPHANED_REVIEWS },
	{ "comments.csv", IMPORT_COUNTED },
	{ "likes/reviews.csv", IMPORT_COUNTED },
	{ "likes/lists.csv", IMPORT_COUNTED },
	{ "orphaned/comments.csv", IMPORT_COUNTED },
	{ "deleted/diary.csv", IMPORT_COUNTED },
	{ "deleted/reviews.csv", IMPORT_COUNTED },
	{ "deleted/comments.csv", IMPORT_COUNTED },
};

static const struct {
	const char *folder;
	enum import_kind kind;
} folders[] = {
	{ "lists/", IMPORT_LIST },
	{ "deleted/lists/", IMPORT_COUNTED },
};

static bool in_folder(struct str path, const char *folder)
{
	const size_t n = strlen(folder);

	return str_starts(path, folder) && str_ends(path, ".csv") &&
	       path.n > n + strlen(".csv") &&
	       memchr(path.p + n, '/', path.n - n) == NULL;
}

bool export_path_kind(struct str path, enum import_kind *kind_r)
{
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		if (str_is(path, files[i].path)) {
			*kind_r = files[i].kind;
			return true;
		}
	}
	for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
		if (in_folder(path, folders[i].folder)) {
			*kind_r = folders[i].kind;
			return true;
		}
	}
	return false;
}

bool export_path_of_name(const char *file_name, const char **path_r,
                         enum import_kind *kind_r)
{
	if (export_path_kind(str_of(file_name), kind_r)) {
		*path_r = file_name;
		return true;
	}
	const char *base = export_path_base(file_name);
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		if (strcmp(export_path_base(files[i].path), base) == 0) {
			*path_r = files[i].path;
			*kind_r = files[i].kind;
			return true;
		}
	}
	return false;
}

const char *export_path_of_kind(enum import_kind kind)
{
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		if (files[i].kind == kind && kind != IMPORT_COUNTED)
			return files[i].path;
	}
	return NULL;
}

const char *export_path_base(const char *path)
{
	const char *base = path;

	for (const char *p = path; *p != '\0'; p++) {
		if (*p == '/' || *p == '\\')
			base = p + 1;
	}
	return base;
}

bool export_path_unwrap(const char *path, const char **inner_r)
{
	const char *slash = strchr(path, '/');

	if (slash == NULL)
		return false;
	*inner_r = slash + 1;
	return true;
}
