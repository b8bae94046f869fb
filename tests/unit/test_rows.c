/*
 * import/rows: what a file of each kind means row by row, and which rows are
 * rejected with which reason. Numbers of links and hashes were worked out in
 * Python.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "common/base/buf.h"
#include "tests/unit/reading_fixture.h"

/* STR_LIT() for the tables: a constant. */
#define BYTES(s)                                                               \
	{                                                                      \
		(s), sizeof(s) - 1                                             \
	}

#define FILM  "Date,Name,Year,Letterboxd URI\n"
#define RATED "Date,Name,Year,Letterboxd URI,Rating\n"
#define DIARY "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date\n"
#define REVIEW                                                                 \
	"Date,Name,Year,Letterboxd URI,Rating,Rewatch,Review,Tags,Watched Date\n"
#define BOXD   "https://boxd.it/"
#define PREFIX "2024-01-03,Alien,1979,"

static void reads_films(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	const struct import_file file = read_ok(
		&f, IMPORT_WATCHED, "watched.csv",
		FILM "2024-01-03,Alien,1979," BOXD "2a9q\r\n"
		     "2024-01-04,\" \xc3\x80, \"\"B\"\" \",,\r\n"
		     "2024-01-04,300,2007,https://letterboxd.com/film/300/\r\n"
		     "2013-05-25,Rubber,2010,"
		     "https://letterboxd.com/film/film:19619/\r\n");
	assert_int_equal(file.count, 4);
	for (size_t i = 0; i < file.count; i++)
		assert_int_equal(file.rows[i].outcome, IMPORT_OK);

	const struct import_row *row = &file.rows[0];
	assert_int_equal(row->line, 2);
	assert_null(row->reason);
	assert_string_equal(row->ref, "boxd:51568");
	assert_true(row->linked);
	assert_string_equal(row->title, "Alien");
	assert_int_equal(row->year, 1979);
	assert_string_equal(row->date, "2024-01-03");
	assert_null(row->watched_on);
	assert_null(row->entry);
	assert_null(row->review);
	assert_int_equal(row->rating, 0);
	assert_string_equal(row->tags, "{}");
	assert_true(str_is(row->raw, PREFIX BOXD "2a9q"));

	row = &file.rows[1];
	assert_int_equal(row->line, 3);
	assert_string_equal(row->ref, "");
	assert_false(row->linked);
	assert_string_equal(row->title, " \xc3\x80, \"B\" ");
	assert_int_equal(row->year, 0);
	assert_string_equal(file.rows[2].ref, "slug:300");
	assert_string_equal(file.rows[2].title, "300");
	/* The number of a film without a slug is its boxd.it number. */
	assert_string_equal(file.rows[3].ref, "boxd:19619");
	end(&f);
}

static void reads_diary_entries(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	const struct import_file file = read_ok(
		&f, IMPORT_DIARY, "diary.csv",
		DIARY PREFIX BOXD
		"aEh4eZ,4.5,Yes,\"a \"\"b\"\", c\\d,, e\",2024-01-02\n" PREFIX
		"https://letterboxd.com/me/film/alien/,,,,2024-01-02\n" PREFIX
		"https://letterboxd.com/me/film/alien/1/,,,,\n");
	assert_int_equal(file.count, 3);

	const struct import_row *row = &file.rows[0];
	assert_int_equal(row->outcome, IMPORT_OK);
	assert_string_equal(row->ref, "");
	assert_string_equal(row->entry, "boxd:975644964");
	assert_true(row->linked);
	assert_int_equal(row->rating, 9);
	assert_true(row->rewatch);
	assert_string_equal(row->tags, "{\"a \\\"b\\\"\",\"c\\\\d,\",\"e\"}");
	assert_string_equal(row->watched_on, "2024-01-02");

	row = &file.rows[1];
	assert_string_equal(row->ref, "slug:alien");
	assert_string_equal(row->entry, "slug:alien/0");
	assert_int_equal(row->rating, 0);
	assert_false(row->rewatch);
	assert_string_equal(row->tags, "{}");
	assert_string_equal(file.rows[2].entry, "slug:alien/1");
	assert_null(file.rows[2].watched_on);
	end(&f);
}

