/* What came in, opened layer by layer: form, ZIP, files, rows. */
#include "api-server/import/upload.h"

#include <string.h>
#include <strings.h>

#include "api-server/import/counted_file.h"
#include "api-server/import/csv_kind.h"
#include "api-server/import/export_layout.h"
#include "api-server/import/export_path.h"
#include "api-server/import/file_format.h"
#include "api-server/import/form_parts.h"
#include "api-server/import/list_file.h"
#include "api-server/import/listing.h"
#include "api-server/import/multipart.h"
#include "api-server/import/profile_file.h"
#include "api-server/import/reading.h"
#include "api-server/import/rows.h"
#include "api-server/import/rows_field.h"
#include "api-server/import/zip.h"

#define FILE_NAME_MAX 255

enum body_form {
	BODY_ANY, /* a ZIP or a CSV: its first bytes say it */
	BODY_ZIP,
	BODY_FORM
};

static const struct {
	const char *name;
	enum body_form form;
} media_types[] = {
	{ "", BODY_ANY },
	{ "application/octet-stream", BODY_ANY },
	{ "text/csv", BODY_ANY },
	{ "text/plain", BODY_ANY },
	{ "application/zip", BODY_ZIP },
	{ "application/x-zip-compressed", BODY_ZIP },
	{ "multipart/form-data", BODY_FORM },
};

/* What came in: one file, or several that are one import. */
struct content {
	struct str bytes; /* of the one */
	const char *name; /* of the one; said beside the body, of several */
	bool must_be_zip;
	struct listing parts; /* several; their heads are all of them */
};

static bool find_form(const char *content_type, enum body_form *form_r,
                      struct upload_problem *problem)
{
	struct str rest = str_of(content_type);
	struct str name;

	(void)str_cut(&rest, ';', &name);
	name = str_trim(name);
	for (size_t i = 0; i < ARRAY_LEN(media_types); i++) {
		if (name.n == strlen(media_types[i].name) &&
		    strncasecmp(name.p, media_types[i].name, name.n) == 0) {
			*form_r = media_types[i].form;
			return true;
		}
	}
	name = text_cut(name, 60);
	return upload_problem_set(
		problem, UPLOAD_UNSUPPORTED_TYPE,
		"A body of type \"%.*s\" is not read; send application/zip, "
		"text/csv or multipart/form-data",
		(int)name.n, name.p);
}

static bool is_empty(struct upload_problem *problem)
{
	return upload_problem_set(problem, UPLOAD_EMPTY_BODY,
	                          "Nothing was uploaded; send the ZIP of a "
	                          "Letterboxd export");
}

/* It is compared, shown and kept, so it must be text. */
static const char *usable_name(const char *name)
{
	return name != NULL && str_is_utf8(str_of(name)) ? name : "";
}

/* --- forms --- */

/* A form of one file is that file. In a folder it is part of an export. */
static bool take_single(struct content *content, struct upload_problem *problem)
{
	const struct listing_file *file = content->parts.files;

	if (content->parts.count == 0 || file->content.n == 0)
		return is_empty(problem);
	if (strchr(file->path, '/') != NULL)
		return true;
	content->bytes = file->content;
	if (file->path[0] != '\0')
		content->name = file->path;
	content->parts.count = 0;
	return true;
}

static bool open_form(struct arena *arena, const struct upload_source *source,
                      const struct import_limits *limits,
                      struct content *content, struct upload_problem *problem)
{
	struct multipart_form form;

	if (!multipart_read(arena, source->content_type, content->bytes, limits,
	                    &form, problem) ||
	    !form_parts_list(arena, &form, &content->parts, problem))
		return false;
	return content->parts.count > 1 || take_single(content, problem);
}

static bool open_content(struct arena *arena,
                         const struct upload_source *source,
                         const struct import_limits *limits,
                         struct content *content_r,
                         struct upload_problem *problem)
{
	const char *type =
		source->content_type != NULL ? source->content_type : "";
	enum body_form form;

	*content_r = (struct content){
		.bytes = { source->body, source->len },
		.name = usable_name(source->file_name),
	};
	if (!find_form(type, &form, problem))
		return false;
	if (source->len == 0)
		return is_empty(problem);
	content_r->must_be_zip = form == BODY_ZIP;
	return form != BODY_FORM ||
	       open_form(arena, source, limits, content_r, problem);
}

/* --- files --- */

