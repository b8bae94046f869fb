/* import/export_path: how well a name is that of a file of an export. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api-server/import/export_path.h"
#include "common/base/attr.h"

static void matches_names(void **state)
{
	static const struct {
		const char *path;
		enum export_name name;
		const char *means;
		enum import_kind kind;
	} rows[] = {
		{ "watched.csv", EXPORT_NAME_EXACT, "watched.csv",
		  IMPORT_WATCHED },
		{ "likes/films.csv", EXPORT_NAME_EXACT, "likes/films.csv",
		  IMPORT_LIKES },
		{ "deleted/diary.csv", EXPORT_NAME_EXACT, "deleted/diary.csv",
		  IMPORT_COUNTED },
		{ "orphaned/diary.csv", EXPORT_NAME_EXACT, "orphaned/diary.csv",
		  IMPORT_ORPHANED_DIARY },
		{ "lists/Caf\xc3\xa9.csv", EXPORT_NAME_EXACT,
		  "lists/Caf\xc3\xa9.csv", IMPORT_LIST },
		{ "Watched.csv", EXPORT_NAME_CASE, "watched.csv",
		  IMPORT_WATCHED },
		{ "DIARY.CSV", EXPORT_NAME_CASE, "diary.csv", IMPORT_DIARY },
		{ "Likes/Films.csv", EXPORT_NAME_CASE, "likes/films.csv",
		  IMPORT_LIKES },
		{ "watched (1).csv", EXPORT_NAME_COPY, "watched.csv",
		  IMPORT_WATCHED },
		{ "watchlist - Copy.csv", EXPORT_NAME_COPY, "watchlist.csv",
		  IMPORT_WATCHLIST },
		{ "watchlist - Copy (12).csv", EXPORT_NAME_COPY,
		  "watchlist.csv", IMPORT_WATCHLIST },
		{ "ratings copy.csv", EXPORT_NAME_COPY, "ratings.csv",
		  IMPORT_RATINGS },
		{ "ratings copy 2.csv", EXPORT_NAME_COPY, "ratings.csv",
		  IMPORT_RATINGS },
		{ "Diary - Kopie.csv", EXPORT_NAME_COPY, "diary.csv",
		  IMPORT_DIARY },
		{ "reviews_1.csv", EXPORT_NAME_COPY, "reviews.csv",
		  IMPORT_REVIEWS },
		{ "orphaned/diary (2).csv", EXPORT_NAME_COPY,
		  "orphaned/diary.csv", IMPORT_ORPHANED_DIARY },
		{ "lists/top (1).csv", EXPORT_NAME_COPY, "lists/top.csv",
		  IMPORT_LIST },
		{ "films.csv", EXPORT_NAME_BASE, "likes/films.csv",
		  IMPORT_LIKES },
		{ "Films (1).csv", EXPORT_NAME_BASE, "likes/films.csv",
		  IMPORT_LIKES },
	};
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char *means;
		enum import_kind kind;

		assert_int_equal(
			export_path_match(arena, rows[i].path, &means, &kind),
			rows[i].name);
		assert_string_equal(means, rows[i].means);
		assert_int_equal(kind, rows[i].kind);
	}
	arena_free(&arena);
}

static void knows_no_other_names(void **state)
{
	static const char *const rows[] = {
		"",
		".csv",
		"watched",
		"watched.csv.txt",
		"my watched.csv",
		"watched1.csv",
		"watched (x).csv",
		"watched ().csv",
		"(1).csv",
		" (1).csv",
		"export/watched.csv",
		"old/films.csv",
		"lists/.csv",
		"lists/deep/a.csv",
		"deleted/watched.csv",
	};
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char *means;
		enum import_kind kind;

		if (export_path_match(arena, rows[i], &means, &kind) !=
		    EXPORT_NAME_NONE)
			fail_msg("%s is %s", rows[i], means);
	}
	arena_free(&arena);
}

static void knows_its_folders(void **state)
{
	(void)state;
	assert_string_equal(export_path_folder("Lists/a.csv"), "lists/");
	assert_string_equal(export_path_folder("deleted/lists/a.csv"),
	                    "deleted/");
	assert_null(export_path_folder("lists"));
	assert_null(export_path_folder("mylists/a.csv"));
	assert_null(export_path_folder("a/lists/b.csv"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(matches_names),
		cmocka_unit_test(knows_no_other_names),
		cmocka_unit_test(knows_its_folders),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
