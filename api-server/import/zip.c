/*
 * libarchive's seeking ZIP reader, which goes by the central directory: the
 * local headers of an export hold no sizes. It reads the whole directory into
 * memory before it gives the first name, so the entries are counted before,
 * by the signature that each of them begins with. It looks for the record that
 * ends an archive in the last 16 KiB alone, so what follows that record, a long
 * comment mostly, is taken off.
 */
#include "api-server/import/zip.h"

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "api-server/import/seen.h"
#include "common/base/mem.h"

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */
/* Below this nothing is a bomb, however well it was packed. */
#define RATIO_FREE_BYTES ((int64_t)4 * 1024 * 1024)

/* The record that ends an archive, without its comment. */
#define END_BYTES     22
#define LOCATOR_BYTES 20
/* Where libarchive looks for it. */
#define END_REACH ((size_t)16 * 1024)

struct zip {
	struct arena *arena;
	struct str body;
	const struct import_limits *limits;
	struct upload_problem *problem;
	struct archive *archive;
	struct archive_entry *entry;
	size_t ordinal; /* of entry */
	int64_t unpacked;
	int64_t looked_at; /* bytes that came out for the heads */
	locale_t utf8;
	locale_t before;
};

/* An archive of nothing, which libarchive takes for none. */
static bool begins_with_its_end(struct str body)
{
	return str_starts(body, "PK\5\6");
}

bool zip_is_one(struct str body)
{
	return str_starts(body, "PK\3\4") || begins_with_its_end(body);
}

static bool damaged(const struct zip *zip, const char *path)
{
	const char *why = archive_error_string(zip->archive);

	return upload_problem_set(
		zip->problem, UPLOAD_DAMAGED_ZIP,
		"The ZIP is damaged%s%s (%s); download the export again",
		path != NULL ? " at " : "", path != NULL ? path : "",
		why != NULL ? why : "it cannot be read");
}

/* libarchive converts names into the charset of the thread's locale. */
static void locale_begin(struct zip *zip)
{
	zip->utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	ensure(zip->utf8 != (locale_t)0);
	zip->before = uselocale(zip->utf8);
}

static void locale_end(struct zip *zip)
{
	(void)uselocale(zip->before);
	freelocale(zip->utf8);
}

static bool zip_begin(struct zip *zip)
{
	locale_begin(zip);
	zip->archive = archive_read_new();
	ensure(zip->archive != NULL);
	ensure(archive_read_support_format_zip_seekable(zip->archive) ==
	       ARCHIVE_OK);
	if (archive_read_open_memory(zip->archive, zip->body.p, zip->body.n) ==
	    ARCHIVE_OK)
		return true;
	return upload_problem_set(
		zip->problem, UPLOAD_DAMAGED_ZIP,
		"The upload begins like a ZIP, but has not the directory that "
		"ends one; it may have been cut off: download the export again");
}

static void zip_end(struct zip *zip)
{
	(void)archive_read_free(zip->archive);
	locale_end(zip);
}

enum step {
	STEP_ENTRY,
	STEP_END,
	STEP_FAILED
};

static enum step next_entry(struct zip *zip)
{
	const int status = archive_read_next_header(zip->archive, &zip->entry);

	if (status == ARCHIVE_EOF)
		return STEP_END;
	if (status != ARCHIVE_OK && status != ARCHIVE_WARN) {
		(void)damaged(zip, NULL);
		return STEP_FAILED;
	}
	zip->ordinal++;
	return STEP_ENTRY;
}

/* --- the record at the end --- */

static uint32_t u32_at(const char *p)
{
	const unsigned char *b = (const unsigned char *)p;

	return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 |
	       (uint32_t)b[3] << 24;
}

/* Where the last such record begins that body has room for, at or behind from;
 * body.n: there is none. */
static size_t last_end(struct str body, size_t from)
{
	for (size_t at = body.n; at >= from + END_BYTES; at--) {
		if (memcmp(body.p + at - END_BYTES, "PK\5\6", 4) == 0)
			return at - END_BYTES;
	}
	return body.n;
}

/* Some versions do not look at the first byte that is within reach. */
static size_t reach_of(struct str body)
{
	return body.n > END_REACH ? body.n - END_REACH + 1 : 0;
}

/* The record says how long the directory right before it is, and where that
 * begins: an archive within another, cut off one does not fit. */