static void names_entries_without_a_link(void **state)
{
	static const char row[] = "2024-01-03,Lost Film,1999,,,,,2024-01-02\n";
	struct fixture f;
	char text[512];

	(void)state;
	begin(&f);
	(void)snprintf(text, sizeof(text), DIARY "%s%s", row, row);
	struct import_file file =
		read_ok(&f, IMPORT_ORPHANED_DIARY, "orphaned/diary.csv", text);
	assert_int_equal(file.count, 2);
	assert_string_equal(file.rows[0].entry, "name:15932246902157577304");
	assert_string_equal(file.rows[1].entry, "name:15932248001669205515");
	assert_false(file.rows[0].linked);
	assert_int_equal(file.rows[1].outcome, IMPORT_OK);

	/* A review is an entry of its own name: it joins the diary's. */
	file = read_ok(&f, IMPORT_ORPHANED_REVIEWS, "orphaned/reviews.csv",
	               REVIEW "2024-01-03,Lost Film,1999,,,,x,,2024-01-02\n"
	                      "2024-01-03,Bare Review,,,,,x,,\n");
	assert_string_equal(file.rows[0].entry, "name:15932246902157577304");
	assert_string_equal(file.rows[1].entry, "name:15747401494550144761");

	/* The live diary goes on counting where the other stopped. */
	(void)snprintf(text, sizeof(text), DIARY "%s", row);
	file = read_ok(&f, IMPORT_DIARY, "diary.csv", text);
	assert_int_equal(file.rows[0].outcome, IMPORT_OK);
	assert_string_not_equal(file.rows[0].entry,
	                        "name:15932246902157577304");
	assert_string_not_equal(file.rows[0].entry,
	                        "name:15932248001669205515");
	end(&f);
}

static void reads_reviews(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	const struct import_file file =
		read_ok(&f, IMPORT_REVIEWS, "reviews.csv",
	                REVIEW PREFIX BOXD
	                "b,,,\" <b>He</b> said\r\n\r\n\"\"x\"\" \",,"
	                "\r\n" PREFIX BOXD "l,0.5,,,,2024-01-01\r\n");
	assert_int_equal(file.count, 2);
	assert_string_equal(file.rows[0].review,
	                    " <b>He</b> said\r\n\r\n\"x\" ");
	assert_string_equal(file.rows[0].entry, "boxd:1");
	assert_int_equal(file.rows[1].line, 5);
	assert_int_equal(file.rows[1].rating, 1);
	assert_null(file.rows[1].review);
	end(&f);
}

static void finds_columns_by_name(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	struct import_file file =
		read_ok(&f, IMPORT_RATINGS, "ratings.csv",
	                "\xef\xbb\xbf"
	                "Rating,Extra,Letterboxd URI,Year,Name,Date\n"
	                "5,x," BOXD "a,1979,Alien,2024-01-03\n");
	assert_int_equal(file.rows[0].outcome, IMPORT_OK);
	assert_int_equal(file.rows[0].rating, 10);
	assert_string_equal(file.rows[0].title, "Alien");

	/* Before 2018 there was no Rewatch. */
	file = read_ok(
		&f, IMPORT_DIARY, "diary.csv",
		"Date,Name,Year,Letterboxd URI,Rating,Tags,Watched Date\n"
		"2013-06-08,Marty,1955,"
		"https://letterboxd.com/me/film/marty/,3,t,2013-06-07\n");
	assert_int_equal(file.rows[0].outcome, IMPORT_OK);
	assert_string_equal(file.rows[0].tags, "{\"t\"}");

	/* Somebody's watched.csv may have ratings. */
	file = read_ok(&f, IMPORT_WATCHED, "watched.csv",
	               RATED PREFIX BOXD "a,4\n");
	assert_int_equal(file.rows[0].rating, 8);
	file = read_ok(&f, IMPORT_LIKES, "likes/films.csv",
	               RATED PREFIX BOXD "a,4\n");
	assert_int_equal(file.rows[0].rating, 0);
	end(&f);
}

