/*
 * import/upload: from a request's body to rows, or to the one problem that is
 * named. Where real exports lie beside the checkout they are read as well.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "api-server/http/problem.h"
#include "api-server/import/upload.h"
#include "tests/unit/zip_make.h"

/* STR_LIT() for the tables: a constant. */
#define BYTES(s)                                                               \
	{                                                                      \
		(s), sizeof(s) - 1                                             \
	}

#define FILM  "Date,Name,Year,Letterboxd URI\r\n"
#define ALIEN "2024-01-03,Alien,1979,https://boxd.it/a\r\n"
#define RATED "Date,Name,Year,Letterboxd URI,Rating\r\n"
#define DIARY                                                                  \
	"Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date\r\n"
#define ENTRY "2024-01-03,Alien,1979,https://boxd.it/b,5,,,2024-01-02\r\n"
#define REVIEW                                                                 \
	"Date,Name,Year,Letterboxd URI,Rating,Rewatch,Review,Tags,Watched "    \
	"Date\r\n"
#define LIST                                                                   \
	"Letterboxd list export v7\r\nDate,Name,Tags,URL,Description\r\n"      \
	"2024-01-03,a,,,\r\n"

static const struct import_limits limits = {
	.entries_max = 50,
	.entry_bytes_max = 100000,
	.total_bytes_max = 1000000,
	.ratio_max = 100,
	.field_bytes_max = 10000,
	.row_bytes_max = 20000,
	.rows_max = 1000,
	.list_max = 2,
};

struct result {
	struct arena *arena;
	struct import_set set;
	struct upload_problem problem;
	bool ok;
};

static struct result upload(const char *type, const char *name, struct str body)
{
	struct result r = { .arena = arena_new() };
	const struct upload_source source = {
		.content_type = type,
		.file_name = name,
		.body = body.p,
		.len = body.n,
	};

	r.ok = upload_read(r.arena, &source, &limits, NULL, &r.set, &r.problem);
	return r;
}

static void assert_refused(struct result r, enum upload_problem_type type,
                           const char *word)
{
	if (r.ok)
		fail_msg("taken, where \"%s\" was expected", word);
	if (r.problem.type != type ||
	    strstr(r.problem.error.message, word) == NULL)
		fail_msg("%s: %s", upload_problem_name(r.problem.type),
		         r.problem.error.message);
	arena_free(&r.arena);
}

static void assert_taken(const struct result *r)
{
	if (!r->ok)
		fail_msg("%s: %s", upload_problem_name(r->problem.type),
		         r->problem.error.message);
}

static void assert_file(const struct result *r, size_t i, const char *path,
                        enum import_kind kind, size_t count)
{
	assert_true(i < r->set.count);
	const struct import_file *file = &r->set.files[i];

	assert_string_equal(file->path, path);
	assert_int_equal(file->ordinal, i);
	assert_int_equal(file->kind, kind);
	assert_int_equal(file->count, count);
}

