/* The layout of an export. */
#include "api-server/import/export_path.h"

#include <string.h>
#include <strings.h>

#include "api-server/import/listing.h"
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

static const char *const own_folders[] = {
	"likes/",
	"lists/",
	"deleted/",
	"orphaned/",
};

static bool in_folder(struct str path, const char *folder)
{
	const size_t n = strlen(folder);

	return str_starts(path, folder) && str_ends(path, ".csv") &&
	       path.n > n + strlen(".csv") &&
	       memchr(path.p + n, '/', path.n - n) == NULL;
}

/* The whole path counts: deleted/diary.csv is not diary.csv. */
static bool find_kind(struct str path, enum import_kind *kind_r)
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

/* --- names that are nearly right --- */

/* What stands behind the name of a second file of one name, before ".csv";
 * '#' stands for digits. */
static const char *const copy_marks[] = {
	" (#)", " - copy", " copy", " copy #", " - kopie", " kopie", "_#",
};

static char lower(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c - 'A' + 'a');
	return c;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Does name end in the mark, with something before it? *n_r: how much before.
 * Read from the end. */
static bool ends_in_mark(struct str name, const char *mark, size_t *n_r)
{
	size_t n = name.n;

	for (size_t m = strlen(mark); m > 0; m--) {
		const size_t before = n;

		if (mark[m - 1] != '#') {
			if (n == 0 || lower(name.p[n - 1]) != mark[m - 1])
				return false;
			n--;
			continue;
		}
		while (n > 0 && is_digit(name.p[n - 1]))
			n--;
		if (n == before)
			return false;
	}
	*n_r = n;
	return n > 0 && name.p[n - 1] != '/';
}

static bool cut_mark(struct str *stem)
{
	for (size_t i = 0; i < ARRAY_LEN(copy_marks); i++) {
		if (ends_in_mark(*stem, copy_marks[i], &stem->n))
			return true;
	}
	return false;
}

const char *export_path_without_copy(struct arena *arena, const char *path)
{
	if (!listing_is_csv(path))
		return path;

	const size_t whole = strlen(path) - strlen(".csv");
	struct str stem = { path, whole };

	while (cut_mark(&stem))
		;
	return stem.n == whole ? path
	                       : arena_printf(arena, "%.*s%s", (int)stem.n,
	                                      path, path + whole);
}

static const char *in_lower_case(struct arena *arena, const char *path)
{
	char *copy = arena_strdup(arena, path);

	for (char *p = copy; *p != '\0'; p++)
		*p = lower(*p);
	return copy;
}

/* The first file of an export that is called so, in whatever folder. */
static bool find_base(const char *base, const char **path_r,
                      enum import_kind *kind_r)
{
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		if (strcmp(export_path_base(files[i].path), base) == 0) {
			*path_r = files[i].path;
			*kind_r = files[i].kind;
			return true;
		}
	}
	return false;
}

enum export_name export_path_match(struct arena *arena, const char *path,
                                   const char **path_r,
                                   enum import_kind *kind_r)
{
	const char *plain = export_path_without_copy(arena, path);
	const bool is_copy = plain != path;

	*path_r = plain;
	if (find_kind(str_of(plain), kind_r))
		return is_copy ? EXPORT_NAME_COPY : EXPORT_NAME_EXACT;
	*path_r = in_lower_case(arena, plain);
	if (find_kind(str_of(*path_r), kind_r))
		return is_copy ? EXPORT_NAME_COPY : EXPORT_NAME_CASE;
	if (strchr(path, '/') == NULL && find_base(*path_r, path_r, kind_r))
		return EXPORT_NAME_BASE;
	return EXPORT_NAME_NONE;
}

const char *export_path_folder(const char *path)
{
	for (size_t i = 0; i < ARRAY_LEN(own_folders); i++) {
		const char *folder = own_folders[i];

		if (strncasecmp(path, folder, strlen(folder)) == 0)
			return folder;
	}
	return NULL;
}

/* --- parts of a path --- */

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
