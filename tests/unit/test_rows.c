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
#define STAR   "\xe2\x98\x85"
#define HALF   "\xc2\xbd"
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
	assert_string_equal(row->tags, "");
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
	assert_string_equal(row->tags, "a \"b\", c\\d,, e");
	assert_string_equal(row->watched_on, "2024-01-02");

	row = &file.rows[1];
	assert_string_equal(row->ref, "slug:alien");
	assert_string_equal(row->entry, "slug:alien/0");
	assert_int_equal(row->rating, 0);
	assert_false(row->rewatch);
	assert_string_equal(row->tags, "");
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
	assert_string_equal(file.rows[0].entry, "name:10944242239774905125");
	assert_string_equal(file.rows[1].entry, "name:10944241140263276914");
	assert_false(file.rows[0].linked);
	assert_int_equal(file.rows[1].outcome, IMPORT_OK);

	/* A review is an entry of its own name: it joins the diary's. */
	file = read_ok(&f, IMPORT_ORPHANED_REVIEWS, "orphaned/reviews.csv",
	               REVIEW "2024-01-03,Lost Film,1999,,,,x,,2024-01-02\n"
	                      "2024-01-03,Bare Review,,,,,x,,\n");
	assert_string_equal(file.rows[0].entry, "name:10944242239774905125");
	assert_string_equal(file.rows[1].entry, "name:8479991172260378302");

	/* The live diary has entries of its own. */
	(void)snprintf(text, sizeof(text), DIARY "%s", row);
	file = read_ok(&f, IMPORT_DIARY, "diary.csv", text);
	assert_int_equal(file.rows[0].outcome, IMPORT_OK);
	assert_string_equal(file.rows[0].entry, "name:15932246902157577304");
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
	assert_string_equal(file.rows[0].tags, "t");

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
		{ "0.5", 1 },
		{ "1", 2 },
		{ "1.5", 3 },
		{ "2", 4 },
		{ "2.5", 5 },
		{ "3", 6 },
		{ "3.5", 7 },
		{ "4", 8 },
		{ "4.5", 9 },
		{ "5", 10 },
		/* As programs write them. */
		{ "4.0", 8 },
		{ "4.", 8 },
		{ "4.50", 9 },
		{ "4,5", 9 },
		{ "4,0", 8 },
		{ " 4 ", 8 },
		/* As the site shows them. */
		{ STAR, 2 },
		{ STAR STAR STAR HALF, 7 },
		{ STAR STAR STAR STAR STAR, 10 },
		{ HALF, 1 },
		{ STAR STAR STAR STAR STAR HALF, 0 },
		{ STAR STAR STAR STAR STAR STAR, 0 },
		{ HALF STAR, 0 },
		{ HALF HALF, 0 },
		{ STAR " " STAR, 0 },
		{ "4" HALF, 0 },
		{ "6", 0 },
		{ "0", 0 },
		{ "0.0", 0 },
		{ "5.5", 0 },
		{ "4.25", 0 },
		{ "4,7", 0 },
		{ "4,5,0", 0 },
		{ "4.05", 0 },
		{ "-1", 0 },
		{ "04", 0 },
		{ ".5", 0 },
		{ "10", 0 },
		{ "", 0 },
		{ "4/5", 0 },
		{ "NaN", 0 },
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

/* One bad row among two good ones: it is rejected, and it alone. What can be
 * read of it says which one it was. */
