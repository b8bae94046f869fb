#ifndef API_SERVER_HANDLERS_MATCH_CHOICE_H
#define API_SERVER_HANDLERS_MATCH_CHOICE_H

#include <stdbool.h>

#include "common/base/attr.h"
#include "common/base/error.h"
#include "common/base/str.h"

/*
 * What a member writes to say which title a film is. Pure. Taken are
 *
 *	none					TMDB has no such title
 *	tmdb:550, movie:550, tv:87108		ids of TMDB
 *	imdb:tt0137523				an id of IMDb
 *	tv:42009/season/3/episode/1		an episode, 0: the specials
 *	https://www.themoviedb.org/movie/550-fight-club, .../tv/87108,
 *		.../tv/42009-black-mirror/season/3/episode/1
 *	https://www.imdb.com/title/tt0137523/
 *
 * with blanks around it; an address with or without "www." (or "m." at IMDb),
 * and with whatever comes behind the id: a name, a part of the page, a query.
 */
#define MATCH_REF_SIZE 64

struct match_choice {
	/* Names the title as film.ref does: "tmdb:movie:550",
	 * "tmdb:tv:87108", "tmdb:tv:42009/season/3/episode/1",
	 * "imdb:tt0137523"; "" for none. */
	char ref[MATCH_REF_SIZE];
};

/* False with err that says what is taken. */
bool match_choice_read(struct str text, struct match_choice *choice_r,
                       struct error *err) MUST_CHECK;

#endif
