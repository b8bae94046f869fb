/* import/zip: what is listed, what is unpacked, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "api-server/import/zip.h"
#include "common/base/arena.h"
#include "tests/unit/zip_make.h"

#define MIB ((size_t)1 << 20)

static const struct import_limits limits = {
	.entries_max = 100,
	.entry_bytes_max = 8 << 20,
	.total_bytes_max = 12 << 20,
	.ratio_max = 100,
};

struct result {
	struct arena *arena;
	bool listed, unpacked;
	struct listing listing;
	struct upload_problem problem;
};

static bool take_cb(void *arg, const struct listing_file *file)
{
	(void)arg;
	(void)file;
	return true;
}

static const struct zip_files all_files = { .take = take_cb };

/* Bytes. The sanitizers' own allocator is not looked into. */
static size_t allocated(void)
{
	struct mallinfo2 info = mallinfo2();

	return info.uordblks + info.hblkhd;
}

/* Lists it, wants all of it, unpacks it. */
static struct result open_zip(struct str body)
{
	struct result r = { .arena = arena_new() };

	r.listed = zip_list(r.arena, body, &limits, &r.listing, &r.problem);
	if (!r.listed)
		return r;
	for (size_t i = 0; i < r.listing.count; i++)
		r.listing.files[i].wanted = true;
	r.unpacked = zip_unpack(r.arena, body, &limits, &r.listing, &all_files,
	                        &r.problem);
	return r;
}

static struct result open_made(struct zip_make *z)
{
	const struct str made = zip_make_end(z);
	char *exact = xmalloc(made.n);

	/* ASan sees a step over the end of it. */
	memcpy(exact, made.p, made.n);
	const struct result r = open_zip((struct str){ exact, made.n });
	free(exact);
	zip_make_deinit(z);
	return r;
}

static void assert_refused(struct result r, enum upload_problem_type type,
                           const char *word)
{
	assert_false(r.listed && r.unpacked);
	if (r.problem.type != type ||
	    strstr(r.problem.error.message, word) == NULL)
		fail_msg("%s: %s", upload_problem_name(r.problem.type),
		         r.problem.error.message);
	arena_free(&r.arena);
}

static void assert_file(const struct result *r, size_t i, const char *path,
                        const char *content)
{
	assert_true(i < r->listing.count);
	assert_string_equal(r->listing.files[i].path, path);
	assert_true(str_is(r->listing.files[i].content, content));
}

static void unpacks_as_letterboxd_packs(void **state)
{
	struct zip_make z;

	(void)state;
	zip_make_init(&z);
	zip_make_file(&z, "watched.csv", "Date,Name\r\n");
	zip_make_file(&z, "likes/films.csv", "");
	zip_make_file(&z, "lists/caf\xc3\xa9.csv", "x");
	struct result r = open_made(&z);
	assert_true(r.listed && r.unpacked);
	assert_int_equal(r.listing.count, 3);
	assert_file(&r, 0, "watched.csv", "Date,Name\r\n");
	assert_file(&r, 1, "likes/films.csv", "");
	assert_file(&r, 2, "lists/caf\xc3\xa9.csv", "x");
	arena_free(&r.arena);
}

static void unpacks_stored_entries(void **state)
{
	struct zip_make z;

	(void)state;
	zip_make_init(&z);
	zip_make_add(&z, &(struct zip_make_entry){ .name = "a.csv",
	                                           .content = STR_LIT("a"),
	                                           .stored = true,
	                                           .flags = ZIP_FLAG_UTF8 });
	zip_make_add(&z, &(struct zip_make_entry){ .name = "b.csv",
	                                           .content = STR_LIT("bb"),
	                                           .flags = ZIP_FLAG_UTF8 });
	struct result r = open_made(&z);
	assert_true(r.listed && r.unpacked);
	assert_file(&r, 0, "a.csv", "a");
	assert_file(&r, 1, "b.csv", "bb");
	arena_free(&r.arena);
}

