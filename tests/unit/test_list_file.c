/* import/list_file, import/counted_file: lists, and what is only counted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "tests/unit/reading_fixture.h"

/* STR_LIT() for the tables: a constant. */
#define BYTES(s)                                                               \
	{                                                                      \
		(s), sizeof(s) - 1                                             \
	}

#define BOXD      "https://boxd.it/"
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
		assert_string_equal(file.list.tags, "{\"test tag\",\"two\"}");
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
		assert_string_equal(file.list.tags, "{}");
		assert_null(file.list.description);
		end(&f);
	}
}

static void refuses_unreadable_lists(void **state)
{
	static const struct {
		struct str text;
		const char *word;
	} rows[] = {
		{ BYTES("Letterboxd list export v7\n"), "ends before" },
		{ BYTES("Date,Name,Year,Letterboxd URI\n"), "\"Tags\"" },
		{ BYTES(LIST_HEAD "x,a,,,\n"), "line 2, cannot be read" },
		{ BYTES(LIST_HEAD "2024-01-03,a\n"), "line 2, cannot be read" },
		{ BYTES(LIST_HEAD "\"2024-01-03,a\n"), "line 2" },
		{ BYTES(LIST_HEAD "2024-01-03,a,,,\n"
		                  "Position,Name,URL,Description\n"),
		  "\"Year\"" },
		{ BYTES(LIST_HEAD "2024-01-03,a,,,\n\"Position\n"), "line 3" },
		{ BYTES(LIST_HEAD "2024-01-03,a,,,\n" ITEMS "\"1\n"),
		  "line 4" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_unreadable(IMPORT_LIST, rows[i].text, rows[i].word);
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
		cmocka_unit_test(refuses_unreadable_lists),
		cmocka_unit_test(counts_without_reading),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
