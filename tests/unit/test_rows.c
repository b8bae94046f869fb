/*
 * import/rows: what a file of each kind means row by row, and which of its rows
 * say the same thing twice. Numbers of links and hashes were worked out in
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
		cmocka_unit_test(rejects_the_same_film_twice),
		cmocka_unit_test(rejects_an_entry_of_two_diaries),
		cmocka_unit_test(keeps_which_film_it_was),
		cmocka_unit_test(keeps_which_entry_it_was),
		cmocka_unit_test(fails_for_a_file_that_cannot_be_read),
		cmocka_unit_test(takes_a_file_of_repetitions),
		cmocka_unit_test(bounds_the_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