static bool fits_its_directory(struct str body, size_t end)
{
	return (size_t)u32_at(body.p + end + 12) + u32_at(body.p + end + 16) ==
	       end;
}

/* For as long as libarchive would find no record: without what is behind the
 * one that there is. */
static struct str without_tail(struct str body)
{
	size_t end = last_end(body, reach_of(body));
	struct str rest = { body.p, reach_of(body) + END_BYTES - 1 };

	if (end < body.n || body.n <= END_REACH)
		return body;
	while ((end = last_end(rest, 0)) < rest.n) {
		if (fits_its_directory(body, end))
			return (struct str){ body.p, end + END_BYTES };
		rest.n = end + END_BYTES - 1;
	}
	return body;
}

/* In the longer form (zip64) there is another record before it. */
static bool has_locator(struct str body, size_t end)
{
	return end >= LOCATOR_BYTES &&
	       memcmp(body.p + end - LOCATOR_BYTES, "PK\6\7", 4) == 0;
}

/* No entry that libarchive reads begins before: it takes the last record, and
 * goes forward from where that says, or from where the directory would be were
 * it right before the record. In the longer form it may begin anywhere. */
static size_t directory_begin(struct str body)
{
	const size_t end = last_end(body, 0);
	size_t said, before;

	if (end == body.n || has_locator(body, end) ||
	    u32_at(body.p + end + 12) > end)
		return 0;
	said = u32_at(body.p + end + 16);
	before = end - u32_at(body.p + end + 12);
	return said < before ? said : before;
}

static bool check_memory(const struct zip *zip, const char *path)
{
	return !arena_overflowed(zip->arena) ||
	       upload_problem_memory(zip->problem, zip->limits, path);
}

/* --- names --- */

static bool leads_out(const char *path)
{
	struct str rest = str_of(path);
	struct str step;

	while (str_cut(&rest, '/', &step)) {
		if (str_is(step, ".."))
			return true;
	}
	return false;
}

/* It was not UTF-8: two of them may look alike, and a character may hold the
 * byte of a backslash. */
static bool is_odd(const char *path)
{
	return strstr(path, REPLACEMENT) != NULL;
}

static bool check_path(const struct zip *zip, const char *path)
{
	const char *why = NULL;

	if (path[0] == '/')
		why = "begins with a slash";
	else if (strchr(path, '\\') != NULL && !is_odd(path))
		why = "holds a backslash";
	else if (leads_out(path))
		why = "leads out of its folder";
	else if (strlen(path) > LISTING_PATH_BYTES_MAX)
		why = "is too long";
	if (why == NULL)
		return true;
	return upload_problem_set(zip->problem, UPLOAD_BAD_PATH,
	                          "The name \"%.100s\" in the ZIP %s; upload "
	                          "the export as it was downloaded",
	                          path, why);
}

static bool check_entry(const struct zip *zip, const char *path)
{
	if (!check_path(zip, path))
		return false;
	if (archive_entry_is_encrypted(zip->entry))
		return upload_problem_set(
			zip->problem, UPLOAD_ZIP_ENCRYPTED,
			"The ZIP is encrypted; unpack it with its password and "
			"upload it packed without one");
	return true;
}

/* "./" in front is what some packers write. (Those of Windows that write
 * backslashes for slashes are taken care of by libarchive.) */
static const char *entry_path(const struct zip *zip)
{
	const char *path = archive_entry_pathname(zip->entry);

	if (path == NULL)
		return REPLACEMENT;
	if (strncmp(path, "./", 2) == 0)
		path += 2;
	return arena_utf8(zip->arena, path);
}

/* --- heads --- */

/* The two ways that every packer uses; the others can ask for any memory. */
static bool method_is_read(const struct zip *zip)
{
	const char *format = archive_format_name(zip->archive);

	return format != NULL && (strstr(format, "(deflation)") != NULL ||
	                          strstr(format, "(uncompressed)") != NULL);
}

/* How a file begins. One block comes out at a time, of 256 KiB at most. */
static struct str look(struct zip *zip)
{
	const void *block;
	size_t len;
	la_int64_t offset;

