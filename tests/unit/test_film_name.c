/* enrich-daemon/match/film_name: the forms of a name, and when two are one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/arena.h"
#include "common/base/attr.h"
#include "enrich-daemon/match/film_name.h"
#include "tests/unit/arena_fixture.h"

static void makes_keys(void **state)
{
	static const struct {
		const char *text, *spaced, *squashed, *loose;
	} rows[] = {
		{ "Fight Club", "fight club", "fightclub", "fightclub" },
		{ "WALL\u00B7E", "wall e", "walle", "walle" },
		{ "Spider-Man", "spider man", "spiderman", "spiderman" },
		{ "R.I.P.D.", "r i p d", "ripd", "ripd" },
		{ "50/50", "50 50", "5050", "5050" },
		{ "What's Up, Doc?", "whats up doc", "whatsupdoc",
		  "whatsupdoc" },
		{ "National Lampoon\u2019s Van Wilder",
		  "national lampoons van wilder", "nationallampoonsvanwilder",
		  "nationallampoonsvanwilder" },
		{ "L'Avventura", "l avventura", "lavventura", "avventura" },
		{ "Am\u00E9lie", "amelie", "amelie", "amelie" },
		{ "Salo\u0300", "salo", "salo", "salo" },
		{ "\u00C6on Flux", "aeon flux", "aeonflux", "aeonflux" },
		{ "\u0141\u00F3d\u017A", "lodz", "lodz", "lodz" },
		{ "S\u00F8ren \u0110or\u0111e", "soren dorde", "sorendorde",
		  "sorendorde" },
		{ "Stra\u00DFe", "strasse", "strasse", "strasse" },
		{ "\u0130stanbul", "istanbul", "istanbul", "istanbul" },
		{ "K\u0131z", "kiz", "kiz", "kiz" },
		{ "\u0424\u0438\u043B\u044C\u043C \u0401",
		  "\u0444\u0438\u043B\u044C\u043C \u0435",
		  "\u0444\u0438\u043B\u044C\u043C\u0435",
		  "\u0444\u0438\u043B\u044C\u043C\u0435" },
		{ "Romeo + Juliet", "romeo and juliet", "romeoandjuliet",
		  "romeojuliet" },
		{ "Lilo & Stitch", "lilo and stitch", "liloandstitch",
		  "lilostitch" },
		{ "C+", "c", "c", "c" },
		{ "I \u2665 Huckabees", "i heart huckabees", "ihearthuckabees",
		  "ihearthuckabees" },
		{ "Foo\u2122", "foo", "foo", "foo" },
		{ "The Godfather: Part II", "the godfather part ii",
		  "thegodfatherpartii", "godfather2" },
		{ "Rocky V", "rocky v", "rockyv", "rocky5" },
		{ "Malcolm X", "malcolm x", "malcolmx", "malcolm10" },
		{ "I, Robot", "i robot", "irobot", "irobot" },
		{ "The King and I", "the king and i", "thekingandi", "kingi" },
		{ "Mesrine: Part I", "mesrine part i", "mesrineparti",
		  "mesrine1" },
		{ "Chapter 27", "chapter 27", "chapter27", "chapter27" },
		{ "Kill Bill: Vol. 1", "kill bill vol 1", "killbillvol1",
		  "killbill1" },
		{ "Three Men and a Baby", "three men and a baby",
		  "threemenandababy", "3menbaby" },
		{ "Plan A", "plan a", "plana", "plana" },
		{ "The", "the", "the", "the" },
		{ "The And", "the and", "theand", "theand" },
		{ "Kid, The", "the kid", "thekid", "kid" },
		{ "Paris, Texas", "paris texas", "paristexas", "paristexas" },
		{ "2001: A Space Odyssey", "2001 a space odyssey",
		  "2001aspaceodyssey", "2001spaceodyssey" },
		{ "$", "", "", "" },
		{ "", "", "", "" },
		{ "  \t ", "", "", "" },
		{ "bad \xC3\x28", "", "", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct film_name *n = film_name_new(*state, rows[i].text);

		assert_string_equal(n->spaced, rows[i].spaced);
		assert_string_equal(n->squashed, rows[i].squashed);
		assert_string_equal(n->loose, rows[i].loose);
	}
}

static void keeps_marks_of_other_scripts(void **state)
{
	/* GA is KA with a mark; without it two names would be one. */
	const struct film_name *ga = film_name_new(*state, "\u304C");
	const struct film_name *ka = film_name_new(*state, "\u304B");

	assert_true(film_name_similarity(ga, ka) < NAME_TAIL);
}