static bool (*const readers[])(struct reading *, struct import_file *,
                               struct str) = {
	[IMPORT_WATCHED] = rows_read,
	[IMPORT_RATINGS] = rows_read,
	[IMPORT_DIARY] = rows_read,
	[IMPORT_REVIEWS] = rows_read,
	[IMPORT_WATCHLIST] = rows_read,
	[IMPORT_LIKES] = rows_read,
	[IMPORT_PROFILE] = profile_file_read,
	[IMPORT_LIST] = list_file_read,
	[IMPORT_ORPHANED_DIARY] = rows_read,
	[IMPORT_ORPHANED_REVIEWS] = rows_read,
	[IMPORT_COUNTED] = counted_file_read,
	[IMPORT_UNREAD] = NULL, /* nothing asks for it */
};
_Static_assert(ARRAY_LEN(readers) == IMPORT_KIND_COUNT,
               "a reader for each kind");

static bool read_file(struct reading *reading, struct import_file *file,
                      struct str text)
{
	if (!readers[file->kind](reading, file, text) ||
	    !reading_check_file(reading, file) || !rows_end(reading, file))
		return false;
	reading_hand_over(reading, file, true);
	return true;
}

/* The set has its files. */
static void begin(const struct reading *reading, const struct import_set *set)
{
	if (reading->taker != NULL)
		reading->taker->begin(reading->taker->arg, set);
}

/* The files of the set that are read come first, in the listing's order. */
struct walk {
	struct reading *reading;
	struct import_file *next;
};

static bool read_next(struct walk *walk, const struct listing_file *file)
{
	return read_file(walk->reading, walk->next++, file->content);
}

static bool read_next_cb(void *arg, const struct listing_file *file)
{
	return read_next(arg, file);
}

static bool read_wanted(struct reading *reading, const struct listing *listing,
                        struct import_set *set)
{
	struct walk walk = { reading, set->files };

	begin(reading, set);
	for (size_t i = 0; i < listing->count; i++) {
		if (listing->files[i].wanted &&
		    !read_next(&walk, &listing->files[i]))
			return false;
	}
	return true;
}

/* One file at a time, unless the set holds the rows, which point into them. */
static bool unpack_wanted(struct reading *reading, struct str zip,
                          struct listing *listing, struct import_set *set)
{
	struct walk walk = { reading, set->files };
	const bool each = reading->taker != NULL;
	struct arena *texts = reading->arena;

	if (each)
		texts = arena_new_beside(reading->arena,
		                         import_reserve_rows(reading->limits));
	if (texts == NULL)
		return upload_problem_memory(reading->problem, reading->limits,
		                             NULL);
	begin(reading, set);
	const bool ok =
		zip_unpack(texts, zip, reading->limits, listing,
	                   &(struct zip_files){ read_next_cb, &walk, each },
	                   reading->problem);
	if (each)
		arena_free(&texts);
	return ok;
}

/* --- one file --- */

/* beside: files of the upload that are named in the report and not read. */
static bool read_zip(struct reading *reading, struct str bytes,
                     const struct listing *beside, struct import_set *set)
{
	struct listing listing;

	if (!zip_list(reading->arena, bytes, reading->limits, &listing,
	              reading->problem))
		return false;
	listing_append(reading->arena, &listing, beside);
	set->archive = true;
	return export_layout_choose(reading, "The ZIP", &listing, set) &&
	       reading_check_memory(reading, NULL) &&
	       unpack_wanted(reading, bytes, &listing, set);
}

static bool check_size(const struct reading *reading, struct str csv)
{
	const int64_t max = reading->limits->entry_bytes_max;

	return (int64_t)csv.n <= max ||
	       upload_problem_set(
		       reading->problem, UPLOAD_TOO_LARGE,
		       "The CSV file has %zu bytes; at most %lld are "
		       "read",
		       csv.n, (long long)max);
}

static bool read_csv(struct reading *reading, const struct content *content,
                     struct import_set *set)
{
	struct import_file *file = arena_alloc(reading->arena, sizeof(*file));
	struct csv_kind kind;

	if (!check_size(reading, content->bytes) ||
	    !csv_kind_find(reading, content->name, content->bytes, &kind))
		return false;
	file->path = kind.path;
	file->kind = kind.kind;
	set->files = file;
	set->count = 1;
	begin(reading, set);
	return read_file(reading, file, content->bytes);
}

static bool not_a_zip(struct upload_problem *problem,
                      const struct file_format *format)
{
	if (format != NULL)
		return upload_problem_set(
			problem, UPLOAD_NOT_A_ZIP,
			"The upload is called a ZIP, but is %s; %s",
			format->called, format->todo);
	return upload_problem_set(
		problem, UPLOAD_NOT_A_ZIP,
		"The upload is called a ZIP, but does not begin as one; "
		"download the export from Letterboxd again");
}

