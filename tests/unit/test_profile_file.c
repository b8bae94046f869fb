/* import/profile_file: the favourites, and nothing else of a profile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "tests/unit/reading_fixture.h"

#define PROFILE                                                                \
	"Date Joined,Username,Given Name,Family Name,Email Address,Location,"  \
	"Website,Bio,Pronoun,Favorite Films\r\n"
#define ME "2018-01-01,me,My,Self,me@example.org,,,\"a\r\nb\",They,"

static void reads_favourites(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	const struct import_file file = read_ok(
		&f, IMPORT_PROFILE, "profile.csv",
		PROFILE ME "\"" BOXD "k, " BOXD
			   "a, https://letterboxd.com/film/alien/\"\r\n");
	static const char *const refs[] = { "boxd:2", "boxd:1", "slug:alien" };
	assert_int_equal(file.count, ARRAY_LEN(refs));
	for (size_t i = 0; i < ARRAY_LEN(refs); i++) {
		assert_int_equal(file.rows[i].outcome, IMPORT_OK);
		assert_int_equal(file.rows[i].position, i + 1);
		assert_string_equal(file.rows[i].ref, refs[i]);
		assert_null(file.rows[i].title);
		assert_true(file.rows[i].raw.n > 0);
	}
	end(&f);
}

static void keeps_nothing_else_of_a_profile(void **state)
{
	static const struct {
		const char *text;
		size_t count;
		const char *word;
	} rows[] = {
		{ PROFILE, 0, NULL },
		{ PROFILE ME "\r\n", 0, NULL },
		{ "Username\r\nme\r\n", 0, NULL },
		{ PROFILE ME "\"" BOXD "a, " BOXD "b\"\r\n", 1, "diary entry" },
		{ PROFILE ME "\"" BOXD "a, " BOXD "a\"\r\n", 1, "twice" },
		{ PROFILE ME "\"" BOXD "a, \"\r\n", 1, "empty" },
		{ PROFILE ME "\xff\r\n", 1, "UTF-8" },
		{ PROFILE ME "x\"y\r\n", 1, "quote" },
		{ PROFILE ME "\r\n" ME "\r\n", 1, "one row only" },
		{ PROFILE "me\r\n", 1, "number of fields" },
		{ PROFILE ME ",x\r\n", 1, "number of fields" },
		/* A spreadsheet's commas. */
		{ PROFILE ME ",,\r\n", 0, NULL },
		{ PROFILE ME "\r\n,,,,,,,,,\r\n", 0, NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct fixture f;

		begin(&f);
		const struct import_file file = read_ok(
			&f, IMPORT_PROFILE, "profile.csv", rows[i].text);
		assert_int_equal(file.count, rows[i].count);
		if (rows[i].word != NULL) {
			assert_rejected(&file.rows[0], rows[i].word);
			assert_false(file.rows[0].identified);
			assert_int_equal(file.unread, 1);
			assert_int_equal(file.rows[0].raw.n, 0);
			assert_null(strstr(file.rows[0].reason, "example"));
		}
		end(&f);
	}
}

/* Among other files its row is rejected; alone there is nothing else. */
static void fails_when_it_is_alone(void **state)
{
	struct import_file file;
	struct fixture f;

	(void)state;
	begin(&f);
	file = read_ok(&f, IMPORT_PROFILE, "profile.csv",
	               PROFILE ME BOXD "b\r\n");
	assert_true(reading_check_file(&f.reading, &file));
	assert_int_equal(file.count, 1);
	assert_null(file.reason);
	f.set.count = 1;
	assert_false(reading_check_file(&f.reading, &file));
	assert_int_equal(f.problem.type, UPLOAD_UNREADABLE_CSV);
	assert_non_null(strstr(f.problem.error.message,
	                       "profile.csv: its one row could not be read: "));
	file = read_ok(&f, IMPORT_PROFILE, "profile.csv", PROFILE ME "\r\n");
	assert_true(reading_check_file(&f.reading, &file));
	end(&f);
}

static void refuses_what_is_no_profile(void **state)
{
	(void)state;
	assert_unreadable(IMPORT_PROFILE, STR_LIT("Date Joined,Bio\n"),
	                  "\"Username\"");
	assert_unreadable(IMPORT_PROFILE, STR_LIT("Username,Bio\nme,\"x\n"),
	                  "line 2");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_favourites),
		cmocka_unit_test(keeps_nothing_else_of_a_profile),
		cmocka_unit_test(fails_when_it_is_alone),
		cmocka_unit_test(refuses_what_is_no_profile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
