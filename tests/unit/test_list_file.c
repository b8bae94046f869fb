/* import/list_file, import/counted_file: lists, and what is only counted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "tests/unit/reading_fixture.h"

#define LIST_HEAD "Date,Name,Tags,URL,Description\r\n"
#define ITEMS     "Position,Name,Year,URL,Description\r\n"

static void reads_lists(void **state)
{
	static const char *const banners[] = { "Letterboxd list export v7\r\n",
		                               "Letterboxd list export v8\n",
		                               "\r\n", "" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(banners); i++) {
		struct fixture f;
		char text[1024];

		begin(&f);
		(void)snprintf(text, sizeof(text),
		               "%s" LIST_HEAD
		               "2025-09-23,test list,\"test tag, two\"," BOXD
		               "P00EU,\"desc\r\n\r\nline 2\"\r\n\r\n" ITEMS
		               "1,Weapons,2025," BOXD "EMTM,no notes\r\n"
		               "2,Alien,1979," BOXD "a,\"a\nb\"\r\n"
		               "2,Aliens,1986," BOXD "k,\r\n"
		               "0,Aliens,1986," BOXD "k,\r\n"
		               "3,Aliens,1986," BOXD "b,\r\n",
		               banners[i]);
		const struct import_file file =
			read_ok(&f, IMPORT_LIST, "lists/test-list.csv", text);
		const int line = banners[i][0] != '\0' ? 7 : 6;

		assert_string_equal(file.list.slug, "test-list");
		assert_string_equal(file.list.date, "2025-09-23");
		assert_string_equal(file.list.name, "test list");
		assert_string_equal(file.list.tags, "test tag, two");
		assert_string_equal(file.list.url, BOXD "P00EU");
		assert_string_equal(file.list.description,
		                    "desc\r\n\r\nline 2");
		assert_int_equal(file.count, 5);
		assert_int_equal(file.rows[0].line, line + 1);
		assert_int_equal(file.rows[0].position, 1);
		assert_string_equal(file.rows[0].ref, "boxd:972109");
		assert_string_equal(file.rows[0].review, "no notes");
		assert_string_equal(file.rows[1].review, "a\nb");
		assert_rejected(&file.rows[2], "same position as line");
		assert_rejected(&file.rows[3], "\"0\"");
		assert_rejected(&file.rows[4], "one of a diary entry");
		end(&f);
	}
}

static void reads_lists_without_much(void **state)
{
	static const char *const rests[] = { "", "\r\n", ("\r\n" ITEMS) };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rests); i++) {
		struct fixture f;
		char text[256];

		begin(&f);
		(void)snprintf(text, sizeof(text),
		               LIST_HEAD "2025-09-23,,,javascript:1,\r\n%s",
		               rests[i]);
		const struct import_file file =
			read_ok(&f, IMPORT_LIST, "lists/null-7.csv", text);
		assert_int_equal(file.count, 0);
		assert_string_equal(file.list.name, "null-7");
		assert_string_equal(file.list.url, "");
		assert_string_equal(file.list.tags, "");
		assert_null(file.list.description);
		end(&f);
	}
}

/* What spreadsheets make of a list: one width for both tables, or another
 * separator. */
static void reads_lists_of_spreadsheets(void **state)
{
	static const char *const texts[] = {
		"Letterboxd list export v7,,,,\r\n" LIST_HEAD
		"2024-01-01,Top,,,\r\n,,,,\r\n" ITEMS "1,Alien,1979," BOXD
		"a,\r\n2,\"Cure, 1\",1997," BOXD "k,note\r\n",
		/* Filled up to the width of an unknown column. */
		"Letterboxd list export v7,,,,,\r\n"
		"Date,Name,Tags,URL,Description,\r\n"
		"2024-01-01,Top,,,,\r\n,,,,,\r\n"
		"Position,Name,Year,URL,Description,Mine\r\n"
		"1,Alien,1979," BOXD "a,,\r\n2,\"Cure, 1\",1997," BOXD
		"k,note,x\r\n",
		/* The second table is the narrower one. */
		",,,,\r\n" LIST_HEAD "2024-01-01,Top,,,\r\n,,,,\r\n"
		"Description,Position,Name,Year,URL\r\n"
		",1.0,Alien,1979.0," BOXD "a\r\n"
		"note,2.0,\"Cure, 1\",1997.0," BOXD "k,,\r\n",
		/* Empty fields at the end are left out. */
		"\r\n" LIST_HEAD "2024-01-01,Top\r\n\r\n" ITEMS
		"1,Alien,1979," BOXD "a\r\n2,\"Cure, 1\",1997," BOXD
		"k,note\r\n",
		"Letterboxd list export v7\r\nDate;Name;Tags;URL;Description\r\n"
		"2024-01-01;Top;;;\r\n;;;;\r\n"
		"Position;Name;Year;URL;Description\r\n"
		"1;Alien;1979;" BOXD "a;\r\n2;Cure, 1;1997;" BOXD "k;note\r\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct fixture f;

		begin(&f);
		const struct import_file file =
			read_ok(&f, IMPORT_LIST, "lists/top.csv", texts[i]);
		if (file.reason != NULL)
			fail_msg("%zu: %s", i, file.reason);
		assert_string_equal(file.list.name, "Top");
		assert_string_equal(file.list.date, "2024-01-01");
		assert_int_equal(file.count, 2);
		assert_int_equal(file.unread, 0);
		assert_int_equal(file.rows[0].position, 1);
		assert_int_equal(file.rows[0].year, 1979);
		assert_string_equal(file.rows[0].ref, "boxd:1");
		assert_null(file.rows[0].review);
		assert_int_equal(file.rows[1].position, 2);
		assert_string_equal(file.rows[1].title, "Cure, 1");
		assert_string_equal(file.rows[1].ref, "boxd:2");
		assert_string_equal(file.rows[1].review, "note");
		end(&f);
	}
}