static void reads_an_export(void **state)
{
	struct zip_make z;

	(void)state;
	zip_make_init(&z);
	zip_make_file(&z, "profile.csv", "Username,Favorite Films\r\nme,\r\n");
	zip_make_file(&z, "watched.csv", FILM ALIEN);
	zip_make_file(&z, "ratings.csv", RATED);
	zip_make_file(&z, "diary.csv", DIARY ENTRY);
	zip_make_file(&z, "reviews.csv", REVIEW);
	zip_make_file(&z, "watchlist.csv", FILM);
	zip_make_file(&z, "comments.csv", "Date,Content,Comment\r\n1,2,3\r\n");
	zip_make_file(&z, "deleted/diary.csv", DIARY ENTRY);
	zip_make_file(&z, "deleted/lists/b.csv", LIST);
	zip_make_file(&z, "orphaned/diary.csv", DIARY);
	zip_make_file(&z, "orphaned/reviews.csv", REVIEW);
	zip_make_file(&z, "orphaned/comments.csv", "Date,Content,Comment\r\n");
	zip_make_file(&z, "likes/films.csv", FILM ALIEN);
	zip_make_file(&z, "likes/reviews.csv", "Date,Content\r\n");
	zip_make_file(&z, "likes/lists.csv", "Date,Content\r\n");
	zip_make_file(&z, "lists/a.csv", LIST);
	zip_make_file(&z, "readme.txt", "not ours");
	zip_make_file(&z, "old/diary.csv", "not ours");
	zip_make_file(&z, "lists/deep/a.csv", "not ours");

	const struct str body = zip_make_end(&z);
	struct result r =
		upload("application/zip", "/tmp/my\nexport.zip", body);
	assert_taken(&r);
	assert_string_equal(r.set.file_name, "myexport.zip");
	assert_ptr_equal(r.set.contents[0].p, body.p);
	assert_int_equal(r.set.contents[0].n, body.n);
	assert_int_equal(r.set.count, 19);
	assert_file(&r, 0, "profile.csv", IMPORT_PROFILE, 0);
	assert_file(&r, 1, "watched.csv", IMPORT_WATCHED, 1);
	assert_file(&r, 2, "ratings.csv", IMPORT_RATINGS, 0);
	assert_file(&r, 3, "diary.csv", IMPORT_DIARY, 1);
	assert_file(&r, 4, "reviews.csv", IMPORT_REVIEWS, 0);
	assert_file(&r, 5, "watchlist.csv", IMPORT_WATCHLIST, 0);
	assert_file(&r, 6, "comments.csv", IMPORT_COUNTED, 1);
	assert_file(&r, 7, "deleted/diary.csv", IMPORT_COUNTED, 1);
	assert_file(&r, 8, "deleted/lists/b.csv", IMPORT_COUNTED, 0);
	assert_file(&r, 9, "orphaned/diary.csv", IMPORT_ORPHANED_DIARY, 0);
	assert_file(&r, 10, "orphaned/reviews.csv", IMPORT_ORPHANED_REVIEWS, 0);
	assert_file(&r, 11, "orphaned/comments.csv", IMPORT_COUNTED, 0);
	assert_file(&r, 12, "likes/films.csv", IMPORT_LIKES, 1);
	assert_file(&r, 13, "likes/reviews.csv", IMPORT_COUNTED, 0);
	assert_file(&r, 14, "likes/lists.csv", IMPORT_COUNTED, 0);
	assert_file(&r, 15, "lists/a.csv", IMPORT_LIST, 0);
	assert_file(&r, 16, "readme.txt", IMPORT_UNREAD, 0);
	assert_file(&r, 17, "old/diary.csv", IMPORT_UNREAD, 0);
	assert_file(&r, 18, "lists/deep/a.csv", IMPORT_UNREAD, 0);
	for (size_t i = 0; i < 16; i++)
		assert_null(r.set.files[i].reason);
	assert_string_equal(r.set.files[1].rows[0].title, "Alien");
	arena_free(&r.arena);
	zip_make_deinit(&z);
}

/* One ZIP of up to three names, all of them watched.csv by content. */
static struct result upload_names(const char *a, const char *b, const char *c)
{
	const char *const names[] = { a, b, c };
	struct zip_make z;

	zip_make_init(&z);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (names[i] != NULL)
			zip_make_file(&z, names[i], FILM ALIEN);
	}
	const struct result r = upload(NULL, NULL, zip_make_end(&z));
	zip_make_deinit(&z);
	return r;
}