static bool read_one(struct reading *reading, const struct content *content,
                     struct import_set *set)
{
	const struct listing nothing = { 0 };

	if (zip_is_one(content->bytes))
		return read_zip(reading, content->bytes, &nothing, set);

	const struct file_format *format = file_format_of_bytes(content->bytes);
	if (content->must_be_zip || listing_is_zip(content->name))
		return not_a_zip(reading->problem, format);
	if (format != NULL)
		return file_format_refuse(reading->problem, format);
	return read_csv(reading, content, set);
}

/* --- several files --- */

static bool check_sizes(const struct reading *reading,
                        const struct listing *parts)
{
	const int64_t max = reading->limits->total_bytes_max;
	int64_t total = 0;

	for (size_t i = 0; i < parts->count; i++) {
		const struct listing_file *file = &parts->files[i];

		if (!file->wanted)
			continue;
		if (!check_size(reading, file->content))
			return false;
		total += (int64_t)file->content.n;
	}
	return total <= max ||
	       upload_problem_set(reading->problem, UPLOAD_TOO_LARGE,
	                          "The CSV files have %lld bytes together; at "
	                          "most %lld are read",
	                          (long long)total, (long long)max);
}

static bool read_parts(struct reading *reading, struct listing *parts,
                       struct import_set *set)
{
	const struct listing_file *zip;

	if (!form_parts_find_zip(parts, &zip, reading->problem))
		return false;
	if (zip != NULL) {
		const struct listing beside =
			form_parts_without(reading->arena, parts, zip);

		set->contents = &zip->content;
		set->content_count = 1;
		return read_zip(reading, zip->content, &beside, set);
	}
	set->contents = form_parts_contents(reading->arena, parts);
	set->content_count = parts->count;
	return export_layout_choose(reading, "The upload", parts, set) &&
	       reading_check_memory(reading, NULL) &&
	       check_sizes(reading, parts) && read_wanted(reading, parts, set);
}

/* --- the whole --- */

static void drop_control_characters(char *text)
{
	char *out = text;

	for (const char *p = text; *p != '\0'; p++) {
		if ((unsigned char)*p >= 0x20 && *p != 0x7f)
			*out++ = *p;
	}
	*out = '\0';
}

/* What the upload is called: what was said, or the first of its files. */
static const char *name_said(struct arena *arena, const struct content *c)
{
	const struct listing *parts = &c->parts;
	const char *first;

	if (c->name[0] != '\0' || parts->count == 0)
		return c->name;
	first = export_path_base(parts->files[0].path);
	return parts->count == 1 ? first
	                         : arena_printf(arena, "%.200s and %zu more",
	                                        first, parts->count - 1);
}

static const char *shown_name(struct arena *arena, const struct content *c)
{
	const struct str base = text_cut(
		str_of(export_path_base(name_said(arena, c))), FILE_NAME_MAX);
	char *name = arena_strndup(arena, base.p, base.n);

	drop_control_characters(name);
	if (name[0] != '\0')
		return name;
	return zip_is_one(c->bytes) ? "upload.zip" : "upload.csv";
}

static bool read_content(struct reading *reading, struct content *content,
                         struct import_set *set)
{
	reading->set = set;
	return content->parts.count > 0
	               ? read_parts(reading, &content->parts, set)
	               : read_one(reading, content, set);
}

/* Rows that are taken live in an arena that is emptied time and again. */
static bool read_taken(struct reading *reading, struct content *content,
                       struct import_set *set)
{
	struct arena *rows = arena_new_beside(
		reading->arena, import_reserve_rows(reading->limits));

	if (rows == NULL)
		return upload_problem_memory(reading->problem, reading->limits,
		                             NULL);
	reading->row_arena = rows;
	const bool ok = read_content(reading, content, set);
	arena_free(&rows);
	return ok;
}

bool upload_read(struct arena *arena, const struct upload_source *source,
                 const struct import_limits *limits,
                 const struct row_taker *taker, struct import_set *set_r,
                 struct upload_problem *problem)
{
	struct content content;
	struct reading reading;

	if (!open_content(arena, source, limits, &content, problem))
		return false;
	struct str *bytes = arena_alloc(arena, sizeof(*bytes));
	*bytes = content.bytes;
	*set_r = (struct import_set){
		.file_name = shown_name(arena, &content),
		.contents = bytes,
		.content_count = 1,
	};
	reading_init(&reading, arena, limits, problem);
	reading.taker = taker;
	return taker != NULL ? read_taken(&reading, &content, set_r)
	                     : read_content(&reading, &content, set_r);
}
