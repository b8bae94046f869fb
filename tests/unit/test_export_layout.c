/*
 * import/export_layout: which of many files are read, as what, and why the
 * others are not. Asked through upload_read(), as a form and as a ZIP.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "api-server/import/export_layout.h"
#include "api-server/import/upload.h"
#include "tests/unit/zip_make.h"

#define FILM  "Date,Name,Year,Letterboxd URI\r\n"
#define RATED "Date,Name,Year,Letterboxd URI,Rating\r\n"
#define DIARY                                                                  \
	"Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date\r\n"
#define UNDATED "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags\r\n"
#define REVIEW                                                                 \
	"Date,Name,Year,Letterboxd URI,Rating,Rewatch,Review,Tags,Watched "    \
	"Date\r\n"
#define PROFILE "Username,Favorite Films\r\nme,\r\n"
#define LIST                                                                   \
	"Letterboxd list export v7\r\nDate,Name,Tags,URL,Description\r\n"      \
	"2024-01-03,a,,,\r\n"

#define FILES_MAX 12

static const struct import_limits limits = {
	.entries_max = 400,
	.entry_bytes_max = 100000,
	.total_bytes_max = 1000000,
	.ratio_max = 100,
	.field_bytes_max = 10000,
	.row_bytes_max = 20000,
	.rows_max = 1000,
	.list_max = 10,
};

/* What was handed over. NULL ends the array. */
struct offered {
	const char *path, *content;
};

/* One file of the report. NULL: it has no reason; else words of it. */
struct wanted {
	enum import_kind kind;
	const char *path, *reason;
};

struct result {
	struct arena *arena;
	struct import_set set;
	struct upload_problem problem;
	bool ok;
};

static void add_part(struct buf *body, const char *path, struct str content)
{
	buf_printf(body,
	           "--xyz\r\nContent-Disposition: form-data; name=\"file\"; "
	           "filename=\"%s\"\r\n\r\n",
	           path);
	buf_add(body, content.p, content.n);
	buf_add_str(body, "\r\n");
}

static struct result read_body(const char *type, const char *name,
                               struct str body)
{
	struct result r = { .arena = arena_new() };
	const struct upload_source source = {
		.content_type = type,
		.file_name = name,
		.body = arena_strndup(r.arena, body.p, body.n),
		.len = body.n,
	};

	r.ok = upload_read(r.arena, &source, &limits, NULL, &r.set, &r.problem);
	return r;
}

static struct result end_form(struct buf *body, const char *name)
{
	buf_add_str(body, "--xyz--");
	const struct result r =
		read_body("multipart/form-data; boundary=xyz", name,
	                  (struct str){ body->data, body->len });
	buf_deinit(body);
	return r;
}

static struct result read_form(const struct offered *files)
{
	struct buf body;

	buf_init(&body, 1 << 20);
	for (; files->path != NULL; files++)
		add_part(&body, files->path, str_of(files->content));
	return end_form(&body, NULL);
}

static struct result read_zip(const struct offered *files)
{
	struct zip_make z;

	zip_make_init(&z);
	for (; files->path != NULL; files++)
		zip_make_file(&z, files->path, files->content);
	const struct result r = read_body("", NULL, zip_make_end(&z));
	zip_make_deinit(&z);
	return r;
}

static void assert_set(const struct result *r, const struct wanted *wanted,
                       const char *which)
{
	size_t n = 0;

	if (!r->ok)
		fail_msg("%s: %s", which, r->problem.error.message);
	for (; wanted[n].path != NULL; n++) {
		if (n == r->set.count)
			fail_msg("%s: %s is missing", which, wanted[n].path);
		const struct import_file *file = &r->set.files[n];

		assert_int_equal(file->ordinal, n);
		assert_string_equal(file->path, wanted[n].path);
		assert_int_equal(file->kind, wanted[n].kind);
		if (wanted[n].reason == NULL)
			assert_null(file->reason);
		else if (strstr(file->reason, wanted[n].reason) == NULL)
			fail_msg("%s: %s", file->path, file->reason);
	}
	assert_int_equal(r->set.count, n);
}