static void cleans_the_text(void **state)
{
	/* NFD in, NFC out; blanks and invisible characters. */
	const struct film_name *n =
		film_name_new(*state, " Ame\u0301lie\u00A0 \u200B&\tB ");

	assert_string_equal(n->text, "Am\u00E9lie & B");
	assert_string_equal(n->plain, "Am\u00E9lie and B");
	n = film_name_new(*state, "8\u00BD: Don't - (Look)");
	assert_string_equal(n->text, "8\u00BD: Don't - (Look)");
	assert_string_equal(n->plain, "8\u00BD Don't Look");
}

static void counts_letters(void **state)
{
	assert_int_equal(film_name_new(*state, "Us")->letters, 2);
	assert_int_equal(film_name_new(*state, "\u30CF\u30A6\u30B9")->letters,
	                 3);
	assert_int_equal(film_name_new(*state, "M\u00F6bius")->letters, 6);
	assert_int_equal(film_name_new(*state, "!!!")->letters, 0);
}

static void cuts_a_long_text(void **state)
{
	char text[3000];

	/* 1500 times a character of two bytes: cut between two of them. */
	for (size_t i = 0; i + 1 < sizeof(text); i += 2)
		memcpy(text + i, "\u00E9", 2);
	text[sizeof(text) - 2] = '\0';
	const struct film_name *n = film_name_new(*state, text);
	assert_int_equal(strlen(n->text), FILM_NAME_MAX);
	assert_int_equal(n->letters, FILM_NAME_MAX / 2);
}

static void finds_subtitles(void **state)
{
	const struct film_name *n =
		film_name_new(*state, "Black Mirror: USS Callister");

	assert_int_equal(n->split_count, 1);
	assert_string_equal(n->splits[0].head, "Black Mirror");
	assert_true(n->splits[0].colon);
	assert_string_equal(n->splits[0].tail_loose, "usscallister");

	n = film_name_new(*state, "Birdman or (The Unexpected Virtue)");
	assert_int_equal(n->split_count, 1);
	assert_string_equal(n->splits[0].head, "Birdman");
	assert_false(n->splits[0].colon);

	n = film_name_new(*state, "A: B - C (D): E");
	assert_int_equal(n->split_count, FILM_NAME_SPLITS_MAX);
	assert_string_equal(n->splits[2].head, "A: B - C");

	assert_int_equal(film_name_new(*state, "8:46")->split_count, 0);
	assert_int_equal(film_name_new(*state, "Spider-Man")->split_count, 0);
}

static void knows_a_number_behind_the_colon(void **state)
{
	static const struct {
		const char *text;
		bool counts;
	} rows[] = {
		{ "Night: Episode 2", true },
		{ "Night: Part Two", true },
		{ "Night: Chapter IV", true },
		{ "Night: 7", true },
		{ "Night: Two", true },
		{ "Night: Episode", false },
		{ "Night: Part of It", false },
		{ "Night: Two Men", false },
		{ "Night: I", false },
		{ "Night (2): The Door", false },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct film_name_split *colon =
			film_name_colon(film_name_new(*state, rows[i].text));

		assert_non_null(colon);
		if (colon->counts != rows[i].counts)
			fail_msg("%s", rows[i].text);
	}
	assert_null(film_name_colon(film_name_new(*state, "Night - Part 2")));
	assert_null(film_name_colon(film_name_new(*state, "Night")));
}

static double similarity(struct arena *arena, const char *a, const char *b)
{
	const struct film_name *x = film_name_new(arena, a);
	const struct film_name *y = film_name_new(arena, b);
	const double there = film_name_similarity(x, y);

	assert_true(there == film_name_similarity(y, x));
	return there;
}