static void leaves_out_what_packers_add(void **state)
{
	struct zip_make z;

	(void)state;
	zip_make_init(&z);
	zip_make_add(&z, &(struct zip_make_entry){
				 .name = "export/",
				 .content = STR_LIT(""),
				 .stored = true,
				 .flags = ZIP_FLAG_UTF8,
				 .mode = ZIP_FOLDER,
			 });
	zip_make_file(&z, "export/.DS_Store", "x");
	zip_make_file(&z, "__MACOSX/export/._diary.csv", "x");
	zip_make_file(&z, "__MACOSX/diary.csv", "x");
	zip_make_file(&z, ".git/diary.csv", "x");
	zip_make_file(&z, "export/Thumbs.db", "x");
	zip_make_file(&z, "export/lists/Desktop.ini", "x");
	zip_make_file(&z, "./export/diary.csv", "y");
	zip_make_file(&z, "export\\ratings.csv", "z");
	struct result r = open_made(&z);
	assert_true(r.listed && r.unpacked);
	assert_int_equal(r.listing.count, 2);
	assert_int_equal(r.listing.folders, 1);
	assert_file(&r, 0, "export/diary.csv", "y");
	assert_file(&r, 1, "export/ratings.csv", "z");
	arena_free(&r.arena);
}

static void unpacks_only_what_is_wanted(void **state)
{
	struct zip_make z;
	struct listing listing;
	struct upload_problem problem;
	struct arena *arena = arena_new();

	(void)state;
	zip_make_init(&z);
	zip_make_add(&z, &(struct zip_make_entry){ .name = "broken",
	                                           .content = STR_LIT("x"),
	                                           .wrong_crc = 1 });
	zip_make_file(&z, "b", "bb");
	zip_make_file(&z, "c", "cc");
	const struct str body = zip_make_end(&z);
	assert_true(zip_list(arena, body, &limits, &listing, &problem));
	listing.files[2].wanted = true;
	assert_true(zip_unpack(arena, body, &limits, &listing, &all_files,
	                       &problem));
	assert_null(listing.files[0].content.p);
	assert_null(listing.files[1].content.p);
	assert_true(str_is(listing.files[2].content, "cc"));
	zip_make_deinit(&z);
	arena_free(&arena);
}