static void strips_one_folder(void **state)
{
	(void)state;
	struct result r = upload_names("my export/watched.csv",
	                               "my export/likes/films.csv",
	                               "__MACOSX/my export/._watched.csv");
	assert_taken(&r);
	assert_string_equal(r.set.file_name, "upload.zip");
	assert_int_equal(r.set.count, 2);
	assert_file(&r, 0, "watched.csv", IMPORT_WATCHED, 1);
	assert_file(&r, 1, "likes/films.csv", IMPORT_LIKES, 1);
	arena_free(&r.arena);

	/* A folder of the export is no folder around it. */
	r = upload_names("likes/films.csv", NULL, NULL);
	assert_taken(&r);
	assert_file(&r, 0, "likes/films.csv", IMPORT_LIKES, 1);
	arena_free(&r.arena);

	/* The top, when as much lies there. */
	r = upload_names("copy/watchlist.csv", "watched.csv", NULL);
	assert_taken(&r);
	assert_int_equal(r.set.count, 2);
	assert_file(&r, 0, "watched.csv", IMPORT_WATCHED, 1);
	assert_file(&r, 1, "copy/watchlist.csv", IMPORT_UNREAD, 0);
	arena_free(&r.arena);

	assert_refused(upload_names("a/watched.csv", "b/watched.csv", NULL),
	               UPLOAD_NOT_AN_EXPORT, "more than one export");
	assert_refused(upload_names("a/b/watched.csv", "a/b/x.csv", "c.txt"),
	               UPLOAD_NOT_AN_EXPORT, "a/b/watched.csv, a/b/x.csv, c");
	assert_refused(upload_names(NULL, NULL, NULL), UPLOAD_NOT_AN_EXPORT,
	               "nothing");
	assert_refused(
		upload_names("lists/a.csv", "lists/b.csv", "lists/c.csv"),
		UPLOAD_TOO_MANY_LISTS, "3 lists");
}

static void fails_as_a_whole_for_one_file(void **state)
{
	struct zip_make z;

	(void)state;
	zip_make_init(&z);
	zip_make_file(&z, "x/watched.csv", FILM ALIEN);
	zip_make_file(&z, "x/diary.csv", "Date;Name;Year\r\n");
	assert_refused(upload("", "", zip_make_end(&z)), UPLOAD_UNREADABLE_CSV,
	               "diary.csv: it has no column \"Letterboxd URI\"");
	zip_make_deinit(&z);
}

static void reads_one_csv(void **state)
{
	static const struct {
		const char *type, *name, *body, *path, *file_name;
		enum import_kind kind;
	} rows[] = {
		{ "text/csv", "watched.csv", FILM, "watched.csv", "watched.csv",
		  IMPORT_WATCHED },
		{ "text/csv; charset=utf-8", "C:\\me\\watchlist.csv", FILM,
		  "watchlist.csv", "watchlist.csv", IMPORT_WATCHLIST },
		{ "Text/CSV", "likes/films.csv", FILM, "likes/films.csv",
		  "films.csv", IMPORT_LIKES },
		{ "text/plain", "films.csv", FILM, "likes/films.csv",
		  "films.csv", IMPORT_LIKES },
		{ NULL, "orphaned/diary.csv", DIARY, "orphaned/diary.csv",
		  "diary.csv", IMPORT_ORPHANED_DIARY },
		{ "", "diary.csv", DIARY, "diary.csv", "diary.csv",
		  IMPORT_DIARY },
		{ "", "comments.csv", "Date,Content,Comment\r\n",
		  "comments.csv", "comments.csv", IMPORT_COUNTED },
		/* By the columns. */
		{ "application/octet-stream", NULL, DIARY, "diary.csv",
		  "upload.csv", IMPORT_DIARY },
		{ "", "mine.csv", REVIEW, "reviews.csv", "mine.csv",
		  IMPORT_REVIEWS },
		{ "", "", RATED, "ratings.csv", "upload.csv", IMPORT_RATINGS },
		{ "", "\xff", RATED, "ratings.csv", "upload.csv",
		  IMPORT_RATINGS },
		{ "", NULL, "\xef\xbb\xbfUsername,Favorite Films\r\n",
		  "profile.csv", "upload.csv", IMPORT_PROFILE },
		{ "", "lists/best.csv", LIST, "lists/best.csv", "best.csv",
		  IMPORT_LIST },
		{ "", "best.csv", LIST, "lists/best.csv", "best.csv",
		  IMPORT_LIST },
		{ "", "best",
		  "\r\nDate,Name,Tags,URL,Description\r\n"
		  "2024-01-03,a,,,\r\n",
		  "lists/best.csv", "best", IMPORT_LIST },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct result r = upload(rows[i].type, rows[i].name,
		                         str_of(rows[i].body));

		assert_taken(&r);
		assert_int_equal(r.set.count, 1);
		assert_file(&r, 0, rows[i].path, rows[i].kind, 0);
		assert_string_equal(r.set.file_name, rows[i].file_name);
		arena_free(&r.arena);
	}
}