static void compares(void **state)
{
	static const struct {
		const char *a, *b;
		double is;
	} rows[] = {
		{ "Fight Club", "Fight Club", NAME_IDENTICAL },
		{ "$", "$", NAME_IDENTICAL },
		{ "$", "...", 0 },
		{ "", "", 0 },
		{ "PlayTime", "Playtime", NAME_IDENTICAL },
		{ "AM\u00C9LIE", "Ame\u0301lie", NAME_IDENTICAL },
		{ "+1", "1", NAME_SPACED },
		{ "Don't Look", "Don\u2019t Look", NAME_SPACED },
		{ "WALL\u00B7E", "Wall-E", NAME_SPACED },
		{ "Am\u00E9lie", "Amelie", NAME_SPACED },
		{ "Play Time", "PlayTime", NAME_SQUASHED },
		{ "R.I.P.D.", "RIPD", NAME_SQUASHED },
		{ "8\u00BD", "8 1/2", NAME_SQUASHED },
		{ "The Salton Sea", "Salton Sea", NAME_LOOSE },
		{ "The Godfather Part II", "Godfather 2", NAME_LOOSE },
		{ "Ocean's Eleven", "Oceans 11", NAME_LOOSE },
		{ "Man with a Movie Camera", "Man with the Movie Camera",
		  NAME_LOOSE },
		{ "Glass Onion", "Glass Onion: A Knives Out Mystery",
		  NAME_HEAD },
		{ "Birdman", "Birdman or (The Unexpected Virtue of Ignorance)",
		  NAME_HEAD },
		{ "The Meyerowitz Stories",
		  "The Meyerowitz Stories (New and Selected)", NAME_HEAD },
		{ "The Curse of the Were-Rabbit",
		  "Wallace & Gromit: The Curse of the Were-Rabbit", NAME_TAIL },
		{ "A Nightmare on Elm Street: The Dream Child",
		  "A Nightmare on Elm Street 5: The Dream Child", NAME_TAIL },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_true(similarity(*state, rows[i].a, rows[i].b) ==
		            rows[i].is);
}

static void tells_apart(void **state)
{
	static const struct {
		const char *a, *b;
	} rows[] = {
		{ "Plan A", "Plan" },
		{ "Chapter 27", "27" },
		{ "Kill Bill: Vol. 1", "Kill Bill: Vol. 2" },
		{ "Rocky II", "Rocky III" },
		{ "House", "The Fun House" },
		/* Too short a subtitle to say anything. */
		{ "Cleaner", "Code Name: The Cleaner" },
		{ "Loki", "The Good, the Bart, and the Loki" },
		{ "Moonlight", "Lost in the Moonlight" },
		{ "Alien 3", "Aliens" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_true(similarity(*state, rows[i].a, rows[i].b) <
		            NAME_TAIL);
}

static void orders_what_is_unlike(void **state)
{
	/* Worked out by hand: one of three words, 0.79 / 3; the letters have
	 * 2 * 5 / (5 + 11). */
	const double house = similarity(*state, "House", "The Fun House");

	assert_true(house > 0.79 * 0.625 - 0.001 &&
	            house < 0.79 * 0.625 + 0.001);
	assert_true(house > similarity(*state, "House", "Suspiria"));
}

static void knows_its_words(void **state)
{
	const struct film_name *q = film_name_new(*state, "Pather Panchali");

	assert_false(film_name_has_words(
		film_name_new(*state, "Song of the Little Road"), q));
	assert_true(film_name_has_words(
		film_name_new(*state, "The Panchali of Pather"), q));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(makes_keys),
		TEST(keeps_marks_of_other_scripts),
		TEST(cleans_the_text),
		TEST(counts_letters),
		TEST(cuts_a_long_text),
		TEST(finds_subtitles),
		TEST(knows_a_number_behind_the_colon),
		TEST(compares),
		TEST(tells_apart),
		TEST(orders_what_is_unlike),
		TEST(knows_its_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
