/* import/rows_header: which columns a file has, and rows that lack them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/reading_fixture.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_columns_by_name),
		cmocka_unit_test(reads_files_without_rows),
		cmocka_unit_test(rejects_a_row_that_is_cut_off),
		cmocka_unit_test(refuses_unreadable_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