	if (zip->looked_at >= zip->limits->total_bytes_max ||
	    !method_is_read(zip) ||
	    archive_read_data_block(zip->archive, &block, &len, &offset) !=
	            ARCHIVE_OK)
		return STR_LIT("");
	zip->looked_at += (int64_t)len;
	if (len > LISTING_HEAD_BYTES)
		len = LISTING_HEAD_BYTES;
	return (struct str){ arena_strndup(zip->arena, block, len), len };
}

/* --- the directory --- */

static bool list_file(struct zip *zip, const char *path, struct seen *paths,
                      struct listing *listing)
{
	if (archive_entry_filetype(zip->entry) != AE_IFREG)
		return upload_problem_set(
			zip->problem, UPLOAD_BAD_PATH,
			"\"%.100s\" in the ZIP is a link, not a file; upload "
			"the export as it was downloaded",
			path);
	if (seen_add(paths, path, NULL, 0).count > 0 && !is_odd(path))
		return upload_problem_set(
			zip->problem, UPLOAD_DUPLICATE_FILE,
			"The ZIP holds \"%.100s\" twice; upload the export as "
			"it was downloaded",
			path);
	listing->files[listing->count++] = (struct listing_file){
		.path = path,
		.head = listing_is_csv(path) ? look(zip) : STR_LIT(""),
		.ordinal = zip->ordinal,
	};
	return true;
}

static bool list_all(struct zip *zip, struct seen *paths, size_t capacity,
                     struct listing *listing)
{
	enum step step;

	while ((step = next_entry(zip)) == STEP_ENTRY) {
		const char *path = entry_path(zip);

		if (!check_memory(zip, NULL) || !check_entry(zip, path))
			return false;
		if (path[0] == '\0' || listing_is_rubbish(path))
			continue;
		if (archive_entry_filetype(zip->entry) == AE_IFDIR) {
			listing->folders++;
			continue;
		}
		ensure(listing->count < capacity);
		if (!list_file(zip, path, paths, listing))
			return false;
	}
	if (step == STEP_FAILED)
		return false;
	if (archive_read_has_encrypted_entries(zip->archive) > 0)
		return upload_problem_set(zip->problem, UPLOAD_ZIP_ENCRYPTED,
		                          "The directory of the ZIP is "
		                          "encrypted; upload it without");
	return true;
}

/* At least as many as libarchive will find. */
static size_t count_entries(struct str body)
{
	static const char signature[] = { 'P', 'K', 1, 2 };
	const char *end = body.p + body.n;
	const char *p = body.p + directory_begin(body);
	size_t count = 0;

	while ((p = memmem(p, (size_t)(end - p), signature,
	                   sizeof(signature))) != NULL) {
		count++;
		p += sizeof(signature);
	}
	return count;
}

bool zip_list(struct arena *arena, struct str body,
              const struct import_limits *limits, struct listing *listing_r,
              struct upload_problem *problem)
{
	struct zip zip = { .arena = arena,
		           .body = without_tail(body),
		           .limits = limits,
		           .problem = problem };
	const size_t entries = count_entries(zip.body);

	if ((int64_t)entries > limits->entries_max)
		return upload_problem_set(
			problem, UPLOAD_TOO_MANY_ENTRIES,
			"The ZIP holds %zu entries; at most %lld are read",
			entries, (long long)limits->entries_max);
	*listing_r = (struct listing){ 0 };
	if (begins_with_its_end(body))
		return true;
	listing_r->files =
		arena_alloc(arena, entries * sizeof(*listing_r->files));

	struct seen *paths = seen_new(arena);
	const bool ok =
		zip_begin(&zip) && list_all(&zip, paths, entries, listing_r);
	zip_end(&zip);
	return ok;
}

/* --- content --- */

static bool check_method(const struct zip *zip, const char *path)
{
	const char *format = archive_format_name(zip->archive);

	if (method_is_read(zip))
		return true;
	return upload_problem_set(
		zip->problem, UPLOAD_ZIP_METHOD,
		"\"%.100s\" is packed in a way that is not read here (%s); "
		"pack the export as an ordinary ZIP",
		path, format != NULL ? format : "unknown");
}

static bool bomb(const struct zip *zip, const char *path, const char *what,
                 int64_t max)
{
	return upload_problem_set(
		zip->problem, UPLOAD_ZIP_BOMB,
		"The ZIP is refused: \"%.100s\" grows beyond %lld bytes when "
		"it is unpacked, the most %s",
		path, (long long)max, what);
}