/* A listing of names is a listing of names, whatever it came in. */
static void reads_what_is_an_exports(void **state)
{
	static const struct {
		const char *what;
		struct offered files[FILES_MAX];
		struct wanted wanted[FILES_MAX];
	} rows[] = {
		{ "columns before names",
		  { { "Diary.csv", DIARY },
		    { "ratings (1).csv", RATED },
		    { "what I wrote.csv", REVIEW },
		    { "me.csv", PROFILE },
		    { "watched (1).csv", FILM },
		    { "watchlist - Copy.csv", FILM },
		    { "likes/mine.csv", FILM },
		    { "best.csv", LIST } },
		  { { IMPORT_DIARY, "Diary.csv", NULL },
		    { IMPORT_RATINGS, "ratings (1).csv", NULL },
		    { IMPORT_REVIEWS, "what I wrote.csv", NULL },
		    { IMPORT_PROFILE, "me.csv", NULL },
		    { IMPORT_WATCHED, "watched (1).csv", NULL },
		    { IMPORT_WATCHLIST, "watchlist - Copy.csv", NULL },
		    { IMPORT_LIKES, "likes/mine.csv", NULL },
		    { IMPORT_LIST, "lists/best.csv", NULL } } },
		{ "columns against names",
		  { { "ratings.csv", DIARY }, { "diary.csv", RATED } },
		  { { IMPORT_DIARY, "ratings.csv", NULL },
		    { IMPORT_RATINGS, "diary.csv", NULL } } },
		{ "a rating may stand in watched.csv",
		  { { "watched.csv", RATED }, { "x.csv", RATED } },
		  { { IMPORT_WATCHED, "watched.csv", NULL },
		    { IMPORT_RATINGS, "x.csv", NULL } } },
		{ "deleted/ and orphaned/ are known by their path",
		  { { "deleted/diary.csv", DIARY },
		    { "orphaned/diary.csv", DIARY },
		    { "orphaned/x.csv", DIARY } },
		  { { IMPORT_COUNTED, "deleted/diary.csv", NULL },
		    { IMPORT_ORPHANED_DIARY, "orphaned/diary.csv", NULL },
		    { IMPORT_UNREAD, "orphaned/x.csv", "does not lie" } } },
		{ "the exact name wins",
		  { { "ratings (1).csv", RATED },
		    { "Ratings.csv", RATED },
		    { "ratings.csv", RATED },
		    { "rated.csv", RATED } },
		  { { IMPORT_RATINGS, "ratings.csv", NULL },
		    { IMPORT_UNREAD, "ratings (1).csv",
		      "\"ratings.csv\" was read instead" },
		    { IMPORT_UNREAD, "Ratings.csv",
		      "\"ratings.csv\" was read instead" },
		    { IMPORT_UNREAD, "rated.csv",
		      "\"ratings.csv\" was read instead" } } },
		{ "two equally good ones: neither",
		  { { "ratings (1).csv", RATED },
		    { "ratings (2).csv", RATED },
		    { "x.csv", RATED },
		    { "diary.csv", DIARY } },
		  { { IMPORT_DIARY, "diary.csv", NULL },
		    { IMPORT_UNREAD, "ratings (1).csv", "more than one" },
		    { IMPORT_UNREAD, "ratings (2).csv", "more than one" },
		    { IMPORT_UNREAD, "x.csv", "ratings.csv" } } },
		{ "a copy of a list is no list of its own",
		  { { "lists/top (1).csv", LIST }, { "lists/top.csv", LIST } },
		  { { IMPORT_LIST, "lists/top.csv", NULL },
		    { IMPORT_UNREAD, "lists/top (1).csv", "was read" } } },
		{ "why they are not read",
		  { { "diary.csv", DIARY },
		    { "films I saw.csv", FILM },
		    { "poster.jpg", "x" },
		    { "all.xlsx", "x" },
		    { "page.html", "<html>" },
		    { "old.zip", "x" },
		    { "notes", "x" },
		    { "money.csv", "a,b\r\n" },
		    { "dust.csv", "\xff\xfe" },
		    { "undated.csv", UNDATED },
		    { "old/diary.csv", DIARY } },
		  { { IMPORT_DIARY, "diary.csv", NULL },
		    { IMPORT_UNREAD, "films I saw.csv",
		      "watched.csv, watchlist.csv or likes/films.csv" },
		    { IMPORT_UNREAD, "poster.jpg", "a picture" },
		    { IMPORT_UNREAD, "all.xlsx", "an Excel file; save it" },
		    { IMPORT_UNREAD, "page.html", "a saved web page" },
		    { IMPORT_UNREAD, "old.zip", "a ZIP" },
		    { IMPORT_UNREAD, "notes", "not a file of an export" },
		    { IMPORT_UNREAD, "money.csv", "nor its columns" },
		    { IMPORT_UNREAD, "dust.csv", "first line" },
		    { IMPORT_UNREAD, "undated.csv", "nor its columns" },
		    { IMPORT_UNREAD, "old/diary.csv", "lies in a folder" } } },
		{ "one folder around them",
		  { { "me/watched.csv", FILM },
		    { "me/lists/a.csv", LIST },
		    { "me/likes/films.csv", FILM },
		    { "me/x.png", "x" } },
		  { { IMPORT_WATCHED, "watched.csv", NULL },
		    { IMPORT_LIST, "lists/a.csv", NULL },
		    { IMPORT_LIKES, "likes/films.csv", NULL },
		    { IMPORT_UNREAD, "x.png", "picture" } } },
		{ "a stray file hides no export",
		  { { "watched.csv", FILM },
		    { "old/diary.csv", DIARY },
		    { "me/watched.csv", FILM },
		    { "me/diary.csv", DIARY } },
		  { { IMPORT_WATCHED, "watched.csv", NULL },
		    { IMPORT_DIARY, "diary.csv", NULL },
		    { IMPORT_UNREAD, "watched.csv",
		      "it lies outside of \"me/\", whose files are read" },
		    { IMPORT_UNREAD, "old/diary.csv", "outside of" } } },
		{ "what systems add is not named",
		  { { "me/watched.csv", FILM },
		    { "me/.DS_Store", "x" },
		    { "__MACOSX/me/._watched.csv", "x" },
		    { "me/Thumbs.db", "x" },
		    { "me/desktop.ini", "x" } },
		  { { IMPORT_WATCHED, "watched.csv", NULL } } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct result r = read_zip(rows[i].files);

		assert_set(&r, rows[i].wanted, rows[i].what);
		arena_free(&r.arena);
		r = read_form(rows[i].files);
		assert_set(&r, rows[i].wanted, rows[i].what);
		arena_free(&r.arena);
	}
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

static void refuses_what_means_two_things(void **state)
{
	static const struct {
		struct offered files[FILES_MAX];
		enum upload_problem_type problem;
		const char *word;
	} rows[] = {
		{ { { "a/watched.csv", FILM },
		    { "a/diary.csv", DIARY },
		    { "a/ratings.csv", RATED },
		    { "b/watched.csv", FILM },
		    { "b/diary.csv", DIARY } },
		  UPLOAD_NOT_AN_EXPORT,
		  "more than one export, in \"a/\" and \"b/\"" },
		{ { { "a/watched.csv", FILM }, { "b/diary.csv", DIARY } },
		  UPLOAD_NOT_AN_EXPORT,
		  "more than one export" },
		{ { { "seen.csv", FILM }, { "x.png", "x" } },
		  UPLOAD_UNNAMED_CSV,
		  "seen.csv: its columns do not say" },
		{ { { "ratings (1).csv", RATED },
		    { "rating_2.csv", RATED },
		    { "ratings_2.csv", RATED } },
		  UPLOAD_UNNAMED_CSV,
		  "more than one file may be the ratings.csv" },
		{ { { "x.png", "x" }, { "y.txt", "y" } },
		  UPLOAD_NOT_AN_EXPORT,
		  "holds no file of a Letterboxd export" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_refused(read_zip(rows[i].files), rows[i].problem,
		               rows[i].word);
		assert_refused(read_form(rows[i].files), rows[i].problem,
		               rows[i].word);
	}
}

static void names_at_most_200(void **state)
{
	struct zip_make z;
	char path[16];

	(void)state;
	zip_make_init(&z);
	zip_make_file(&z, "watched.csv", FILM);
	for (int i = 0; i < EXPORT_LAYOUT_UNREAD_MAX + 37; i++) {
		(void)snprintf(path, sizeof(path), "%d.jpg", i);
		zip_make_file(&z, path, "x");
	}
	struct result r = read_body("", NULL, zip_make_end(&z));
	assert_true(r.ok);
	assert_int_equal(r.set.count, 202);
	assert_string_equal(r.set.files[200].path, "199.jpg");
	assert_string_equal(r.set.files[201].path, "and 37 more");
	assert_int_equal(r.set.files[201].kind, IMPORT_UNREAD);
	zip_make_deinit(&z);
	arena_free(&r.arena);
}

/* The one whose name was no UTF-8 does not decide over the others. */
static void reads_beside_an_odd_name(void **state)
{
	static const struct wanted wanted[] = {
		{ IMPORT_WATCHED, "watched.csv", NULL },
		{ IMPORT_UNREAD, "caf\xef\xbf\xbd.jpg", "picture" },
		{ 0 }
	};
	struct zip_make z;

	(void)state;
	const struct str zip = zip_make_of(
		&z, "watched.csv", FILM,
		&(struct zip_make_entry){ .name = "caf\x82.jpg",
	                                  .content = STR_LIT("x"),
	                                  .flags = ZIP_FLAG_DESCRIPTOR });
	struct result r = read_body("", NULL, zip);
	assert_set(&r, wanted, "ZIP");
	zip_make_deinit(&z);
	arena_free(&r.arena);

	r = read_form((const struct offered[]){
		{ "caf\xe9.jpg", "x" }, { "watched.csv", FILM }, { 0 } });
	assert_set(&r, wanted, "form");
	arena_free(&r.arena);
}

/* Nor does one that is damaged, unless it is an export's by its name. */
static void reads_beside_a_damaged_file(void **state)
{
	static const char *const names[] = { "other.csv", "diary.csv" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct zip_make z;

		const struct str zip = zip_make_of(
			&z, "watched.csv", FILM,
			&(struct zip_make_entry){ .name = names[i],
		                                  .content = STR_LIT("x"),
		                                  .stored = true,
		                                  .flags = ZIP_FLAG_UTF8,
		                                  .method = 14 });
		struct result r = read_body("", NULL, zip);
		if (i == 0)
			assert_set(
				&r,
				(const struct wanted[]){
					{ IMPORT_WATCHED, "watched.csv", NULL },
					{ IMPORT_UNREAD, "other.csv",
			                  "cannot be read" },
					{ 0 } },
				names[i]);
		else
			assert_int_equal(r.problem.type, UPLOAD_ZIP_METHOD);
		zip_make_deinit(&z);
		arena_free(&r.arena);
	}
}

/* --- forms --- */

/* A ZIP, and beside it another file. */
static struct result read_zip_and(const char *path, struct str content)
{
	struct zip_make z;
	const struct str zip = zip_make_of(&z, "watched.csv", FILM, NULL);
	struct buf body;

	buf_init(&body, 1 << 20);
	add_part(&body, "a.zip", zip);
	add_part(&body, path, content);
	const struct result r = end_form(&body, NULL);
	if (r.ok)
		assert_true(str_eq(r.set.contents[0], zip));
	zip_make_deinit(&z);
	return r;
}

static void reads_a_zip_among_others(void **state)
{
	struct zip_make z;

	(void)state;
	struct result r = read_zip_and("a.png", STR_LIT("x"));
	assert_set(&r,
	           (const struct wanted[]){
			   { IMPORT_WATCHED, "watched.csv", NULL },
			   { IMPORT_UNREAD, "a.png", "a picture" },
			   { 0 } },
	           "picture");
	arena_free(&r.arena);
	assert_refused(read_zip_and("diary.csv", STR_LIT(DIARY)),
	               UPLOAD_NOT_AN_EXPORT,
	               "the ZIP \"a.zip\" and \"diary.csv\" beside it");
	assert_refused(read_zip_and("b.zip",
	                            zip_make_of(&z, "watched.csv", FILM, NULL)),
	               UPLOAD_NOT_AN_EXPORT, "more than one export");
	zip_make_deinit(&z);
}

static void names_the_upload(void **state)
{
	static const struct offered files[] = { { "me/diary.csv", DIARY },
		                                { "me/ratings.csv", RATED },
		                                { 0 } };
	struct buf body;

	(void)state;
	struct result r = read_form(files);
	assert_string_equal(r.set.file_name, "diary.csv and 1 more");
	assert_int_equal(r.set.content_count, 2);
	assert_true(str_is(r.set.contents[0], DIARY));
	assert_true(str_is(r.set.contents[1], RATED));
	arena_free(&r.arena);

	buf_init(&body, 10000);
	add_part(&body, files[0].path, str_of(files[0].content));
	add_part(&body, files[1].path, str_of(files[1].content));
	r = end_form(&body, "letterboxd-me");
	assert_string_equal(r.set.file_name, "letterboxd-me");
	arena_free(&r.arena);
}

/* A folder with one file is a folder all the same. */
static void reads_a_form_of_one_path(void **state)
{
	static const struct {
		struct offered files[2];
		struct wanted wanted[2];
	} rows[] = {
		{ { { "me/orphaned/diary.csv", DIARY } },
		  { { IMPORT_ORPHANED_DIARY, "orphaned/diary.csv", NULL } } },
		{ { { "lists/top.csv", LIST } },
		  { { IMPORT_LIST, "lists/top.csv", NULL } } },
		{ { { "C:\\me\\watchlist.csv", FILM } },
		  { { IMPORT_WATCHLIST, "watchlist.csv", NULL } } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct result r = read_form(rows[i].files);

		assert_set(&r, rows[i].wanted, rows[i].files[0].path);
		arena_free(&r.arena);
	}
}

static void holds_forms_to_the_limits(void **state)
{
	struct buf body;
	char path[32];
	const size_t most = (size_t)limits.entry_bytes_max;
	char *blanks = xmalloc(most);

	(void)state;
	memset(blanks, ' ', most);
	buf_init(&body, 1 << 22);
	add_part(&body, "ratings.csv", str_of(RATED));
	buf_add_str(&body, "--xyz\r\nContent-Disposition: form-data; "
	                   "filename=\"diary.csv\"\r\n\r\n" DIARY);
	buf_add(&body, blanks, most);
	buf_add_str(&body, "\r\n");
	assert_refused(end_form(&body, NULL), UPLOAD_TOO_LARGE, "100000");

	buf_init(&body, 1 << 22);
	for (int i = 0; i < 11; i++) {
		(void)snprintf(path, sizeof(path), "lists/%d.csv", i);
		add_part(&body, path, (struct str){ blanks, most });
	}
	assert_refused(end_form(&body, NULL), UPLOAD_TOO_MANY_LISTS, "11");

	buf_init(&body, 1 << 22);
	for (int i = 0; i < 10; i++) {
		(void)snprintf(path, sizeof(path), "lists/%d.csv", i);
		add_part(&body, path, (struct str){ blanks, most });
	}
	add_part(&body, "diary.csv", STR_LIT(DIARY));
	assert_refused(end_form(&body, NULL), UPLOAD_TOO_LARGE, "1000000");
	free(blanks);

	buf_init(&body, 1 << 22);
	for (int i = 0; i < 401; i++) {
		(void)snprintf(path, sizeof(path), "%d.csv", i);
		add_part(&body, path, STR_LIT("x"));
	}
	assert_refused(end_form(&body, NULL), UPLOAD_TOO_MANY_ENTRIES, "400");
	assert_refused(read_form((const struct offered[]){ { "a/x.csv", DIARY },
	                                                   { "a/x.csv", RATED },
	                                                   { 0 } }),
	               UPLOAD_DUPLICATE_FILE, "\"a/x.csv\" twice");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_is_an_exports),
		cmocka_unit_test(refuses_what_means_two_things),
		cmocka_unit_test(names_at_most_200),
		cmocka_unit_test(reads_beside_an_odd_name),
		cmocka_unit_test(reads_beside_a_damaged_file),
		cmocka_unit_test(reads_a_zip_among_others),
		cmocka_unit_test(names_the_upload),
		cmocka_unit_test(reads_a_form_of_one_path),
		cmocka_unit_test(holds_forms_to_the_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
