/* import/rows_field: what a field means, and what is wrong with it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "common/base/buf.h"
#include "tests/unit/reading_fixture.h"

#define STAR "\xe2\x98\x85"
#define HALF "\xc2\xbd"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_ratings),
		cmocka_unit_test(rejects_bad_rows_alone),
		cmocka_unit_test(rejects_long_fields_alone),
		cmocka_unit_test(takes_what_programs_make_of_a_row),
		cmocka_unit_test(takes_entries_with_one_date),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
