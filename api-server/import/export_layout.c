/* Which of many files are those of an export, and why the others are not. */
#include "api-server/import/export_layout.h"

#include <string.h>

#include "api-server/import/csv_kind.h"
#include "api-server/import/export_path.h"
#include "api-server/import/file_format.h"
#include "api-server/import/rows_field.h"
#include "common/base/buf.h"
#include "common/base/mem.h"

#define SHOWN_BYTES     100
#define NAMES_SHOWN     5
#define NAMES_BYTES_MAX 300

/* What became of one file of the listing. */
struct verdict {
	struct csv_columns columns;
	const char *path;   /* without the folder around the export */
	const char *reason; /* why it is not read; NULL: it is */
	struct csv_kind kind;
	/* Of the first one of its path in the export: which of them is read. */
	size_t best;
	bool tied; /* with another one, so that none is */
};

/* A folder that may be the export's, as a path to compare beginnings with;
 * empty: the top. */
struct place {
	struct str folder;
	size_t known;   /* files of an export that lie there */
	unsigned kinds; /* of them, a bit each; lists do not count */
};

struct layout {
	const struct reading *reading;
	const char *what;
	struct listing *listing;
	struct verdict *verdicts; /* of each file of the listing */
	struct place place;       /* the chosen one */
};

static struct str shown(struct str name)
{
	return text_cut(name, SHOWN_BYTES);
}

static bool kind_of(const struct layout *l, size_t i, const char *path,
                    struct csv_kind *kind_r)
{
	return listing_is_csv(path) &&
	       csv_kind_of(l->reading, &l->verdicts[i].columns, path, kind_r);
}

static void read_columns(struct layout *l)
{
	for (size_t i = 0; i < l->listing->count; i++) {
		const struct listing_file *file = &l->listing->files[i];

		if (listing_is_csv(file->path))
			l->verdicts[i].columns =
				csv_columns_of(l->reading, file->head);
	}
}

/* --- the place --- */

static struct str folder_of(const char *path)
{
	const char *inner;

	if (export_path_folder(path) != NULL ||
	    !export_path_unwrap(path, &inner))
		return STR_LIT("");
	return (struct str){ path, (size_t)(inner - path) };
}

/* Neighbours in an archive mostly lie in one folder: the last place first. */
static struct place *find_place(struct place *places, size_t *count,
                                struct str folder)
{
	for (size_t i = *count; i > 0; i--) {
		if (str_eq(places[i - 1].folder, folder))
			return &places[i - 1];
	}
	places[*count] = (struct place){ .folder = folder };
	return &places[(*count)++];
}

static void add_known(struct place *place, enum import_kind kind)
{
	place->known++;
	if (kind != IMPORT_LIST && kind != IMPORT_COUNTED)
		place->kinds |= 1U << kind;
}

/* The first place is the top. */
static struct place *count_places(const struct layout *l, size_t *count_r)
{
	const struct listing *listing = l->listing;
	struct place *places = arena_alloc(
		l->reading->arena, (listing->count + 1) * sizeof(*places));

	places[0] = (struct place){ .folder = STR_LIT("") };
	*count_r = 1;
	for (size_t i = 0; i < listing->count; i++) {
		const char *path = listing->files[i].path;
		const struct str folder = folder_of(path);
		struct csv_kind kind;

		if (kind_of(l, i, path + folder.n, &kind))
			add_known(find_place(places, count_r, folder),
			          kind.kind);
	}
	return places;
}

/* Is it an export as well, not a file that lies about? */
static bool rivals(const struct place *place, const struct place *other)
{
	return other->known == place->known ||
	       __builtin_popcount(other->kinds) > 1;
}

/* Where most files of an export lie; the top, when as many lie there. */
static bool choose_place(struct layout *l)
{
	size_t count;
	const struct place *places = count_places(l, &count);
	const struct place *best = places;

	for (size_t i = 1; i < count; i++) {
		if (places[i].known > best->known)
			best = &places[i];
	}
	l->place = *best;
	for (size_t i = 1; i < count && best != places; i++) {
		const struct str a = shown(best->folder);
		const struct str b = shown(places[i].folder);

		if (&places[i] != best && rivals(best, &places[i]))
			return upload_problem_set(
				l->reading->problem, UPLOAD_NOT_AN_EXPORT,
				"%s holds more than one export, in \"%.*s\" "
				"and \"%.*s\"; upload them one by one",
				l->what, (int)a.n, a.p, (int)b.n, b.p);
	}
	return true;
}

/* --- one file --- */

static bool lies_in(const char *path, struct str place)
{
	return strncmp(path, place.p, place.n) == 0;
}