static void reads_files_without_rows(void **state)
{
	static const struct {
		enum import_kind kind;
		const char *text;
	} rows[] = {
		{ IMPORT_WATCHED, FILM },
		{ IMPORT_WATCHED, FILM "\n\r\n" },
		{ IMPORT_RATINGS, RATED },
		{ IMPORT_WATCHLIST, FILM },
		{ IMPORT_DIARY, DIARY },
		{ IMPORT_REVIEWS, REVIEW },
		{ IMPORT_WATCHED, "Date,Name,Year,Letterboxd URI" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct fixture f;

		begin(&f);
		assert_int_equal(
			read_ok(&f, rows[i].kind, "x.csv", rows[i].text).count,
			0);
		end(&f);
	}
}

static void reads_ratings(void **state)
{
	static const struct {
		const char *text;
		int rating; /* 0: rejected */
	} rows[] = {
		{ "0.5", 1 }, { "1", 2 },    { "1.5", 3 },
		{ "2", 4 },   { "2.5", 5 },  { "3", 6 },
		{ "3.5", 7 }, { "4", 8 },    { "4.5", 9 },
		{ "5", 10 },  { "4.0", 8 },  { "6", 0 },
		{ "0", 0 },   { "0.0", 0 },  { "5.5", 0 },
		{ "4,5", 0 }, { "4.25", 0 }, { "-1", 0 },
		{ "4.", 0 },  { ".5", 0 },   { "\xe2\x98\x85", 0 },
		{ "10", 0 },  { " 4", 0 },   { "", 0 },
		{ "4/5", 0 }, { "4.7", 0 },  { "NaN", 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct fixture f;
		char text[256];

		begin(&f);
		(void)snprintf(text, sizeof(text),
		               RATED PREFIX BOXD "a,\"%s\"\n", rows[i].text);
		const struct import_file file =
			read_ok(&f, IMPORT_RATINGS, "ratings.csv", text);
		if (rows[i].rating == 0)
			assert_rejected(&file.rows[0], "rating");
		else
			assert_int_equal(file.rows[0].rating, rows[i].rating);
		end(&f);
	}
}

/* One bad row among two good ones: it is rejected, and it alone. */
static void rejects_bad_rows_alone(void **state)
{
	static const struct {
		struct str row;
		const char *word;
	} rows[] = {
		{ BYTES(PREFIX BOXD "v,6,,,2024-01-02"), "\"6\"" },
		{ BYTES(PREFIX BOXD "v,\"4,5\",,,2024-01-02"), "\"4,5\"" },
		{ BYTES("2024-02-30,Alien,1979," BOXD "v,,,,2024-01-02"),
		  "\"2024-02-30\"" },
		{ BYTES(PREFIX BOXD "v,,,,2023-02-29"), "\"2023-02-29\"" },
		{ BYTES("1/29/2023,Alien,1979," BOXD "v,,,,2024-01-02"),
		  "Excel" },
		{ BYTES(PREFIX BOXD "v,,,,1/29/2023"), "Excel" },
		{ BYTES(",Alien,1979," BOXD "v,,,,2024-01-02"), "no date" },
		{ BYTES("2024-01-03,,1979," BOXD "v,,,,2024-01-02"),
		  "no title" },
		{ BYTES("2024-01-03,Alien,abc," BOXD "v,,,,2024-01-02"),
		  "\"abc\"" },
		{ BYTES("2024-01-03,Alien,1799," BOXD "v,,,,2024-01-02"),
		  "\"1799\"" },
		{ BYTES("2024-01-03,Alien,2201," BOXD "v,,,,2024-01-02"),
		  "\"2201\"" },
		{ BYTES("2024-01-03,Alien,79," BOXD "v,,,,2024-01-02"),
		  "\"79\"" },
		{ BYTES("2024-01-03,Alien,01979," BOXD "v,,,,2024-01-02"),
		  "\"01979\"" },
		{ BYTES(PREFIX BOXD "v,,No,,2024-01-02"), "Rewatch" },
		{ BYTES(PREFIX BOXD "v,,yes,,2024-01-02"), "Rewatch" },
		{ BYTES(PREFIX BOXD "a,,,,2024-01-02"), "one of a film" },
		{ BYTES(PREFIX BOXD "c,,,,2024-01-02"), "one of a list" },
		{ BYTES(PREFIX "https://letterboxd.com/film/alien/,,,,"
		               "2024-01-02"),
		  "one of a film" },
		{ BYTES(PREFIX "https://example.org/a,,,,2024-01-02"),
		  "example.org" },
		{ BYTES(PREFIX BOXD "v,,,2024-01-02"), "7 fields" },
		{ BYTES(PREFIX BOXD "v,,,,2024-01-02,"), "9 fields" },
		{ BYTES("x"), "1 fields" },
		{ BYTES("2024-01-03,Al\xffien,1979," BOXD "v,,,,2024-01-02"),
		  "UTF-8" },
		{ BYTES("2024-01-03,Al\xed\xa0\x80,1979," BOXD
		        "v,,,,2024-01-02"),
		  "UTF-8" },
		{ BYTES("2024-01-03,Al\0ien,1979," BOXD "v,,,,2024-01-02"),
		  "NUL" },
		{ BYTES("2024-01-03,Al\"ien,1979," BOXD "v,,,,2024-01-02"),
		  "a quote in a field" },
		{ BYTES("2024-01-03,\"Al\" ien,1979," BOXD "v,,,,2024-01-02"),
		  "behind a closing quote" },
		{ BYTES(PREFIX BOXD "l,,,,2024-01-02"),
		  "same entry as line 2" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct import_file file;
		struct fixture f;
		struct buf text;

		begin(&f);
		buf_init(&text, 10000);
		buf_add_str(&text, DIARY PREFIX BOXD "l,,,,2024-01-02\r\n");
		buf_add(&text, rows[i].row.p, rows[i].row.n);
		buf_add_str(&text, "\r\n" PREFIX BOXD "F,,,,2024-01-02\r\n");
		assert_true(read_kind(&f, &file, IMPORT_DIARY, "diary.csv",
		                      (struct str){ text.data, text.len }));
		assert_int_equal(file.count, 3);
		assert_int_equal(file.rows[0].outcome, IMPORT_OK);
		assert_rejected(&file.rows[1], rows[i].word);
		assert_int_equal(file.rows[1].line, 3);
		assert_true(str_eq(file.rows[1].raw, rows[i].row));
		assert_int_equal(file.rows[2].outcome, IMPORT_OK);
		assert_int_equal(file.rows[2].line, 4);
		buf_deinit(&text);
		end(&f);
	}
}

/* A field of 2,001 bytes where 2,000 are allowed, a title of 1,001. */
static void rejects_long_fields_alone(void **state)
{
	static const struct {
		size_t len;
		const char *word; /* NULL: it is taken */
	} rows[] = { { 1000, NULL },
		     { 1001, "title is longer" },
		     { 2001, "longer than 2000" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct import_file file;
		struct fixture f;
		struct buf text;

		begin(&f);
		buf_init(&text, 10000);
		buf_add_str(&text, FILM "2024-01-03,");
		for (size_t n = 0; n < rows[i].len; n++)
			buf_add_char(&text, 'x');
		buf_add_str(&text, ",1979," BOXD "a\n" PREFIX BOXD "k\n");
		assert_true(read_kind(&f, &file, IMPORT_WATCHED, "watched.csv",
		                      (struct str){ text.data, text.len }));
		assert_int_equal(file.count, 2);
		assert_int_equal(file.rows[1].outcome, IMPORT_OK);
		if (rows[i].word == NULL) {
			assert_int_equal(file.rows[0].outcome, IMPORT_OK);
		} else {
			assert_rejected(&file.rows[0], rows[i].word);
			assert_true(file.rows[0].raw.n <= ROW_RAW_MAX);
		}
		buf_deinit(&text);
		end(&f);
	}
}

static void rejects_the_same_film_twice(void **state)
{
	static const enum import_kind kinds[] = { IMPORT_WATCHED,
		                                  IMPORT_WATCHLIST,
		                                  IMPORT_LIKES };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		struct fixture f;

		begin(&f);
		const struct import_file file =
			read_ok(&f, kinds[i], "x.csv",
		                FILM PREFIX BOXD "a\n" PREFIX BOXD "k\n"
		                                 "2024-02-01,Other,," BOXD
		                                 "a\n" PREFIX "\n" PREFIX "\n"
		                                 "2024-01-03,Alien,,\n"
		                                 "2024-01-03,alien,1979,\n");
		assert_int_equal(file.count, 7);
		assert_int_equal(file.rows[1].outcome, IMPORT_OK);
		assert_rejected(&file.rows[2], "same film as line 2");
		assert_int_equal(file.rows[3].outcome, IMPORT_OK);
		assert_rejected(&file.rows[4], "same film as line 5");
		assert_int_equal(file.rows[5].outcome, IMPORT_OK);
		assert_int_equal(file.rows[6].outcome, IMPORT_OK);
		end(&f);
	}
}

static void rejects_an_entry_of_two_diaries(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	(void)read_ok(&f, IMPORT_DIARY, "diary.csv",
	              DIARY PREFIX BOXD "b,,,,\n");
	struct import_file file =
		read_ok(&f, IMPORT_ORPHANED_DIARY, "orphaned/diary.csv",
	                DIARY PREFIX BOXD "b,,,,\n");
	assert_rejected(&file.rows[0], "same entry as line 2 of diary.csv");
	file = read_ok(&f, IMPORT_REVIEWS, "reviews.csv",
	               REVIEW PREFIX BOXD "b,,,x,,\n");
	assert_int_equal(file.rows[0].outcome, IMPORT_OK);
	end(&f);
}

static void refuses_unreadable_files(void **state)
{
	static const struct {
		enum import_kind kind;
		struct str text;
		const char *word;
	} rows[] = {
		{ IMPORT_WATCHED, BYTES(""), "empty" },
		{ IMPORT_WATCHED, BYTES("\r\n\r\n"), "empty" },
		{ IMPORT_WATCHED, BYTES("\0\0\0\0\0\0"), "nothing but NUL" },
		{ IMPORT_WATCHED, BYTES("D\0a\0t\0e\0,\0"), "NUL bytes" },
		{ IMPORT_WATCHED, BYTES("\x89PNG\r\n"), "not UTF-8" },
		{ IMPORT_WATCHED, BYTES("Date;Name;Year;Letterboxd URI\n"),
		  "semicolons" },
		{ IMPORT_WATCHED, BYTES("Date\tName\tYear\n"), "tabs" },
		{ IMPORT_WATCHED, BYTES("Date,Title,Year,Letterboxd URI\n"),
		  "\"Title\"" },
		{ IMPORT_WATCHED, BYTES("Date,Name,Letterboxd URI\n"),
		  "\"Year\"" },
		{ IMPORT_WATCHED, BYTES("Date,name,Year,Letterboxd URI\n"),
		  "\"Name\"" },
		{ IMPORT_WATCHED, BYTES("Date,Name,Name,Year,Letterboxd URI\n"),
		  "two columns \"Name\"" },
		{ IMPORT_WATCHED, BYTES("Date,Na\"me\n"), "not CSV" },
		{ IMPORT_RATINGS, BYTES(FILM), "\"Rating\"" },
		{ IMPORT_DIARY, BYTES(RATED), "\"Watched Date\"" },
		{ IMPORT_REVIEWS, BYTES(DIARY), "\"Review\"" },
		{ IMPORT_WATCHED, BYTES("\"Date,Name"), "line 1" },
		{ IMPORT_WATCHED, BYTES(FILM PREFIX "\n2024-01-03,\"Al\n\n"),
		  "unclosed quote that began on line 3" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_unreadable(rows[i].kind, rows[i].text, rows[i].word);
}

static void bounds_the_rows(void **state)
{
	struct import_file file;
	struct fixture f;
	struct buf text;

	(void)state;
	begin(&f);
	buf_init(&text, 10000);
	buf_add_str(&text, FILM);
	for (int i = 0; i < 40; i++)
		buf_printf(&text, "2024-01-03,Film %d,,\n", i);
	assert_true(read_kind(&f, &file, IMPORT_WATCHED, "watched.csv",
	                      (struct str){ text.data, text.len }));
	assert_int_equal(file.count, 40);
	assert_string_equal(file.rows[39].title, "Film 39");
	/* The next row is one too many, in whatever file. */
	assert_false(read_kind(&f, &file, IMPORT_WATCHLIST, "watchlist.csv",
	                       STR_LIT(FILM PREFIX "\n")));
	assert_int_equal(f.problem.type, UPLOAD_TOO_MANY_ROWS);
	assert_false(read_kind(&f, &file, IMPORT_COUNTED, "comments.csv",
	                       STR_LIT("Date,Content,Comment\n,,\n")));
	buf_deinit(&text);
	end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_films),
		cmocka_unit_test(reads_diary_entries),
		cmocka_unit_test(names_entries_without_a_link),
		cmocka_unit_test(reads_reviews),
		cmocka_unit_test(finds_columns_by_name),
		cmocka_unit_test(reads_files_without_rows),
		cmocka_unit_test(reads_ratings),
		cmocka_unit_test(rejects_bad_rows_alone),
		cmocka_unit_test(rejects_long_fields_alone),
		cmocka_unit_test(rejects_the_same_film_twice),
		cmocka_unit_test(rejects_an_entry_of_two_diaries),
		cmocka_unit_test(refuses_unreadable_files),
		cmocka_unit_test(bounds_the_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
