/*
 * Match choices, by tables: how they begin, and what kind of id comes then.
 */
#include "api-server/handlers/match_choice.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define QUOTED_MAX 80
/* After "tt". */
#define IMDB_DIGITS_MIN 7
#define IMDB_DIGITS_MAX 10
/* Of a season and of an episode in it. */
#define NUMBER_MAX INT16_MAX

enum id_kind {
	ID_MOVIE,
	ID_TV,
	ID_IMDB
};

static const struct start {
	const char *text;
	enum id_kind kind;
} prefixes[] = {
	{ "tmdb:", ID_MOVIE },
	{ "movie:", ID_MOVIE },
	{ "tv:", ID_TV },
	{ "imdb:", ID_IMDB },
};

/* Behind the scheme. */
static const struct start addresses[] = {
	{ "www.themoviedb.org/movie/", ID_MOVIE },
	{ "themoviedb.org/movie/", ID_MOVIE },
	{ "www.themoviedb.org/tv/", ID_TV },
	{ "themoviedb.org/tv/", ID_TV },
	{ "www.imdb.com/title/", ID_IMDB },
	{ "imdb.com/title/", ID_IMDB },
	{ "m.imdb.com/title/", ID_IMDB },
};

static const char *const schemes[] = { "https://", "http://" };

static bool cut_text(struct str *rest, const char *text)
{
	const size_t len = strlen(text);

	if (!str_starts(*rest, text))
		return false;
	*rest = (struct str){ rest->p + len, rest->n - len };
	return true;
}

static bool cut_scheme(struct str *rest)
{
	for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
		if (cut_text(rest, schemes[i]))
			return true;
	}
	return false;
}

/* The start that rest has, which is cut off, or NULL. */
static const struct start *cut_start(struct str *rest,
                                     const struct start *starts, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (cut_text(rest, starts[i].text))
			return &starts[i];
	}
	return NULL;
}

/* The part before the first of the bytes in ends. */
static struct str part_before(struct str text, const char *ends)
{
	size_t n = 0;

	while (n < text.n && strchr(ends, text.p[n]) == NULL)
		n++;
	return (struct str){ text.p, n };
}

static bool is_digits(struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] < '0' || text.p[i] > '9')
			return false;
	}
	return true;
}

static bool tmdb_ref(const char *kind, struct str id, char *ref)
{
	int64_t number;

	if (!is_digits(id) || !str_to_int64(id, 1, INT32_MAX, &number))
		return false;
	(void)snprintf(ref, MATCH_REF_SIZE, "tmdb:%s:%" PRId64, kind, number);
	return true;
}

/* The number behind what leads to it, both of which are cut off. */
static bool cut_number(struct str *rest, const char *before, int64_t *number_r)
{
	struct str digits;

	if (!cut_text(rest, before))
		return false;
	digits = part_before(*rest, "/?#");
	if (!is_digits(digits) ||
	    !str_to_int64(digits, 0, NUMBER_MAX, number_r))
		return false;
	*rest = (struct str){ rest->p + digits.n, rest->n - digits.n };
	return true;
}

/* Makes the series of ref its episode, if path leads to one; what is behind
 * that is left in *path. */
static bool episode_ref(struct str *path, char *ref)
{
	const size_t series = strlen(ref);
	int64_t season, number;

	if (!cut_number(path, "/season/", &season) ||
	    !cut_number(path, "/episode/", &number))
		return false;
	(void)snprintf(ref + series, MATCH_REF_SIZE - series,
	               "/season/%" PRId64 "/episode/%" PRId64, season, number);
	return true;
}

static bool imdb_ref(struct str id, char *ref)
{
	struct str digits = id;

	if (!cut_text(&digits, "tt") || digits.n < IMDB_DIGITS_MIN ||
	    digits.n > IMDB_DIGITS_MAX || !is_digits(digits))
		return false;
	(void)snprintf(ref, MATCH_REF_SIZE, "imdb:%.*s", (int)id.n, id.p);
	return true;
}

static bool id_read(enum id_kind kind, struct str id, char *ref)
{
	switch (kind) {
	case ID_MOVIE:
		return tmdb_ref("movie", id, ref);
	case ID_TV:
		return tmdb_ref("tv", id, ref);
	case ID_IMDB:
		return imdb_ref(id, ref);
	}
	return false;
}

static bool address_read(struct str rest, char *ref)
{
	const struct start *start =
		cut_start(&rest, addresses, ARRAY_LEN(addresses));
	struct str id, path;

	if (start == NULL)
		return false;
	id = part_before(rest, "/?#");
	path = (struct str){ rest.p + id.n, rest.n - id.n };
	/* Only TMDB puts the name behind the id. */
	if (start->kind != ID_IMDB)
		id = part_before(id, "-");
	if (!id_read(start->kind, id, ref))
		return false;
	/* Another page of the series is the series'. */
	if (start->kind == ID_TV)
		(void)episode_ref(&path, ref);
	return true;
}

/* The id, and of a series the way to an episode. */
static bool number_read(enum id_kind kind, struct str text, char *ref)
{
	const struct str id = kind == ID_TV ? part_before(text, "/") : text;
	struct str path = { text.p + id.n, text.n - id.n };

	return id_read(kind, id, ref) &&
	       (path.n == 0 || (episode_ref(&path, ref) && path.n == 0));
}

static bool title_read(struct str text, char *ref)
{
	const struct start *start;

	if (cut_scheme(&text))
		return address_read(text, ref);
	start = cut_start(&text, prefixes, ARRAY_LEN(prefixes));
	return start != NULL && number_read(start->kind, text, ref);
}

bool match_choice_read(struct str text, struct match_choice *choice_r,
                       struct error *err)
{
	const struct str trimmed = str_trim(text);

	*choice_r = (struct match_choice){ "" };
	if (str_is(trimmed, "none") || title_read(trimmed, choice_r->ref))
		return true;
	return error_set(
		err,
		"'%.*s' names no title: give tmdb:550 or tv:87108 with "
		"TMDB's number, tv:42009/season/3/episode/1, "
		"imdb:tt0137523, the address of the title's page at "
		"themoviedb.org or imdb.com, or none",
		(int)(text.n < QUOTED_MAX ? text.n : QUOTED_MAX), text.p);
}