static void refuses_paths_that_lead_elsewhere(void **state)
{
	static const struct {
		const char *path, *word;
	} rows[] = {
		{ "../../etc/passwd", "../../etc/passwd" },
		{ "a/../diary.csv", "leads out" },
		{ "..", "leads out" },
		{ "/etc/passwd", "slash" },
		{ "b/a\\diary.csv", "backslash" },
		{ "..\\diary.csv", "leads out" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct zip_make z;

		zip_make_init(&z);
		zip_make_file(&z, "diary.csv", "x");
		zip_make_file(&z, rows[i].path, "x");
		assert_refused(open_made(&z), UPLOAD_BAD_PATH, rows[i].word);
	}
}

/* Two that look alike then are not one file twice. */
static void shows_names_in_other_charsets(void **state)
{
	static const char *const names[] = { "lists/caf\x82.csv",
		                             "lists/caf\x83.csv",
		                             "\x83\\ photo.jpg" };
	struct zip_make z;

	(void)state;
	zip_make_init(&z);
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		zip_make_add(&z, &(struct zip_make_entry){
					 .name = names[i],
					 .content = STR_LIT("x"),
					 .flags = ZIP_FLAG_DESCRIPTOR });
	zip_make_file(&z, "diary.csv", "y");
	struct result r = open_made(&z);
	assert_true(r.listed && r.unpacked);
	assert_int_equal(r.listing.count, 4);
	assert_file(&r, 0, "lists/caf\xef\xbf\xbd.csv", "x");
	assert_file(&r, 1, "lists/caf\xef\xbf\xbd.csv", "x");
	assert_non_null(strstr(r.listing.files[2].path, "photo.jpg"));
	assert_file(&r, 3, "diary.csv", "y");
	arena_free(&r.arena);
}

/* The beginnings of CSV files are there before anything is unpacked. */
static void looks_at_csv_files(void **state)
{
	struct listing listing;
	struct upload_problem problem;
	struct arena *arena = arena_new();
	struct zip_make z;
	char *blanks = xmalloc(MIB);

	(void)state;
	memset(blanks, ' ', MIB);
	zip_make_init(&z);
	zip_make_file(&z, "small.CSV", "Date,Name");
	zip_make_file(&z, "note.txt", "x");
	zip_make_add(&z,
	             &(struct zip_make_entry){ .name = "large.csv",
	                                       .content = { blanks, MIB } });
	zip_make_add(&z, &(struct zip_make_entry){ .name = "odd.csv",
	                                           .content = STR_LIT("x"),
	                                           .stored = true,
	                                           .flags = ZIP_FLAG_UTF8,
	                                           .method = 14 });
	zip_make_add(&z, &(struct zip_make_entry){ .name = "broken.csv",
	                                           .content = STR_LIT("x"),
	                                           .wrong_crc = 1 });
	zip_make_file(&z, "last.csv", "last");
	free(blanks);
	assert_true(
		zip_list(arena, zip_make_end(&z), &limits, &listing, &problem));
	assert_int_equal(listing.count, 6);
	assert_true(str_is(listing.files[0].head, "Date,Name"));
	assert_int_equal(listing.files[1].head.n, 0);
	assert_int_equal(listing.files[2].head.n, LISTING_HEAD_BYTES);
	assert_int_equal(listing.files[3].head.n, 0);
	assert_true(str_is(listing.files[5].head, "last"));
	zip_make_deinit(&z);
	arena_free(&arena);
}

/* Looking costs no more than unpacking may. */
static void stops_looking(void **state)
{
	struct listing listing;
	struct upload_problem problem;
	struct arena *arena = arena_new();
	struct zip_make z;
	char *blanks = xmalloc(MIB);
	char name[16];
	size_t looked_at = 0;

	(void)state;
	memset(blanks, ' ', MIB);
	zip_make_init(&z);
	for (int i = 0; i < 99; i++) {
		(void)snprintf(name, sizeof(name), "%d.csv", i);
		zip_make_add(
			&z, &(struct zip_make_entry){
				    .name = name, .content = { blanks, MIB } });
	}
	free(blanks);
	assert_true(
		zip_list(arena, zip_make_end(&z), &limits, &listing, &problem));
	for (size_t i = 0; i < listing.count; i++)
		looked_at += listing.files[i].head.n > 0;
	assert_true(looked_at >= 12 && looked_at < 99);
	zip_make_deinit(&z);
	arena_free(&arena);
}

static void refuses_long_paths(void **state)
{
	char path[402] = "";
	struct zip_make z;

	(void)state;
	memset(path, 'a', sizeof(path) - 1);
	zip_make_init(&z);
	zip_make_file(&z, path, "x");
	assert_refused(open_made(&z), UPLOAD_BAD_PATH, "too long");
}

static void takes_two_dots_in_a_name(void **state)
{
	struct zip_make z;

	(void)state;
	zip_make_init(&z);
	zip_make_file(&z, "lists/wait...-what.csv", "x");
	struct result r = open_made(&z);
	assert_true(r.listed && r.unpacked);
	arena_free(&r.arena);
}

static void refuses_links(void **state)
{
	struct zip_make z;

	(void)state;
	zip_make_init(&z);
	zip_make_add(
		&z, &(struct zip_make_entry){ .name = "diary.csv",
	                                      .content = STR_LIT("/etc/passwd"),
	                                      .stored = true,
	                                      .flags = ZIP_FLAG_UTF8,
	                                      .mode = ZIP_SYMLINK });
	assert_refused(open_made(&z), UPLOAD_BAD_PATH, "diary.csv");
}

static void refuses_a_name_twice(void **state)
{
	struct zip_make z;

	(void)state;
	zip_make_init(&z);
	zip_make_file(&z, "diary.csv", "x");
	zip_make_file(&z, "diary.csv", "y");
	assert_refused(open_made(&z), UPLOAD_DUPLICATE_FILE, "diary.csv");
}

static void refuses_encrypted_entries(void **state)
{
	/* `zip -P secret a.zip a.csv` of a file that holds "hello". */
	static const unsigned char encrypted[] = {
		0x50, 0x4b, 0x03, 0x04, 0x0a, 0x00, 0x09, 0x00, 0x00, 0x00,
		0x81, 0x1d, 0x77, 0x5d, 0x86, 0xa6, 0x10, 0x36, 0x11, 0x00,
		0x00, 0x00, 0x05, 0x00, 0x00, 0x00, 0x05, 0x00, 0x00, 0x00,
		0x61, 0x2e, 0x63, 0x73, 0x76, 0x23, 0x54, 0x64, 0x89, 0x97,
		0x5b, 0xcb, 0x2f, 0xa4, 0x6c, 0xa7, 0x34, 0x7b, 0xae, 0x65,
		0x33, 0x1b, 0x50, 0x4b, 0x07, 0x08, 0x86, 0xa6, 0x10, 0x36,
		0x11, 0x00, 0x00, 0x00, 0x05, 0x00, 0x00, 0x00, 0x50, 0x4b,
		0x01, 0x02, 0x1e, 0x03, 0x0a, 0x00, 0x09, 0x00, 0x00, 0x00,
		0x81, 0x1d, 0x77, 0x5d, 0x86, 0xa6, 0x10, 0x36, 0x11, 0x00,
		0x00, 0x00, 0x05, 0x00, 0x00, 0x00, 0x05, 0x00, 0x00, 0x00,
		0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0xa4, 0x81,
		0x00, 0x00, 0x00, 0x00, 0x61, 0x2e, 0x63, 0x73, 0x76, 0x50,
		0x4b, 0x05, 0x06, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x01,
		0x00, 0x33, 0x00, 0x00, 0x00, 0x44, 0x00, 0x00, 0x00, 0x00,
		0x00
	};
	struct zip_make z;

	(void)state;
	assert_refused(open_zip((struct str){ (const char *)encrypted,
	                                      sizeof(encrypted) }),
	               UPLOAD_ZIP_ENCRYPTED, "password");
	zip_make_init(&z);
	zip_make_file(&z, "diary.csv", "x");
	zip_make_add(&z,
	             &(struct zip_make_entry){ .name = "other.csv",
	                                       .content = STR_LIT("x"),
	                                       .flags = ZIP_FLAG_ENCRYPTED });
	assert_refused(open_made(&z), UPLOAD_ZIP_ENCRYPTED, "password");
}

static void refuses_unusual_packing(void **state)
{
	static const int methods[] = { 1, 9, 12, 14, 93, 95, 98 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
		struct zip_make z;

		zip_make_init(&z);
		zip_make_add(&z, &(struct zip_make_entry){
					 .name = "diary.csv",
					 .content = STR_LIT("hello"),
					 .stored = true,
					 .flags = ZIP_FLAG_UTF8,
					 .method = methods[i] });
		assert_refused(open_made(&z), UPLOAD_ZIP_METHOD, "diary.csv");
	}
}

static void refuses_many_entries_before_unpacking(void **state)
{
	struct zip_make z;
	char name[16];

	(void)state;
	zip_make_init(&z);
	for (int i = 0; i < 101; i++) {
		(void)snprintf(name, sizeof(name), "%d.csv", i);
		zip_make_file(&z, name, "x");
	}
	assert_refused(open_made(&z), UPLOAD_TOO_MANY_ENTRIES, "101");
}

static void add_blanks(struct zip_make *z, const char *name, size_t len,
                       uint32_t claimed)
{
	char *blanks = xmalloc(len);

	memset(blanks, ' ', len);
	zip_make_add(z, &(struct zip_make_entry){ .name = name,
	                                          .content = { blanks, len },
	                                          .size = claimed });
	free(blanks);
}

static void refuses_bombs(void **state)
{
	static const struct {
		size_t first, second;
		uint32_t claimed; /* by the first; 0: the truth */
		bool ballast; /* a mebibyte, so that the ratio is harmless */
		const char *word;
	} rows[] = {
		{ 5 * MIB, 0, 1, false, "for a ZIP of this size" },
		{ 9 * MIB, 0, 1, true, "for one file" },
		{ 7 * MIB, 6 * MIB, 0, true, "for all files together" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct zip_make z;
		char *noise = xmalloc(MIB);

		zip_make_init(&z);
		memset(noise, 'n', MIB);
		if (rows[i].ballast)
			zip_make_add(&z, &(struct zip_make_entry){
						 .name = "ballast",
						 .content = { noise, MIB },
						 .stored = true,
						 .flags = ZIP_FLAG_UTF8 });
		free(noise);
		add_blanks(&z, "a", rows[i].first, rows[i].claimed);
		if (rows[i].second > 0)
			add_blanks(&z, "b", rows[i].second, 0);
		const size_t before = allocated();
		const struct result r = open_made(&z);
		/* Of two files the second one is still in its growth. */
		assert_true(allocated() < before + 17 * MIB);
		assert_refused(r, UPLOAD_ZIP_BOMB, rows[i].word);
	}
}

static void allows_small_files_any_ratio(void **state)
{
	struct zip_make z;
	char *blanks = xmalloc(3 * MIB);

	(void)state;
	memset(blanks, ' ', 3 * MIB);
	zip_make_init(&z);
	zip_make_add(&z, &(struct zip_make_entry){
				 .name = "a", .content = { blanks, 3 * MIB } });
	free(blanks);
	struct result r = open_made(&z);
	assert_true(r.listed && r.unpacked);
	assert_int_equal(r.listing.files[0].content.n, 3 * MIB);
	arena_free(&r.arena);
}

static void notices_damage(void **state)
{
	struct zip_make z;

	(void)state;
	zip_make_init(&z);
	zip_make_add(&z, &(struct zip_make_entry){ .name = "diary.csv",
	                                           .content = STR_LIT("hello"),
	                                           .wrong_crc = 1 });
	assert_refused(open_made(&z), UPLOAD_DAMAGED_ZIP, "diary.csv");
	assert_refused(open_zip(STR_LIT("PK\3\4")), UPLOAD_DAMAGED_ZIP,
	               "cut off");
	assert_refused(open_zip(STR_LIT("PK\3\4 and then something else")),
	               UPLOAD_DAMAGED_ZIP, "cut off");
}

/* Whatever is missing at the end, and whichever byte is changed, the answer is
 * some answer. */
static void survives_cuts_and_changes(void **state)
{
	struct zip_make z;

	(void)state;
	zip_make_init(&z);
	zip_make_file(&z, "watched.csv", "Date,Name\r\n");
	zip_make_file(&z, "diary.csv", "Date,Name,Year\r\n");
	const struct str whole = zip_make_end(&z);
	for (size_t n = 0; n < whole.n; n++) {
		char *copy = xmalloc(whole.n);

		memcpy(copy, whole.p, whole.n);
		struct result r = open_zip((struct str){ copy, n });
		assert_false(r.listed && r.unpacked);
		arena_free(&r.arena);
		copy[n] = (char)(copy[n] ^ 0x55);
		r = open_zip((struct str){ copy, whole.n });
		arena_free(&r.arena);
		free(copy);
	}
	zip_make_deinit(&z);
}

/* z's archive with more behind it, as its comment or not. */
static struct result open_with_tail(struct zip_make *z, size_t tail,
                                    bool comment)
{
	const struct str made = zip_make_end(z);
	char *whole = xmalloc(made.n + tail);

	memcpy(whole, made.p, made.n);
	memset(whole + made.n, 'c', tail);
	if (comment) {
		whole[made.n - 2] = (char)(tail & 0xff);
		whole[made.n - 1] = (char)(tail >> 8);
	}
	const struct result r = open_zip((struct str){ whole, made.n + tail });
	free(whole);
	zip_make_deinit(z);
	return r;
}

static void reads_what_has_more_behind_it(void **state)
{
	/* Where libarchive stops to look, and the most that a comment may be. */
	static const size_t tails[] = { 1,     16361, 16362, 16363,
		                        16384, 65535, MIB };

	(void)state;
	for (size_t i = 0; i < 2 * ARRAY_LEN(tails); i++) {
		const size_t tail = tails[i / 2];
		struct zip_make z;

		zip_make_init(&z);
		zip_make_file(&z, "diary.csv", "Date,Name");
		struct result r =
			open_with_tail(&z, tail, i % 2 == 0 && tail <= 65535);
		assert_true(r.listed && r.unpacked);
		assert_int_equal(r.listing.count, 1);
		assert_true(str_is(r.listing.files[0].content, "Date,Name"));
		arena_free(&r.arena);
	}
}

/* The record of an archive that is a file of one which was cut off is far from
 * the end, too. */
static void takes_no_archive_within_for_the_whole(void **state)
{
	struct zip_make inner;
	struct zip_make outer;

	(void)state;
	zip_make_init(&inner);
	zip_make_file(&inner, "diary.csv", "Date,Name");
	const struct str within = zip_make_end(&inner);
	char *pad = xcalloc(1, 40000);

	zip_make_init(&outer);
	zip_make_add(&outer, &(struct zip_make_entry){ .name = "inner.zip",
	                                               .content = within,
	                                               .stored = true });
	zip_make_add(&outer,
	             &(struct zip_make_entry){ .name = "pad.bin",
	                                       .content = { pad, 40000 },
	                                       .stored = true });
	const struct str made = zip_make_end(&outer);
	assert_refused(open_zip((struct str){ made.p, 30000 }),
	               UPLOAD_DAMAGED_ZIP, "cut off");
	struct result r = open_zip(made);
	assert_true(r.listed && r.unpacked);
	assert_int_equal(r.listing.count, 2);
	arena_free(&r.arena);
	zip_make_deinit(&outer);
	zip_make_deinit(&inner);
	free(pad);
}

/* What a file holds is no entry, though it looks like the begin of one. */
static void counts_entries_of_the_directory_alone(void **state)
{
	static const char signature[4] = { 'P', 'K', 1, 2 };
	static char signatures[4 * 5001];
	struct zip_make z;

	(void)state;
	for (size_t i = 0; i < sizeof(signatures); i += 4)
		memcpy(signatures + i, signature, sizeof(signature));
	zip_make_init(&z);
	zip_make_add(&z, &(struct zip_make_entry){
				 .name = "pad.bin",
				 .content = { signatures, sizeof(signatures) },
				 .stored = true });
	struct result r = open_made(&z);
	assert_true(r.listed && r.unpacked);
	assert_int_equal(r.listing.count, 1);
	arena_free(&r.arena);
}

static void knows_one(void **state)
{
	(void)state;
	assert_true(zip_is_one(STR_LIT("PK\3\4...")));
	assert_true(zip_is_one(STR_LIT("PK\5\6...")));
	assert_false(zip_is_one(STR_LIT("PK")));
	assert_false(zip_is_one(STR_LIT("")));
	assert_false(zip_is_one(STR_LIT("Date,Name")));
}

static void lists_an_empty_one(void **state)
{
	struct zip_make z;

	(void)state;
	zip_make_init(&z);
	struct result r = open_made(&z);
	assert_true(r.listed && r.unpacked);
	assert_int_equal(r.listing.count, 0);
	arena_free(&r.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unpacks_as_letterboxd_packs),
		cmocka_unit_test(unpacks_stored_entries),
		cmocka_unit_test(leaves_out_what_packers_add),
		cmocka_unit_test(unpacks_only_what_is_wanted),
		cmocka_unit_test(refuses_paths_that_lead_elsewhere),
		cmocka_unit_test(shows_names_in_other_charsets),
		cmocka_unit_test(looks_at_csv_files),
		cmocka_unit_test(stops_looking),
		cmocka_unit_test(refuses_long_paths),
		cmocka_unit_test(takes_two_dots_in_a_name),
		cmocka_unit_test(refuses_links),
		cmocka_unit_test(refuses_a_name_twice),
		cmocka_unit_test(refuses_encrypted_entries),
		cmocka_unit_test(refuses_unusual_packing),
		cmocka_unit_test(refuses_many_entries_before_unpacking),
		cmocka_unit_test(refuses_bombs),
		cmocka_unit_test(allows_small_files_any_ratio),
		cmocka_unit_test(notices_damage),
		cmocka_unit_test(survives_cuts_and_changes),
		cmocka_unit_test(reads_what_has_more_behind_it),
		cmocka_unit_test(takes_no_archive_within_for_the_whole),
		cmocka_unit_test(counts_entries_of_the_directory_alone),
		cmocka_unit_test(knows_one),
		cmocka_unit_test(lists_an_empty_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