#define FORM "multipart/form-data; boundary=xyz"
#define PART(name)                                                              \
	"--xyz\r\nContent-Disposition: form-data; name=\"f\"; filename=\"" name \
	"\"\r\nContent-Type: application/vnd.ms-excel\r\n\r\n"

static void refuses_what_is_packed_as_a_zip(void **state)
{
	static const struct {
		const char *path, *word;
	} rows[] = {
		{ "xl/workbook.xml", "an Excel file" },
		{ "META-INF/manifest.xml", "an OpenDocument spreadsheet" },
		{ "Index/Document.iwa", "a Numbers file" },
	};
	struct zip_make z;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_refused(
			upload_names("[Content_Types].xml", rows[i].path, NULL),
			UPLOAD_NOT_AN_EXPORT, rows[i].word);
	zip_make_init(&z);
	zip_make_add(&z, &(struct zip_make_entry){ .name = "export/",
	                                           .content = STR_LIT(""),
	                                           .stored = true,
	                                           .flags = ZIP_FLAG_UTF8,
	                                           .mode = ZIP_FOLDER });
	assert_refused(upload("", "a.zip", zip_make_end(&z)),
	               UPLOAD_NOT_AN_EXPORT, "folders and no file");
	zip_make_deinit(&z);
}

static void reads_a_form(void **state)
{
	struct zip_make z;
	struct buf body;

	(void)state;
	struct result r =
		upload(FORM, "diary.csv",
	               STR_LIT(PART("watched.csv") FILM ALIEN "\r\n--xyz--"));
	assert_taken(&r);
	assert_file(&r, 0, "watched.csv", IMPORT_WATCHED, 1);
	assert_string_equal(r.set.file_name, "watched.csv");
	assert_true(str_is(r.set.contents[0], FILM ALIEN));
	arena_free(&r.arena);

	buf_init(&body, 100000);
	const struct str zip = zip_make_of(&z, "watched.csv", FILM ALIEN, NULL);
	buf_add_str(&body, PART("export.zip"));
	buf_add(&body, zip.p, zip.n);
	buf_add_str(&body, "\r\n--xyz--\r\n");
	r = upload(FORM, NULL, (struct str){ body.data, body.len });
	assert_taken(&r);
	assert_file(&r, 0, "watched.csv", IMPORT_WATCHED, 1);
	assert_true(str_eq(r.set.contents[0], zip));
	arena_free(&r.arena);
	buf_deinit(&body);
	zip_make_deinit(&z);
}