/* What the whole of the archive may become, for its own size. */
static int64_t ratio_bytes_max(const struct zip *zip)
{
	int64_t max;

	if (__builtin_mul_overflow((int64_t)zip->body.n, zip->limits->ratio_max,
	                           &max))
		return INT64_MAX;
	return max > RATIO_FREE_BYTES ? max : RATIO_FREE_BYTES;
}

static bool check_sizes(const struct zip *zip, const char *path, int64_t file)
{
	const int64_t ratio_max = ratio_bytes_max(zip);

	if (file > zip->limits->entry_bytes_max)
		return bomb(zip, path, "for one file",
		            zip->limits->entry_bytes_max);
	if (zip->unpacked > zip->limits->total_bytes_max)
		return bomb(zip, path, "for all files together",
		            zip->limits->total_bytes_max);
	if (zip->unpacked > ratio_max)
		return bomb(zip, path, "for a ZIP of this size", ratio_max);
	return true;
}

/* What has come out of one file. */
struct content {
	char *bytes;
	size_t len;
	size_t capacity;
};

/* With room for a NUL behind it. check_sizes() has let the block in. */
static void add_block(struct zip *zip, struct content *c, const void *block,
                      size_t len)
{
	const size_t need = c->len + len + 1;
	const size_t most = (size_t)zip->limits->entry_bytes_max + 1;
	const size_t twice = 2 * c->capacity < most ? 2 * c->capacity : most;

	if (len == 0)
		return;
	if (need > c->capacity) {
		const size_t capacity = need > twice ? need : twice;
		char *larger = arena_regrow(zip->arena, c->bytes, c->capacity,
		                            capacity);

		if (larger == NULL)
			return;
		c->bytes = larger;
		c->capacity = capacity;
	}
	ensure(c->bytes != NULL);
	memcpy(c->bytes + c->len, block, len);
	c->len += len;
}

/* Gives back what of a large piece is not needed. */
static struct str finish(struct arena *arena, struct content *c)
{
	if (c->len == 0)
		return STR_LIT("");
	if (c->capacity > ARENA_BLOCK_BYTES && c->capacity > c->len + 1)
		c->bytes =
			arena_regrow(arena, c->bytes, c->capacity, c->len + 1);
	c->bytes[c->len] = '\0';
	return (struct str){ c->bytes, c->len };
}

static bool unpack_file(struct zip *zip, struct listing_file *file)
{
	struct content content = { 0 };
	const void *block;
	size_t len;
	la_int64_t offset;
	int status;

	if (!check_method(zip, file->path))
		return false;
	while ((status = archive_read_data_block(zip->archive, &block, &len,
	                                         &offset)) == ARCHIVE_OK) {
		zip->unpacked += (int64_t)len;
		if (!check_sizes(zip, file->path, (int64_t)(content.len + len)))
			return false;
		add_block(zip, &content, block, len);
		if (!check_memory(zip, file->path))
			return false;
	}
	if (status != ARCHIVE_EOF)
		return damaged(zip, file->path);
	file->content = finish(zip->arena, &content);
	return true;
}

static bool go_to(struct zip *zip, const struct listing_file *file)
{
	while (zip->ordinal < file->ordinal) {
		if (next_entry(zip) != STEP_ENTRY)
			return damaged(zip, file->path);
	}
	return true;
}

static bool unpack_wanted(struct zip *zip, struct listing *listing,
                          const struct zip_files *files)
{
	for (size_t i = 0; i < listing->count; i++) {
		struct listing_file *file = &listing->files[i];
		const struct arena_mark mark = arena_mark(zip->arena);

		if (!file->wanted)
			continue;
		if (!go_to(zip, file) || !unpack_file(zip, file) ||
		    !files->take(files->arg, file))
			return false;
		if (files->each) {
			file->content = STR_LIT("");
			arena_release(zip->arena, mark);
		}
	}
	return true;
}

bool zip_unpack(struct arena *arena, struct str body,
                const struct import_limits *limits, struct listing *listing,
                const struct zip_files *files, struct upload_problem *problem)
{
	struct zip zip = { .arena = arena,
		           .body = without_tail(body),
		           .limits = limits,
		           .problem = problem };

	if (listing->count == 0)
		return true;
	const bool ok = zip_begin(&zip) && unpack_wanted(&zip, listing, files);
	zip_end(&zip);
	return ok;
}
