#ifndef API_SERVER_IMPORT_LETTERBOXD_LINK_H
#define API_SERVER_IMPORT_LETTERBOXD_LINK_H

#include <stdint.h>

#include "common/base/str.h"

/*
 * A link of an export, read without asking anybody:
 *
 *	https://boxd.it/CODE		CODE says what it is, and its number
 *	https://letterboxd.com/film/SLUG/		a film
 *	https://letterboxd.com/USER/film/SLUG/[N/]	somebody's entry
 *
 * http as well or no scheme at all, with or without "www." and the last slash.
 * Blanks around it, a query and a fragment change nothing. A film that had no
 * slug yet stands there by its number, as "film:19619".
 */
enum link_kind {
	LINK_FILM,
	LINK_ENTRY,
	LINK_LIST,
	LINK_UNKNOWN /* no link of these forms */
};

struct letterboxd_link {
	enum link_kind kind;
	uint64_t id;     /* of a boxd.it link, from 1; else 0 */
	struct str slug; /* of a long link, within the text that was read: of
	                  * a-z 0-9 _ -, or "film:" and the film's number */
	int number;      /* of a long entry link: N, else 0 */
};

struct letterboxd_link letterboxd_link_read(struct str uri);

/* "a film", "a diary entry", "a list": for messages. */
const char *link_kind_phrase(enum link_kind kind);

#endif