/* The position is what a rejected film of a list keeps. */
static void keeps_the_positions_of_rejected_films(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	const struct import_file file = read_ok(
		&f, IMPORT_LIST, "lists/a.csv",
		LIST_HEAD "2024-01-01,a,,,\r\n" ITEMS "1,Alien,abc," BOXD
			  "a,\r\n1,Alien,1979," BOXD "a,\r\n1,Cure,1997," BOXD
			  "k,\r\nx,Cure,1997," BOXD "k,\r\n2,Cure,1997\r\n");
	assert_int_equal(file.count, 5);
	assert_rejected(&file.rows[0], "\"abc\"");
	assert_true(file.rows[0].identified);
	assert_int_equal(file.rows[0].position, 1);
	/* It claimed nothing. */
	assert_int_equal(file.rows[1].outcome, IMPORT_OK);
	assert_rejected(&file.rows[2], "same position as line 5");
	assert_true(file.rows[2].identified);
	assert_rejected(&file.rows[3], "\"x\"");
	assert_false(file.rows[3].identified);
	/* The link is missing: it may have been lost. */
	assert_rejected(&file.rows[4], "3 fields");
	assert_false(file.rows[4].identified);
	assert_int_equal(file.unread, 3);
	end(&f);
}

static void assert_given_up(struct str text, const char *word)
{
	struct import_file file;
	struct fixture f;

	begin(&f);
	assert_true(read_kind(&f, &file, IMPORT_LIST, "lists/a.csv", text));
	assert_true(reading_check_file(&f.reading, &file));
	assert_non_null(file.reason);
	if (strstr(file.reason, word) == NULL ||
	    strstr(file.reason, "lists/a.csv") != NULL)
		fail_msg("%s: %s", word, file.reason);
	assert_int_equal(file.count, 0);
	assert_string_equal(file.list.slug, "a");

	f.set.count = 1;
	assert_false(reading_check_file(&f.reading, &file));
	assert_int_equal(f.problem.type, UPLOAD_UNREADABLE_CSV);
	if (strstr(f.problem.error.message, word) == NULL ||
	    strncmp(f.problem.error.message, "lists/a.csv: ", 13) != 0)
		fail_msg("%s: %s", word, f.problem.error.message);
	end(&f);
}

/* Each is given up alone, and fails an upload that has nothing else. */
static void gives_up_unreadable_lists(void **state)
{
	static const struct {
		struct str text;
		const char *word;
	} rows[] = {
		{ BYTES("Letterboxd list export v7\n"), "ends before" },
		{ BYTES("Date,Name,Year,Letterboxd URI\n"), "\"Tags\"" },
		{ BYTES(LIST_HEAD "x,a,,,\n"), "line 2, cannot be read" },
		{ BYTES(LIST_HEAD "2024-01-03\n"), "line 2, cannot be read" },
		{ BYTES(LIST_HEAD "2024-01-03,\xff,,,\n"), "UTF-8" },
		{ BYTES(""), "empty" },
		{ BYTES("\xff\xfeL\0"), "UTF-16" },
		{ BYTES(LIST_HEAD "\"2024-01-03,a\n"), "line 2" },
		{ BYTES(LIST_HEAD "2024-01-03,a,,,\n"
		                  "Position,Name,URL,Description\n"),
		  "\"Year\"" },
		{ BYTES(LIST_HEAD "2024-01-03,a,,,\n\"Position\n"), "line 3" },
		{ BYTES(LIST_HEAD "2024-01-03,a,,,\n" ITEMS "\"1\n"),
		  "line 4" },
		/* None of its films. */
		{ BYTES(LIST_HEAD "2024-01-03,a,,,\n" ITEMS "x,a,,,\ny,b,,,\n"
		                  "3,c,x,,\n"),
		  "none of its 3 rows could be read; 2 of them like line 4: the "
		  "position \"x\"" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_given_up(rows[i].text, rows[i].word);
}

static void counts_without_reading(void **state)
{
	static const struct {
		const char *path, *text;
		size_t count;
	} rows[] = {
		{ "comments.csv", "Date,Content,Comment\r\n", 0 },
		{ "comments.csv", "", 0 },
		{ "likes/reviews.csv", "Date,Content\n,a\n,\"b\n\n\"\n,c\n",
		  3 },
		{ "deleted/diary.csv", "Date\nx\ny\"\nz", 3 },
		{ "deleted/diary.csv", "Date\nx\n\"y\n", 1 },
		{ "deleted/lists/a.csv",
		  "\r\n" LIST_HEAD "2024-01-01,a,,,\r\n\r\n" ITEMS
		  "1,x,,,\r\n2,y,,,\r\n",
		  2 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct fixture f;

		begin(&f);
		const struct import_file file =
			read_ok(&f, IMPORT_COUNTED, rows[i].path, rows[i].text);
		assert_int_equal(file.count, rows[i].count);
		assert_null(file.rows);
		end(&f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_lists),
		cmocka_unit_test(reads_lists_without_much),
		cmocka_unit_test(reads_lists_of_spreadsheets),
		cmocka_unit_test(keeps_the_positions_of_rejected_films),
		cmocka_unit_test(gives_up_unreadable_lists),
		cmocka_unit_test(counts_without_reading),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
