/* import/letterboxd_link: what a link is, from its text alone. Numbers were
 * worked out in Python. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api-server/import/letterboxd_link.h"

#define S64 "abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcd"

static void reads_short_links(void **state)
{
	static const struct {
		const char *uri;
		enum link_kind kind;
		uint64_t id;
	} rows[] = {
		{ "https://boxd.it/2a9q", LINK_FILM, 51568 },
		{ "https://boxd.it/2a9q/", LINK_FILM, 51568 },
		{ "http://boxd.it/2a9q", LINK_FILM, 51568 },
		{ "https://www.boxd.it/2a9q", LINK_FILM, 51568 },
		{ "https://boxd.it/aEh4eZ", LINK_ENTRY, 975644964 },
		{ "https://boxd.it/P00EU", LINK_LIST, 75359567 },
		{ "https://boxd.it/a", LINK_FILM, 1 },
		{ "https://boxd.it/b", LINK_ENTRY, 1 },
		{ "https://boxd.it/c", LINK_LIST, 1 },
		/* The last film and list below 2^64; then over it. */
		{ "https://boxd.it/lYGhA16ahya", LINK_FILM,
		  1844674407370955161U },
		{ "https://boxd.it/lYGhA16ahyc", LINK_LIST,
		  1844674407370955161U },
		{ "https://boxd.it/lYGhA16ahyf", LINK_UNKNOWN, 0 },
		{ "https://boxd.it/lYGhA16ahyg", LINK_UNKNOWN, 0 },
		{ "https://boxd.it/lYGhA16ahyaa", LINK_UNKNOWN, 0 },
		{ "https://boxd.it/zzzzzzzzzzzzzzzzzzzzzz", LINK_UNKNOWN, 0 },
		/* Case counts: here it changes the kind. */
		{ "https://boxd.it/2A9q", LINK_UNKNOWN, 0 },
		/* No thing has the number 0; there are three kinds. */
		{ "https://boxd.it/0", LINK_UNKNOWN, 0 },
		{ "https://boxd.it/9", LINK_UNKNOWN, 0 },
		{ "https://boxd.it/d", LINK_UNKNOWN, 0 },
		{ "https://boxd.it/", LINK_UNKNOWN, 0 },
		{ "https://boxd.it//", LINK_UNKNOWN, 0 },
		{ "https://boxd.it/2a9q//", LINK_UNKNOWN, 0 },
		{ "https://boxd.it/2a_q", LINK_UNKNOWN, 0 },
		/* As people and programs write it. */
		{ "https://boxd.it/2a9q?x", LINK_FILM, 51568 },
		{ "https://boxd.it/2a9q/?x=/y/", LINK_FILM, 51568 },
		{ "https://boxd.it/2a9q#x?y", LINK_FILM, 51568 },
		{ " \thttps://boxd.it/2a9q \r\n", LINK_FILM, 51568 },
		{ "HTTPS://WWW.Boxd.it/2a9q", LINK_FILM, 51568 },
		{ "boxd.it/2a9q", LINK_FILM, 51568 },
		{ "www.boxd.it/2a9q", LINK_FILM, 51568 },
		{ "boxd.it/2a 9q", LINK_UNKNOWN, 0 },
		{ "boxd.it", LINK_UNKNOWN, 0 },
		{ "?boxd.it/2a9q", LINK_UNKNOWN, 0 },
		{ "2a9q", LINK_UNKNOWN, 0 },
		{ "//boxd.it/2a9q", LINK_UNKNOWN, 0 },
		{ "ftp://boxd.it/2a9q", LINK_UNKNOWN, 0 },
		{ "http://https://boxd.it/2a9q", LINK_UNKNOWN, 0 },
		{ "https://me@boxd.it/2a9q", LINK_UNKNOWN, 0 },
		{ "https://boxd.it.example/2a9q", LINK_UNKNOWN, 0 },
		{ "https://example.org/2a9q", LINK_UNKNOWN, 0 },
		{ "https://", LINK_UNKNOWN, 0 },
		{ "", LINK_UNKNOWN, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct letterboxd_link link =
			letterboxd_link_read(str_of(rows[i].uri));

		if (link.kind != rows[i].kind || link.id != rows[i].id)
			fail_msg("%s", rows[i].uri);
		assert_int_equal(link.slug.n, 0);
	}
}