static const char *why_not_csv(const struct layout *l,
                               const struct listing_file *file)
{
	const struct file_format *format = file_format_of_bytes(file->head);

	if (format == NULL)
		format = file_format_of_name(file->path);
	return format != NULL ? arena_printf(l->reading->arena, "it is %s; %s",
	                                     format->called, format->todo)
	                      : "it is not a file of an export";
}

static const char *const why_not_known[] = {
	[CSV_COLUMNS_ONE_KIND] =
		"it does not lie where an export has such a file",
	[CSV_COLUMNS_FILMS] =
		"its columns do not say whether it is watched.csv, "
		"watchlist.csv or likes/films.csv; give it the name it has in "
		"the export",
	[CSV_COLUMNS_NOTHING] =
		"neither its name nor its columns are those of a file of an "
		"export",
	[CSV_COLUMNS_BROKEN] =
		"its name is not that of a file of an export, and its first "
		"line cannot be read",
};

static const char *why_unknown(const struct layout *l, size_t i)
{
	const struct listing_file *file = &l->listing->files[i];
	const struct str place = shown(l->place.folder);

	if (!listing_is_csv(file->path))
		return why_not_csv(l, file);
	if (place.n > 0 && !lies_in(file->path, l->place.folder))
		return arena_printf(l->reading->arena,
		                    "it lies outside of \"%.*s\", whose files "
		                    "are read",
		                    (int)place.n, place.p);
	if (folder_of(l->verdicts[i].path).n > 0)
		return "it lies in a folder that is none of an export's";
	return why_not_known[l->verdicts[i].columns.say];
}

static void judge(struct layout *l, size_t i)
{
	struct verdict *v = &l->verdicts[i];
	const struct str place = l->place.folder;
	const struct str path = str_of(l->listing->files[i].path);
	const bool inside = lies_in(path.p, place);

	v->path = inside ? path.p + place.n : path.p;
	if (inside && kind_of(l, i, v->path, &v->kind))
		return;
	v->kind = (struct csv_kind){ 0 };
	v->reason = why_unknown(l, i);
}

/* --- several for one --- */

/* Which of those with one path in the export has the best name. */
static void compare(struct layout *l, size_t i, size_t first)
{
	struct verdict *slot = &l->verdicts[first];
	const enum export_name name = l->verdicts[i].kind.name;
	const enum export_name best = l->verdicts[slot->best].kind.name;

	if (name > best) {
		slot->best = i;
		slot->tied = false;
	} else if (name == best) {
		slot->tied = true;
	}
}

/* NULL: it is not. */
static const char *why_beaten(const struct layout *l, size_t i, size_t first)
{
	const struct verdict *slot = &l->verdicts[first];
	const struct str other =
		shown(str_of(l->listing->files[slot->best].path));
	const struct str path = shown(str_of(l->verdicts[i].kind.path));

	if (!slot->tied && slot->best == i)
		return NULL;
	if (!slot->tied)
		return arena_printf(l->reading->arena,
		                    "\"%.*s\" was read instead", (int)other.n,
		                    other.p);
	return arena_printf(l->reading->arena,
	                    "more than one file may be the %.*s of an export; "
	                    "keep the one that is",
	                    (int)path.n, path.p);
}

/* Leaves at most one file for each path of the export. */
static void settle(struct layout *l)
{
	const size_t count = l->listing->count;
	size_t *first =
		arena_alloc(l->reading->arena, (count + 1) * sizeof(*first));
	struct seen *paths = seen_new(l->reading->arena);

	for (size_t i = 0; i < count; i++) {
		struct verdict *v = &l->verdicts[i];

		if (v->reason != NULL)
			continue;
		const struct seen_key key =
			seen_add(paths, v->kind.path, NULL, (int)i);
		first[i] = (size_t)key.line;
		if (key.count > 0)
			compare(l, i, first[i]);
		else
			v->best = i;
	}
	for (size_t i = 0; i < count; i++) {
		if (l->verdicts[i].reason == NULL)
			l->verdicts[i].reason = why_beaten(l, i, first[i]);
	}
}

/* --- nothing to read --- */

static bool only_folders(const struct layout *l)
{
	return upload_problem_set(
		l->reading->problem, UPLOAD_NOT_AN_EXPORT,
		"%s holds folders and no file (watched.csv, diary.csv, ...); "
		"upload the export as it was downloaded",
		l->what);
}

