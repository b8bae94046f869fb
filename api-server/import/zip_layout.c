/* Which names in a ZIP are the files of an export. */
#include "api-server/import/zip_layout.h"

#include <string.h>

#include "api-server/import/export_path.h"
#include "common/base/buf.h"
#include "common/base/mem.h"

#define NAMES_SHOWN     5
#define NAMES_BYTES_MAX 300

static bool is_known(const char *path)
{
	enum import_kind kind;

	return export_path_kind(str_of(path), &kind);
}

static bool any_at_top(const struct zip_listing *listing)
{
	for (size_t i = 0; i < listing->count; i++) {
		if (is_known(listing->files[i].path))
			return true;
	}
	return false;
}

/*
 * The folder that is around the files of the export, as a path to compare
 * beginnings with; empty: none. False when there are two such folders.
 */
static bool find_wrapper(const struct reading *reading,
                         const struct zip_listing *listing,
                         struct str *wrapper_r)
{
	*wrapper_r = STR_LIT("");
	if (any_at_top(listing))
		return true;
	for (size_t i = 0; i < listing->count; i++) {
		const char *path = listing->files[i].path;
		const char *inner;

		if (!export_path_unwrap(path, &inner) || !is_known(inner))
			continue;
		const struct str folder = { path, (size_t)(inner - path) };
		if (wrapper_r->n > 0 && !str_eq(folder, *wrapper_r))
			return upload_problem_set(
				reading->problem, UPLOAD_NOT_AN_EXPORT,
				"The ZIP holds more than one export, in "
				"\"%.*s\" and \"%.*s\"; upload them one by one",
				(int)wrapper_r->n, wrapper_r->p, (int)folder.n,
				folder.p);
		*wrapper_r = folder;
	}
	return true;
}

static bool nothing_known(const struct reading *reading,
                          const struct zip_listing *listing)
{
	struct buf names;

	buf_init(&names, NAMES_BYTES_MAX);
	for (size_t i = 0; i < listing->count && i < NAMES_SHOWN; i++)
		buf_printf(&names, "%s%.50s", i > 0 ? ", " : "",
		           listing->files[i].path);
	(void)upload_problem_set(
		reading->problem, UPLOAD_NOT_AN_EXPORT,
		"The ZIP holds no file of a Letterboxd export (watched.csv, "
		"diary.csv, ...); it holds %s%s",
		names.len > 0 ? names.data : "nothing that is read",
		listing->count > NAMES_SHOWN ? ", ..." : "");
	buf_deinit(&names);
	return false;
}

static size_t mark(struct zip_listing *listing, struct str wrapper)
{
	size_t count = 0;

	for (size_t i = 0; i < listing->count; i++) {
		struct zip_file *file = &listing->files[i];

		file->wanted = strncmp(file->path, wrapper.p, wrapper.n) == 0 &&
		               is_known(file->path + wrapper.n);
		count += file->wanted ? 1 : 0;
	}
	return count;
}

static bool fill(const struct reading *reading,
                 const struct zip_listing *listing, struct str wrapper,
                 struct import_set *set)
{
	int64_t lists = 0;

	for (size_t i = 0; i < listing->count; i++) {
		struct import_file *file = &set->files[set->count];

		if (!listing->files[i].wanted)
			continue;
		file->ordinal = (int)set->count++;
		file->path = listing->files[i].path + wrapper.n;
		ensure(export_path_kind(str_of(file->path), &file->kind));
		lists += file->kind == IMPORT_LIST ? 1 : 0;
	}
	if (lists <= reading->limits->list_max)
		return true;
	return upload_problem_set(reading->problem, UPLOAD_TOO_MANY_LISTS,
	                          "The ZIP holds %lld lists; at most %lld are "
	                          "read",
	                          (long long)lists,
	                          (long long)reading->limits->list_max);
}

bool zip_layout_choose(const struct reading *reading,
                       struct zip_listing *listing, struct import_set *set)
{
	struct str wrapper;

	if (!find_wrapper(reading, listing, &wrapper))
		return false;

	const size_t count = mark(listing, wrapper);
	if (count == 0)
		return nothing_known(reading, listing);
	set->files = arena_alloc(reading->arena, count * sizeof(*set->files));
	return fill(reading, listing, wrapper, set);
}