static void rejects_bad_rows_alone(void **state)
{
	static const struct {
		struct str row;
		const char *word;
		bool identified;
	} rows[] = {
		{ BYTES(PREFIX BOXD "v,6,,,2024-01-02"), "\"6\"", true },
		{ BYTES(PREFIX BOXD "v,\"4,7\",,,2024-01-02"), "\"4,7\"",
		  true },
		{ BYTES("2024-02-30,Alien,1979," BOXD "v,,,,2024-01-02"),
		  "\"2024-02-30\"", true },
		{ BYTES(PREFIX BOXD "v,,,,2023-02-29"), "\"2023-02-29\"",
		  true },
		{ BYTES("1/29/2023,Alien,1979," BOXD "v,,,,2024-01-02"),
		  "Excel", true },
		{ BYTES(PREFIX BOXD "v,,,,1/29/2023"), "Excel", true },
		{ BYTES(PREFIX BOXD "v,,,,29.01.2023"), "Excel", true },
		{ BYTES(",Alien,1979," BOXD "v,,,,"), "no date", true },
		{ BYTES("2024-01-03,,1979," BOXD "v,,,,2024-01-02"), "no title",
		  true },
		{ BYTES("2024-01-03,Alien,abc," BOXD "v,,,,2024-01-02"),
		  "\"abc\"", true },
		{ BYTES("2024-01-03,Alien,1799," BOXD "v,,,,2024-01-02"),
		  "\"1799\"", true },
		{ BYTES("2024-01-03,Alien,2201," BOXD "v,,,,2024-01-02"),
		  "\"2201\"", true },
		{ BYTES("2024-01-03,Alien,79," BOXD "v,,,,2024-01-02"),
		  "\"79\"", true },
		{ BYTES("2024-01-03,Alien,01979," BOXD "v,,,,2024-01-02"),
		  "\"01979\"", true },
		{ BYTES("2024-01-03,Alien,1979.5," BOXD "v,,,,2024-01-02"),
		  "\"1979.5\" is not one from 1800 to 2200, of four digits",
		  true },
		{ BYTES("2024-01-03,Alien,\"1,979\"," BOXD "v,,,,2024-01-02"),
		  "\"1,979\"", true },
		{ BYTES(PREFIX BOXD "v,,Nope,,2024-01-02"), "Rewatch", true },
		{ BYTES(PREFIX BOXD "v,,1,,2024-01-02"), "Rewatch", true },
		/* The first fault is the reason. */
		{ BYTES("x,,abc," BOXD "v,6,1,,y"), "\"x\"", true },
		/* No link, or none of an entry, and yet not without one. */
		{ BYTES(PREFIX BOXD "a,,,,2024-01-02"), "one of a film",
		  false },
		{ BYTES(PREFIX BOXD "c,,,,2024-01-02"), "one of a list",
		  false },
		{ BYTES(PREFIX "https://letterboxd.com/film/alien/,,,,"
		               "2024-01-02"),
		  "one of a film", false },
		{ BYTES(PREFIX "https://example.org/a,,,,2024-01-02"),
		  "example.org", false },
		/* Without a link title, year and dates say which it was. */
		{ BYTES(PREFIX ",6,,,2024-01-02"), "\"6\"", true },
		{ BYTES("2024-01-03,Alien,abc,,,,,2024-01-02"), "\"abc\"",
		  false },
		{ BYTES("2024-01-03,,1979,,,,,2024-01-02"), "no title", false },
		{ BYTES("x,Alien,1979,,,,,2024-01-02"), "\"x\"", false },
		{ BYTES(PREFIX ",,,,x"), "\"x\"", false },
		/* Fields may be lost in the middle, or be those of two rows. */
		{ BYTES(PREFIX BOXD "v,,,2024-01-02"),
		  "7 fields, and the first line names 8; upload", false },
		{ BYTES(PREFIX BOXD "v,,,,2024-01-02,x"), "9 fields", false },
		{ BYTES(PREFIX BOXD "v,4,5,,,2024-01-02"),
		  "9 fields, and the first line names 8; a field that holds a "
		  "separator, as 4,5 does between commas, is put in quotes",
		  false },
		{ BYTES("x"), "1 fields", false },
		{ BYTES("\0\0\0"), "NUL bytes", false },
		{ BYTES("2024-01-03,Alien,1979"), "3 fields", false },
		/* The field alone is not text. */
		{ BYTES("2024-01-03,Al\xffien,1979," BOXD "v,,,,2024-01-02"),
		  "its Name is not UTF-8; save the file as \"CSV UTF-8\"",
		  true },
		{ BYTES("2024-01-03,Al\xed\xa0\x80,1979," BOXD
		        "v,,,,2024-01-02"),
		  "UTF-8", true },
		{ BYTES("2024-01-03,Al\0ien,1979," BOXD "v,,,,2024-01-02"),
		  "its Name holds a NUL", true },
		{ BYTES(PREFIX BOXD "v,,,\xff,2024-01-02"), "its Tags", true },
		{ BYTES(PREFIX BOXD "v\xff,,,,2024-01-02"),
		  "its Letterboxd URI", false },
		{ BYTES("2024-01-03,Al\"ien,1979," BOXD "v,,,,2024-01-02"),
		  "a quote in a field", false },
		{ BYTES("2024-01-03,\"Al\" ien,1979," BOXD "v,,,,2024-01-02"),
		  "behind a closing quote", false },
		{ BYTES(PREFIX BOXD "l,,,,2024-01-02"), "same entry as line 2",
		  true },
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
		if (file.rows[1].identified != rows[i].identified)
			fail_msg("identified: %s", rows[i].word);
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

/* --- what can mean only one thing --- */

/* All of them say the same entry. */
static void takes_what_programs_make_of_a_row(void **state)
{
	static const char *const texts[] = {
		DIARY PREFIX BOXD "b,4.5,Yes,\"t, u\",2024-01-02\n",
		/* Empty fields behind the last one, and a line of nothing. */
		DIARY PREFIX BOXD "b,4.5,Yes,\"t, u\",2024-01-02,,\n,,,,,,,\n",
		"Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched "
		"Date,,\n" PREFIX BOXD "b,4.5,Yes,\"t, u\",2024-01-02\n",
		"Date,Name,Year,Letterboxd URI,Watched Date,Rating,Rewatch,"
		"Tags,Mine\n" PREFIX BOXD "b,2024-01-02,4.5,Yes,\"t, u\"\n",
		/* A number with a fraction, a decimal comma, any case. */
		DIARY "2024-01-03,Alien,1979.0," BOXD
		      "b,4.50,YES,\"t, u\",2024-01-02\n",
		DIARY "2024-01-03,Alien,\"1979,0\"," BOXD
		      "b,\"4,5\",yes,\"t, u\",2024-01-02\n",
		DIARY " 2024-01-03 ,Alien, 1979 , " BOXD
		      "b ,\t4.5, Yes ,\"t, u\",2024-01-02 \r\n",
		/* Other separators. */
		"Date;Name;Year;Letterboxd URI;Rating;Rewatch;Tags;Watched "
		"Date\n2024-01-03;Alien;1979;" BOXD
		"b;4,5;Yes;t, u;2024-01-02\n",
		"Date\tName\tYear\tLetterboxd URI\tRating\tRewatch\tTags\t"
		"Watched Date\n2024-01-03\tAlien\t1979\t" BOXD
		"b\t4,5\tYes\tt, u\t2024-01-02\n",
		"sep=,\r\n" DIARY PREFIX BOXD "b,4.5,Yes,\"t, u\",2024-01-02\n",
		/* Links. */
		DIARY PREFIX "boxd.it/b,4.5,Yes,\"t, u\",2024-01-02\n",
		DIARY PREFIX BOXD "b/?x=1#y,4.5,Yes,\"t, u\",2024-01-02\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct fixture f;

		begin(&f);
		const struct import_file file =
			read_ok(&f, IMPORT_DIARY, "diary.csv", texts[i]);
		const struct import_row *row = &file.rows[0];

		assert_int_equal(file.count, 1);
		if (row->outcome != IMPORT_OK)
			fail_msg("%zu: %s", i, row->reason);
		assert_string_equal(row->date, "2024-01-03");
		assert_string_equal(row->title, "Alien");
		assert_int_equal(row->year, 1979);
		assert_string_equal(row->entry, "boxd:1");
		assert_int_equal(row->rating, 9);
		assert_true(row->rewatch);
		assert_string_equal(row->tags, "t, u");
		assert_string_equal(row->watched_on, "2024-01-02");
		assert_false(row->identified);
		end(&f);
	}
}

static void takes_entries_with_one_date(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	const struct import_file file = read_ok(
		&f, IMPORT_DIARY, "diary.csv",
		DIARY ",Alien,1979," BOXD "b,,No,,2024-01-02\n" PREFIX BOXD
		      "l,,no,\n,Alien,1979," BOXD "v,,,,\nx,Alien,1979," BOXD
		      "F,,,,2024-01-02\n");
	assert_int_equal(file.count, 4);
	assert_int_equal(file.rows[0].outcome, IMPORT_OK);
	assert_string_equal(file.rows[0].date, "2024-01-02");
	assert_string_equal(file.rows[0].watched_on, "2024-01-02");
	assert_false(file.rows[0].rewatch);
	assert_int_equal(file.rows[1].outcome, IMPORT_OK);
	assert_string_equal(file.rows[1].date, "2024-01-03");
	assert_null(file.rows[1].watched_on);
	assert_rejected(&file.rows[2], "no date");
	assert_rejected(&file.rows[3], "\"x\"");
	end(&f);

	/* Of a film the date says when it was marked. */
	begin(&f);
	assert_rejected(read_ok(&f, IMPORT_WATCHED, "watched.csv",
	                        FILM ",Alien,1979,\n")
	                        .rows,
	                "no date");
	end(&f);
}

/* A short row at the very end may be the beginning of a longer one. */
static void rejects_a_row_that_is_cut_off(void **state)
{
	static const struct {
		const char *text;
		bool rejected;
	} rows[] = {
		{ DIARY PREFIX BOXD "b,4\n", false },
		{ DIARY PREFIX BOXD "b,4", true },
		{ DIARY PREFIX BOXD "b,4,,,2024-01-02", false },
		{ REVIEW PREFIX BOXD "b,4,,well", true },
		{ REVIEW PREFIX BOXD "b,4,,well\n", false },
		{ REVIEW PREFIX BOXD "b,4,,2024-01-02\n", true },
		{ REVIEW PREFIX BOXD "b,4,,well,2024-01-02\n", true },
		{ RATED PREFIX BOXD "b\n", true },
		{ "Date,Name,Year,Letterboxd URI,,\n" PREFIX BOXD "a", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		static const enum import_kind kinds[] = {
			IMPORT_DIARY,   IMPORT_DIARY,   IMPORT_DIARY,
			IMPORT_REVIEWS, IMPORT_REVIEWS, IMPORT_REVIEWS,
			IMPORT_REVIEWS, IMPORT_RATINGS, IMPORT_WATCHED,
		};
		struct fixture f;

		begin(&f);
		const struct import_file file =
			read_ok(&f, kinds[i], "the.csv", rows[i].text);
		assert_int_equal(file.count, 1);
		if ((file.rows[0].outcome == IMPORT_REJECTED) !=
		    rows[i].rejected)
			fail_msg("%s", rows[i].text);
		if (rows[i].rejected)
			assert_rejected(&file.rows[0], " fields");
		end(&f);
	}
}

/* --- what is left of a rejected row --- */

static void keeps_which_film_it_was(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	const struct import_file file = read_ok(
		&f, IMPORT_RATINGS, "ratings.csv",
		RATED PREFIX BOXD "a,6\n"                /* 2: by its link */
				  "x,,abc," BOXD "k,4\n" /* 3: likewise */
		PREFIX ",6\n" /* 4: by title and year */
				  "2024-01-03,Alien,abc,,4\n" /* 5: not */
		PREFIX BOXD "b,4\n"                           /* 6: not */
		PREFIX BOXD "a,4\n"   /* 7: no repetition */
		PREFIX ",4\n"         /* 8: likewise */
		PREFIX BOXD "a,5\n"); /* 9: of line 7 */
	assert_int_equal(file.count, 8);
	assert_int_equal(file.unread, 5);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(file.rows[i].outcome, IMPORT_REJECTED);
	assert_true(file.rows[0].identified);
	assert_string_equal(file.rows[0].ref, "boxd:1");
	assert_true(file.rows[1].identified);
	assert_string_equal(file.rows[1].ref, "boxd:2");
	assert_true(file.rows[2].identified);
	assert_false(file.rows[2].linked);
	assert_string_equal(file.rows[2].title, "Alien");
	assert_int_equal(file.rows[2].year, 1979);
	assert_false(file.rows[3].identified);
	assert_false(file.rows[4].identified);
	assert_int_equal(file.rows[5].outcome, IMPORT_OK);
	assert_int_equal(file.rows[6].outcome, IMPORT_OK);
	assert_rejected(&file.rows[7], "same film as line 7");
	assert_true(file.rows[7].identified);
	end(&f);
}

static void keeps_which_entry_it_was(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	const struct import_file file =
		read_ok(&f, IMPORT_DIARY, "diary.csv",
	                DIARY PREFIX BOXD
	                "b,6,,,\n" PREFIX BOXD "b,4,,,\n" PREFIX
	                "https://letterboxd.com/me/film/alien/2/,6,,,\n"
	                /* Two by one name: each keeps its number. */
	                "2024-01-03,Lost Film,1999,,6,,,2024-01-02\n"
	                "2024-01-03,Lost Film,1999,,5,,,2024-01-02\n");
	assert_rejected(&file.rows[0], "\"6\"");
	assert_true(file.rows[0].identified);
	assert_string_equal(file.rows[0].entry, "boxd:1");
	assert_int_equal(file.rows[1].outcome, IMPORT_OK);
	assert_rejected(&file.rows[2], "\"6\"");
	assert_true(file.rows[2].identified);
	assert_string_equal(file.rows[2].entry, "slug:alien/2");
	assert_rejected(&file.rows[3], "\"6\"");
	assert_true(file.rows[3].identified);
	assert_string_equal(file.rows[3].entry, "name:15932246902157577304");
	assert_int_equal(file.rows[4].outcome, IMPORT_OK);
	assert_string_equal(file.rows[4].entry, "name:15932248001669205515");
	end(&f);
}

/* --- a file of which nothing is taken --- */

static void fails_for_a_file_that_cannot_be_read(void **state)
{
	static const struct {
		const char *text;
		const char *message; /* NULL: it is taken */
	} rows[] = {
		{ FILM, NULL },
		{ FILM "x,Alien,1979,\n" PREFIX "\n", NULL },
		{ FILM "1/2/2024,Alien,1979,\n",
		  "the.csv: its one row could not be read: the date "
		  "\"1/2/2024\" is not written YYYY-MM-DD; Excel and the like "
		  "rewrite dates when they save: upload the file as it was "
		  "downloaded" },
		{ FILM "2024-01-03,,1979,\n1/2/2024,A,1979,\n1\n"
		       "10/20/2024,\"B\",1979,\n2024-01-03,,1979,\n"
		       "\"\"\"/\",B,1979,\n",
		  "the.csv: none of its 6 rows could be read; 3 of them like "
		  "line 3: the date \"1/2/2024\" is not" },
		/* Numbers make no other cause. */
		{ FILM "1,2,3\n2024-01-03,,1979,\n1,2,3,4,5,6\n1,2\n",
		  "the.csv: none of its 4 rows could be read; 2 of them like "
		  "line 2: it has 3 fields" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct fixture f;

		begin(&f);
		struct import_file file =
			read_ok(&f, IMPORT_WATCHED, "the.csv", rows[i].text);
		assert_int_equal(reading_check_file(&f.reading, &file),
		                 rows[i].message == NULL);
		if (rows[i].message != NULL) {
			assert_int_equal(f.problem.type, UPLOAD_UNREADABLE_CSV);
			if (strstr(f.problem.error.message, rows[i].message) ==
			    NULL)
				fail_msg("%s", f.problem.error.message);
		}
		end(&f);
	}
}

/* A row that is there already was read. */
static void takes_a_file_of_repetitions(void **state)
{
	static const char text[] = DIARY PREFIX BOXD "b,,,,\n";
	struct fixture f;

	(void)state;
	begin(&f);
	(void)read_ok(&f, IMPORT_DIARY, "diary.csv", text);
	struct import_file file =
		read_ok(&f, IMPORT_ORPHANED_DIARY, "orphaned/diary.csv", text);
	assert_rejected(&file.rows[0], "same entry");
	assert_true(file.rows[0].identified);
	assert_int_equal(file.unread, 0);
	assert_true(reading_check_file(&f.reading, &file));
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
		{ IMPORT_WATCHED, BYTES("Date,\0\0\0\n"), "NUL bytes" },
		{ IMPORT_WATCHED, BYTES("D\0a\0t\0e\0,\0"),
		  "it is in UTF-16 and not in UTF-8; save it as" },
		{ IMPORT_WATCHED, BYTES("\0D\0a\0t\0e\0,"), "UTF-16" },
		{ IMPORT_WATCHED,
		  BYTES("\xff\xfe"
		        "D\0a\0"),
		  "UTF-16" },
		{ IMPORT_WATCHED, BYTES("\xfe\xff\0D\0a"), "UTF-16" },
		{ IMPORT_WATCHED, BYTES("\x89PNG\r\n"), "not UTF-8" },
		{ IMPORT_WATCHED, BYTES("Date;Name;Letterboxd URI\n"),
		  "\"Year\"" },
		{ IMPORT_WATCHED, BYTES("Date\tName\tYear\n"),
		  "\"Letterboxd URI\"" },
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
	                       STR_LIT("Date,Content,Comment\n,,x\n")));
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
		cmocka_unit_test(takes_what_programs_make_of_a_row),
		cmocka_unit_test(takes_entries_with_one_date),
		cmocka_unit_test(rejects_a_row_that_is_cut_off),
		cmocka_unit_test(keeps_which_film_it_was),
		cmocka_unit_test(keeps_which_entry_it_was),
		cmocka_unit_test(fails_for_a_file_that_cannot_be_read),
		cmocka_unit_test(takes_a_file_of_repetitions),
		cmocka_unit_test(refuses_unreadable_files),
		cmocka_unit_test(bounds_the_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