static bool other_files(const struct layout *l)
{
	const struct listing *listing = l->listing;
	struct buf names;

	buf_init(&names, NAMES_BYTES_MAX);
	for (size_t i = 0; i < listing->count && i < NAMES_SHOWN; i++) {
		const struct str name =
			text_cut(str_of(listing->files[i].path), 50);

		buf_printf(&names, "%s%.*s", i > 0 ? ", " : "", (int)name.n,
		           name.p);
	}
	(void)upload_problem_set(
		l->reading->problem, UPLOAD_NOT_AN_EXPORT,
		"%s holds no file of a Letterboxd export (watched.csv, "
		"diary.csv, ...); it holds %s%s",
		l->what, names.len > 0 ? names.data : "nothing that is read",
		listing->count > NAMES_SHOWN ? ", ..." : "");
	buf_deinit(&names);
	return false;
}

/* A file that would be read if its name were clear. */
static bool find_unclear(const struct layout *l, size_t *i_r)
{
	for (size_t i = 0; i < l->listing->count; i++) {
		const struct verdict *v = &l->verdicts[i];

		if (v->kind.path != NULL ||
		    v->reason == why_not_known[CSV_COLUMNS_FILMS]) {
			*i_r = i;
			return true;
		}
	}
	return false;
}

static bool nothing_to_read(const struct layout *l)
{
	const struct file_format *format = file_format_of_listing(l->listing);
	size_t i;

	if (l->listing->count == 0 && l->listing->folders > 0)
		return only_folders(l);
	if (format != NULL)
		return file_format_refuse(l->reading->problem, format);
	if (!find_unclear(l, &i))
		return other_files(l);
	return upload_problem_set(l->reading->problem, UPLOAD_UNNAMED_CSV,
	                          "No file of the upload can be read. "
	                          "%.100s: %s",
	                          l->listing->files[i].path,
	                          l->verdicts[i].reason);
}

/* --- the set --- */

static struct import_file *add_file(struct import_set *set)
{
	struct import_file *file = &set->files[set->count];

	file->ordinal = (int)set->count++;
	return file;
}

static bool add_read(struct layout *l, struct import_set *set)
{
	const int64_t max = l->reading->limits->list_max;
	int64_t lists = 0;

	for (size_t i = 0; i < l->listing->count; i++) {
		const struct verdict *v = &l->verdicts[i];

		if (v->reason != NULL)
			continue;
		const enum import_kind kind = v->kind.kind;
		struct import_file *file = add_file(set);

		l->listing->files[i].wanted = true;
		file->kind = kind;
		file->path = kind == IMPORT_LIST || kind == IMPORT_COUNTED
		                     ? v->kind.path
		                     : v->path;
		lists += kind == IMPORT_LIST ? 1 : 0;
	}
	return lists <= max ||
	       upload_problem_set(l->reading->problem, UPLOAD_TOO_MANY_LISTS,
	                          "%s holds %lld lists; at most %lld are read",
	                          l->what, (long long)lists, (long long)max);
}

static void add_unread(const struct layout *l, struct import_set *set)
{
	struct arena *arena = l->reading->arena;
	size_t unread = 0;

	for (size_t i = 0; i < l->listing->count; i++) {
		const struct verdict *v = &l->verdicts[i];

		if (v->reason == NULL || unread++ >= EXPORT_LAYOUT_UNREAD_MAX)
			continue;
		const struct str path =
			text_cut(str_of(v->path), LISTING_PATH_BYTES_MAX);
		struct import_file *file = add_file(set);

		file->kind = IMPORT_UNREAD;
		file->path = arena_strndup(arena, path.p, path.n);
		file->reason = v->reason;
	}
	if (unread <= EXPORT_LAYOUT_UNREAD_MAX)
		return;
	struct import_file *rest = add_file(set);
	rest->kind = IMPORT_UNREAD;
	rest->path = arena_printf(arena, "and %zu more",
	                          unread - EXPORT_LAYOUT_UNREAD_MAX);
	rest->reason = "they are not read either";
}

bool export_layout_choose(const struct reading *reading, const char *what,
                          struct listing *listing, struct import_set *set)
{
	const size_t count = listing->count;
	struct layout l = { .reading = reading,
		            .what = what,
		            .listing = listing };

	l.verdicts =
		arena_alloc(reading->arena, (count + 1) * sizeof(*l.verdicts));
	read_columns(&l);
	if (!choose_place(&l))
		return false;
	for (size_t i = 0; i < count; i++)
		judge(&l, i);
	settle(&l);
	set->files =
		arena_alloc(reading->arena, (count + 1) * sizeof(*set->files));
	if (!add_read(&l, set))
		return false;
	if (set->count == 0)
		return nothing_to_read(&l);
	add_unread(&l, set);
	return true;
}