static void reads_long_links(void **state)
{
	static const struct {
		const char *uri, *slug;
		enum link_kind kind;
		int number;
	} rows[] = {
		{ "https://letterboxd.com/film/marty/", "marty", LINK_FILM, 0 },
		{ "http://letterboxd.com/film/marty/", "marty", LINK_FILM, 0 },
		{ "https://www.letterboxd.com/film/marty", "marty", LINK_FILM,
		  0 },
		{ "https://letterboxd.com/film/m_a-1/", "m_a-1", LINK_FILM, 0 },
		{ "https://letterboxd.com/film/film:19619/", "film:19619",
		  LINK_FILM, 0 },
		{ "https://letterboxd.com/film/" S64 S64 S64 "12345678/",
		  S64 S64 S64 "12345678", LINK_FILM, 0 },
		{ "https://letterboxd.com/someone/film/marty/", "marty",
		  LINK_ENTRY, 0 },
		{ "https://letterboxd.com/someone/film/marty", "marty",
		  LINK_ENTRY, 0 },
		{ "https://letterboxd.com/someone/film/marty/2/", "marty",
		  LINK_ENTRY, 2 },
		{ "https://letterboxd.com/Some_One/film/film:7/1/", "film:7",
		  LINK_ENTRY, 1 },
		{ "letterboxd.com/film/marty/", "marty", LINK_FILM, 0 },
		{ " www.Letterboxd.com/film/marty ", "marty", LINK_FILM, 0 },
		{ "https://letterboxd.com/film/marty/?ref=a/b", "marty",
		  LINK_FILM, 0 },
		{ "letterboxd.com/someone/film/marty/2/#top", "marty",
		  LINK_ENTRY, 2 },
		/* A member may be called "film": it reads as a film. */
		{ "https://letterboxd.com/film/film/", "film", LINK_FILM, 0 },

		{ "https://letterboxd.com/film/" S64 S64 S64 "123456789/", "",
		  LINK_UNKNOWN, 0 },
		{ "https://letterboxd.com/film/Marty/", "", LINK_UNKNOWN, 0 },
		{ "https://letterboxd.com/film/film:/", "", LINK_UNKNOWN, 0 },
		{ "https://letterboxd.com/film/film:0/", "", LINK_UNKNOWN, 0 },
		{ "https://letterboxd.com/film/film:01/", "", LINK_UNKNOWN, 0 },
		{ "https://letterboxd.com/film/film:9223372036854775808/", "",
		  LINK_UNKNOWN, 0 },
		{ "https://letterboxd.com/film/marty/1/", "", LINK_UNKNOWN, 0 },
		{ "https://letterboxd.com/film//", "", LINK_UNKNOWN, 0 },
		{ "https://letterboxd.com/film/", "", LINK_UNKNOWN, 0 },
		{ "https://letterboxd.com/", "", LINK_UNKNOWN, 0 },
		{ "https://letterboxd.com//film/marty/", "", LINK_UNKNOWN, 0 },
		{ "https://letterboxd.com/someone/", "", LINK_UNKNOWN, 0 },
		{ "https://letterboxd.com/someone/list/best/", "", LINK_UNKNOWN,
		  0 },
		{ "https://letterboxd.com/someone/film/marty/x/", "",
		  LINK_UNKNOWN, 0 },
		{ "https://letterboxd.com/someone/film/marty/1/2/", "",
		  LINK_UNKNOWN, 0 },
		{ "https://letterboxd.com/someone/film/marty/99999999999/", "",
		  LINK_UNKNOWN, 0 },
		{ "https://letterboxd.com/" S64 "e/film/marty/", "",
		  LINK_UNKNOWN, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct letterboxd_link link =
			letterboxd_link_read(str_of(rows[i].uri));

		if (link.kind != rows[i].kind || link.number != rows[i].number)
			fail_msg("%s", rows[i].uri);
		assert_int_equal(link.id, 0);
		if (link.kind != LINK_UNKNOWN)
			assert_true(str_is(link.slug, rows[i].slug));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_short_links),
		cmocka_unit_test(reads_long_links),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
