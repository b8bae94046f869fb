/* match_choice: what a member may write, and what it names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "api-server/handlers/match_choice.h"

static void reads_every_form(void **state)
{
	static const struct {
		const char *text, *ref;
	} rows[] = {
		{ "none", "" },
		{ " none\n", "" },
		{ "tmdb:550", "tmdb:movie:550" },
		{ "movie:550", "tmdb:movie:550" },
		{ "tmdb:00550", "tmdb:movie:550" },
		{ "tmdb:2147483647", "tmdb:movie:2147483647" },
		{ "\ttv:87108 ", "tmdb:tv:87108" },
		{ "imdb:tt0137523", "imdb:tt0137523" },
		{ "imdb:tt0123456789", "imdb:tt0123456789" },
		{ "https://www.themoviedb.org/movie/550-fight-club",
		  "tmdb:movie:550" },
		{ "https://www.themoviedb.org/movie/550", "tmdb:movie:550" },
		{ "http://themoviedb.org/movie/550/", "tmdb:movie:550" },
		{ "https://www.themoviedb.org/movie/550-fight-club/cast"
		  "?language=de#crew",
		  "tmdb:movie:550" },
		{ "https://www.themoviedb.org/movie/550?language=de",
		  "tmdb:movie:550" },
		{ "https://www.themoviedb.org/tv/87108-chernobyl/season/1",
		  "tmdb:tv:87108" },
		{ "https://themoviedb.org/tv/87108#x", "tmdb:tv:87108" },
		{ "https://www.themoviedb.org/tv/42009-black-mirror/season/3"
		  "/episode/1",
		  "tmdb:tv:42009/season/3/episode/1" },
		{ "https://www.themoviedb.org/tv/42009/season/0/episode/01/cast"
		  "?language=de#crew",
		  "tmdb:tv:42009/season/0/episode/1" },
		{ "https://www.themoviedb.org/tv/42009/season/3/episode/x",
		  "tmdb:tv:42009" },
		{ "https://www.themoviedb.org/tv/42009/season/3/episodes",
		  "tmdb:tv:42009" },
		{ " tv:42009/season/3/episode/1 ",
		  "tmdb:tv:42009/season/3/episode/1" },
		{ "tv:2147483647/season/32767/episode/32767",
		  "tmdb:tv:2147483647/season/32767/episode/32767" },
		{ "https://www.imdb.com/title/tt0137523/?ref_=fn_1",
		  "imdb:tt0137523" },
		{ "https://m.imdb.com/title/tt0137523", "imdb:tt0137523" },
		{ "http://imdb.com/title/tt0137523/fullcredits",
		  "imdb:tt0137523" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct match_choice choice = { "dirt" };
		struct error err = { "" };

		if (!match_choice_read(str_of(rows[i].text), &choice, &err))
			fail_msg("%s: %s", rows[i].text, err.message);
		assert_string_equal(choice.ref, rows[i].ref);
	}
}

static void refuses_the_rest(void **state)
{
	static const char *const rows[] = {
		"",
		" ",
		"None",
		"none of them",
		"550",
		"tmdb:",
		"tmdb:0",
		"tmdb:-1",
		"tmdb:+550",
		"tmdb: 550",
		"tmdb:550-fight-club",
		"tmdb:550/",
		"tmdb:2147483648",
		"tmdb:18446744073709552166",
		"tmdb:movie:550",
		"TMDB:550",
		"tv:",
		"tv:x",
		"tv:8 7108",
		"tv:42009/",
		"tv:42009/season/3",
		"tv:42009/season/3/episode/",
		"tv:42009/season/3/episode/1/",
		"tv:42009/season/-3/episode/1",
		"tv:42009/season/3/episode/32768",
		"tv:42009-black-mirror/season/3/episode/1",
		"tmdb:42009/season/3/episode/1",
		"https://www.themoviedb.org/tv/x/season/3/episode/1",
		"imdb:0137523",
		"imdb:tt013752",
		"imdb:tt01234567890",
		"imdb:nm0137523",
		"imdb:tt013752x",
		"imdb:tt-137523",
		"www.themoviedb.org/movie/550",
		"https://www.themoviedb.org/movie/",
		"https://www.themoviedb.org/movie/fight-club",
		"https://www.themoviedb.org/movie/550x",
		"https://www.themoviedb.org/person/550",
		"https://www.themoviedb.org/",
		"https://www.themoviedb.org.example/movie/550",
		"https://example.org/www.themoviedb.org/movie/550",
		"https://example.org@www.themoviedb.org/movie/550",
		"https://https://www.themoviedb.org/movie/550",
		"ftp://www.themoviedb.org/movie/550",
		"https://www.imdb.com/title/0137523/",
		"https://www.imdb.com/title/tt0137523-x/",
		"https://www.imdb.com/name/nm0000093/",
		"https://letterboxd.com/film/fight-club/",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct match_choice choice;
		struct error err = { "" };

		if (match_choice_read(str_of(rows[i]), &choice, &err))
			fail_msg("'%s' became '%s'", rows[i], choice.ref);
		/* What would be taken is said. */
		assert_non_null(strstr(err.message, "tmdb:550"));
		assert_non_null(strstr(err.message, "imdb:tt0137523"));
		assert_non_null(strstr(err.message, "/season/3/episode/1"));
		assert_non_null(strstr(err.message, "or none"));
	}
}

static void quotes_no_more_than_helps(void **state)
{
	char text[2000];
	struct match_choice choice;
	struct error err = { "" };

	(void)state;
	memset(text, 'x', sizeof(text));
	assert_false(match_choice_read((struct str){ text, sizeof(text) },
	                               &choice, &err));
	assert_non_null(strstr(err.message, "xxx'"));
	assert_non_null(strstr(err.message, "or none"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_every_form),
		cmocka_unit_test(refuses_the_rest),
		cmocka_unit_test(quotes_no_more_than_helps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
