/* What came in, opened layer by layer: form, ZIP, files, rows. */
#include "api-server/import/upload.h"

#include <string.h>
#include <strings.h>

#include "api-server/import/counted_file.h"
#include "api-server/import/csv_kind.h"
#include "api-server/import/export_path.h"
#include "api-server/import/list_file.h"
#include "api-server/import/multipart.h"
#include "api-server/import/profile_file.h"
#include "api-server/import/reading.h"
#include "api-server/import/rows.h"
#include "api-server/import/rows_field.h"
#include "api-server/import/zip.h"
#include "api-server/import/zip_layout.h"

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

/* The file itself, whatever it came in. */
struct content {
	struct str bytes;
	const char *name;
	bool must_be_zip;
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

static bool open_form(struct arena *arena, const char *content_type,
                      struct content *content, struct upload_problem *problem)
{
	struct multipart_file file;

	problem->type = UPLOAD_BAD_MULTIPART;
	if (!multipart_read(arena, content_type, content->bytes, &file,
	                    &problem->error))
		return false;
	content->bytes = file.content;
	if (file.name[0] != '\0')
		content->name = file.name;
	return content->bytes.n > 0 || is_empty(problem);
}

/* It is compared, shown and kept, so it must be text. */
static const char *usable_name(const char *name)
{
	return name != NULL && str_is_utf8(str_of(name)) ? name : "";
}

static bool open_content(struct arena *arena,
                         const struct upload_source *source,
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
	return form != BODY_FORM || open_form(arena, type, content_r, problem);
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
	return readers[file->kind](reading, file, text) &&
	       reading_check_file(reading, file);
}

static bool read_zip(struct reading *reading, const struct content *content,
                     struct import_set *set)
{
	struct zip_listing listing;

	if (!zip_list(reading->arena, content->bytes, reading->limits, &listing,
	              reading->problem) ||
	    !zip_layout_choose(reading, &listing, set) ||
	    !zip_unpack(reading->arena, content->bytes, reading->limits,
	                &listing, reading->problem))
		return false;
	for (size_t i = 0, n = 0; i < listing.count; i++) {
		if (!listing.files[i].wanted)
			continue;
		if (!read_file(reading, &set->files[n++],
		               listing.files[i].content))
			return false;
	}
	return true;
}

static bool read_csv(struct reading *reading, const struct content *content,
                     struct import_set *set)
{
	struct import_file *file = arena_alloc(reading->arena, sizeof(*file));

	if ((int64_t)content->bytes.n > reading->limits->entry_bytes_max)
		return upload_problem_set(
			reading->problem, UPLOAD_TOO_LARGE,
			"The CSV file has %zu bytes; at most %lld are read",
			content->bytes.n,
			(long long)reading->limits->entry_bytes_max);
	if (!csv_kind_find(reading, content->name, content->bytes, &file->path,
	                   &file->kind))
		return false;
	set->files = file;
	set->count = 1;
	return read_file(reading, file, content->bytes);
}

static bool not_a_zip(struct upload_problem *problem)
{
	return upload_problem_set(
		problem, UPLOAD_NOT_A_ZIP,
		"The upload is called a ZIP, but does not begin as one; "
		"download the export from Letterboxd again");
}

static bool read_content(struct reading *reading, const struct content *content,
                         struct import_set *set)
{
	if (zip_is_one(content->bytes))
		return read_zip(reading, content, set);
	if (content->must_be_zip || str_ends(str_of(content->name), ".zip"))
		return not_a_zip(reading->problem);
	return read_csv(reading, content, set);
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

static const char *shown_name(struct arena *arena, const struct content *c)
{
	const struct str base =
		text_cut(str_of(export_path_base(c->name)), FILE_NAME_MAX);
	char *name = arena_strndup(arena, base.p, base.n);

	drop_control_characters(name);
	if (name[0] != '\0')
		return name;
	return zip_is_one(c->bytes) ? "upload.zip" : "upload.csv";
}

bool upload_read(struct arena *arena, const struct upload_source *source,
                 const struct import_limits *limits, struct import_set *set_r,
                 struct upload_problem *problem)
{
	struct content content;
	struct reading reading;

	if (!open_content(arena, source, &content, problem))
		return false;
	*set_r = (struct import_set){
		.arena = arena,
		.file_name = shown_name(arena, &content),
		.content = content.bytes,
		.archive = zip_is_one(content.bytes),
	};
	reading_init(&reading, arena, limits, problem);
	reading.set = set_r;
	const bool ok = read_content(&reading, &content, set_r);
	reading_deinit(&reading);
	return ok;
}