static void refuses_what_it_cannot_read(void **state)
{
	static const struct {
		const char *type, *name;
		struct str body;
		enum upload_problem_type problem;
		const char *word;
	} rows[] = {
		{ NULL, NULL, BYTES(""), UPLOAD_EMPTY_BODY, "Nothing" },
		{ "text/csv", "diary.csv", BYTES(""), UPLOAD_EMPTY_BODY,
		  "Nothing" },
		{ FORM, NULL, BYTES(""), UPLOAD_EMPTY_BODY, "Nothing" },
		{ FORM, NULL, BYTES(PART("a.zip") "\r\n--xyz--"),
		  UPLOAD_EMPTY_BODY, "Nothing" },
		{ "application/json", NULL, BYTES("{}"),
		  UPLOAD_UNSUPPORTED_TYPE, "application/json" },
		{ "application/zipx", NULL, BYTES("PK\3\4"),
		  UPLOAD_UNSUPPORTED_TYPE, "application/zipx" },
		{ FORM, NULL, BYTES(PART("a.zip") "x"), UPLOAD_BAD_MULTIPART,
		  "cut off" },
		{ "multipart/form-data", NULL, BYTES("x"), UPLOAD_BAD_MULTIPART,
		  "boundary" },
		{ "application/zip", NULL, BYTES(FILM), UPLOAD_NOT_A_ZIP,
		  "download" },
		{ "", "export.zip", BYTES("<html>"), UPLOAD_NOT_A_ZIP,
		  "a saved web page" },
		{ "", "export.zip", BYTES("Rar!\x1a\x07\1\0"), UPLOAD_NOT_A_ZIP,
		  "is a RAR archive; unpack it" },
		{ "application/zip", NULL, BYTES("PK\3\4..."),
		  UPLOAD_DAMAGED_ZIP, "cut off" },
		{ "application/zip", NULL,
		  BYTES("PK\5\6\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
		  UPLOAD_NOT_AN_EXPORT, "nothing" },
		{ "", NULL, BYTES(FILM ALIEN), UPLOAD_UNNAMED_CSV,
		  "watched.csv, watchlist.csv or likes/films.csv" },
		{ "", NULL, BYTES(LIST), UPLOAD_UNNAMED_CSV, "list" },
		{ "", NULL, BYTES("hello"), UPLOAD_NOT_AN_EXPORT, "hello" },
		{ "", "a.rar", BYTES("Rar!\x1a\x07\0"), UPLOAD_NOT_AN_EXPORT,
		  "a RAR archive" },
		{ "", "a", BYTES("7z\xbc\xaf\x27\x1c\0\4"),
		  UPLOAD_NOT_AN_EXPORT, "a 7z archive" },
		{ "", "a.csv.gz", BYTES("\x1f\x8b\x08\0"), UPLOAD_NOT_AN_EXPORT,
		  "a gzip archive" },
		{ "", "watched.csv", BYTES("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
		  UPLOAD_NOT_AN_EXPORT, "an Excel file, neither" },
		{ "", "x.pdf", BYTES("%PDF-1.7\n"), UPLOAD_NOT_AN_EXPORT,
		  "a PDF" },
		{ "", "a.html", BYTES("\xef\xbb\xbf\r\n <!DOCTYPE HTML>"),
		  UPLOAD_NOT_AN_EXPORT, "Settings, Data, Export your data" },
		{ "", "x.ods", BYTES("a,b\n"), UPLOAD_NOT_AN_EXPORT,
		  "save it as CSV UTF-8" },
		{ "", "a.txt", BYTES("a,b\n"), UPLOAD_NOT_AN_EXPORT, "a,b" },
		{ "", NULL,
		  BYTES("\x7f"
		        "ELF\0\0"),
		  UPLOAD_UNREADABLE_CSV, "NUL" },
		{ "", "diary.csv", BYTES("Date;Name\n"), UPLOAD_UNREADABLE_CSV,
		  "diary.csv: " },
		{ "", "mine.csv", BYTES("Date;Name\n"), UPLOAD_NOT_AN_EXPORT,
		  "Date;Name" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_refused(upload(rows[i].type, rows[i].name, rows[i].body),
		               rows[i].problem, rows[i].word);
}

static void refuses_a_large_csv(void **state)
{
	struct buf body;

	(void)state;
	buf_init(&body, 200000);
	buf_add_str(&body, FILM);
	while (body.len <= 100000)
		buf_add_str(&body, ALIEN);
	assert_refused(
		upload("", "watched.csv", (struct str){ body.data, body.len }),
		UPLOAD_TOO_LARGE, "100000");
	buf_deinit(&body);
}

static void cuts_long_names(void **state)
{
	char name[1024] = "";
	struct str body = STR_LIT(DIARY);

	(void)state;
	memset(name, 'n', sizeof(name) - 1);
	struct result r = upload("", name, body);
	assert_taken(&r);
	assert_int_equal(strlen(r.set.file_name), 255);
	arena_free(&r.arena);
	assert_refused(upload("", name, STR_LIT(LIST)), UPLOAD_UNNAMED_CSV,
	               "list");
	(void)snprintf(name, sizeof(name), "lists/%0*d.csv", 1000, 0);
	assert_refused(upload("", name, STR_LIT(LIST)), UPLOAD_UNNAMED_CSV,
	               "list");
}

static void names_kinds_and_problems(void **state)
{
	(void)state;
	assert_string_equal(import_kind_name(IMPORT_WATCHED), "watched");
	assert_string_equal(import_kind_name(IMPORT_COUNTED), "counted");
	for (int i = 0; i < IMPORT_KIND_COUNT; i++)
		assert_non_null(import_kind_name((enum import_kind)i));
	for (int i = 0; i < UPLOAD_PROBLEM_COUNT; i++) {
		const char *name =
			upload_problem_name((enum upload_problem_type)i);
		const int status = problem_find(name)->status;

		assert_true(status == 400 || status == 413 || status == 415 ||
		            status == 422);
	}
	assert_string_equal(upload_problem_name(UPLOAD_ZIP_BOMB), "zip-bomb");
}

/* --- real exports, where there are some -------------------------------------
 */

#define EXPORTS "../shared/data/exports/"

static const struct import_limits generous = {
	.entries_max = 1000,
	.entry_bytes_max = 16 << 20,
	.total_bytes_max = 64 << 20,
	.ratio_max = 200,
	.field_bytes_max = 256 << 10,
	.row_bytes_max = 512 << 10,
	.rows_max = 100000,
	.list_max = 100,
};

static bool read_export(const char *path, struct buf *body)
{
	char block[65536];
	FILE *file = fopen(path, "rb");
	size_t n;

	if (file == NULL)
		return false;
	while ((n = fread(block, 1, sizeof(block), file)) > 0)
		buf_add(body, block, n);
	(void)fclose(file);
	return true;
}

static size_t count_kind(const struct import_set *set, enum import_kind kind)
{
	size_t count = 0;

	for (size_t i = 0; i < set->count; i++)
		count += set->files[i].kind == kind ? set->files[i].count : 0;
	return count;
}

static size_t count_rejected(const struct import_set *set)
{
	size_t count = 0;

	for (size_t i = 0; i < set->count; i++) {
		const struct import_file *file = &set->files[i];

		for (size_t k = 0; file->rows != NULL && k < file->count; k++)
			count += file->rows[k].outcome == IMPORT_REJECTED;
	}
	return count;
}

/* The counts were made by an independent script (expected.json). */
static void reads_real_exports(void **state)
{
	static const struct {
		const char *path;
		size_t watched, ratings, diary, reviews, watchlist, likes;
	} rows[] = {
		{ EXPORTS "rewatchless-2025.zip", 1621, 673, 484, 0, 0, 225 },
		{ EXPORTS "rewatches-2021.zip", 671, 634, 806, 538, 314, 0 },
		{ EXPORTS "full-layout-2026.zip", 871, 521, 661, 557, 1252, 0 },
		{ EXPORTS "long-uris-2017.zip", 2667, 766, 514, 0, 0, 0 },
		{ EXPORTS "conflicts-2023.zip", 2675, 2455, 651, 411, 638, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena *arena = arena_new();
		struct upload_problem problem;
		struct import_set set;
		struct buf body;

		buf_init(&body, (size_t)1 << 24);
		if (!read_export(rows[i].path, &body)) {
			/* cmocka's TAP calls a skipped test a failure. */
			print_message("# no real exports here\n");
			buf_deinit(&body);
			arena_free(&arena);
			return;
		}
		assert_true(
			upload_read(arena,
		                    &(struct upload_source){ .body = body.data,
		                                             .len = body.len },
		                    &generous, NULL, &set, &problem));
		assert_int_equal(count_kind(&set, IMPORT_WATCHED),
		                 rows[i].watched);
		assert_int_equal(count_kind(&set, IMPORT_RATINGS),
		                 rows[i].ratings);
		assert_int_equal(count_kind(&set, IMPORT_DIARY), rows[i].diary);
		assert_int_equal(count_kind(&set, IMPORT_REVIEWS),
		                 rows[i].reviews);
		assert_int_equal(count_kind(&set, IMPORT_WATCHLIST),
		                 rows[i].watchlist);
		assert_int_equal(count_kind(&set, IMPORT_LIKES), rows[i].likes);
		assert_int_equal(count_rejected(&set), 0);
		buf_deinit(&body);
		arena_free(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_an_export),
		cmocka_unit_test(strips_one_folder),
		cmocka_unit_test(fails_as_a_whole_for_one_file),
		cmocka_unit_test(reads_one_csv),
		cmocka_unit_test(refuses_what_is_packed_as_a_zip),
		cmocka_unit_test(reads_a_form),
		cmocka_unit_test(refuses_what_it_cannot_read),
		cmocka_unit_test(refuses_a_large_csv),
		cmocka_unit_test(cuts_long_names),
		cmocka_unit_test(names_kinds_and_problems),
		cmocka_unit_test(reads_real_exports),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
