/*
 * Letterboxd's links. A boxd.it code is a number in base 62; its last decimal
 * digit is the kind of the thing, the rest its number there.
 */
#include "api-server/import/letterboxd_link.h"

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "common/base/mem.h"

#define SLUG_MAX 200 /* as film.ref has it */
#define USER_MAX 64

static const struct letterboxd_link unknown = { .kind = LINK_UNKNOWN };

static bool skip(struct str *s, const char *prefix)
{
	if (!str_starts(*s, prefix))
		return false;
	size_t n = strlen(prefix);
	s->p += n;
	s->n -= n;
	return true;
}

/* Of a scheme and a host the case does not count. */
static bool skip_host(struct str *s, const char *prefix)
{
	const size_t n = strlen(prefix);

	if (s->n < n || strncasecmp(s->p, prefix, n) != 0)
		return false;
	s->p += n;
	s->n -= n;
	return true;
}

/* Without its query and fragment. */
static struct str cut_query(struct str uri)
{
	for (size_t i = 0; i < uri.n; i++) {
		if (uri.p[i] == '?' || uri.p[i] == '#')
			return (struct str){ uri.p, i };
	}
	return uri;
}

static int base62_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'Z')
		return c - 'A' + 36;
	return -1;
}

static bool base62(struct str code, uint64_t *value_r)
{
	uint64_t value = 0;

	for (size_t i = 0; i < code.n; i++) {
		int digit = base62_digit(code.p[i]);

		if (digit < 0 || __builtin_mul_overflow(value, 62, &value) ||
		    __builtin_add_overflow(value, (uint64_t)digit, &value))
			return false;
	}
	*value_r = value;
	return code.n > 0;
}

static struct letterboxd_link read_code(struct str code)
{
	static const enum link_kind kinds[] = { LINK_FILM, LINK_ENTRY,
		                                LINK_LIST };
	uint64_t value;

	if (!base62(code, &value) || value < 10 || value % 10 > 2)
		return unknown;
	return (struct letterboxd_link){ .kind = kinds[value % 10],
		                         .id = value / 10 };
}

/* The same number that a boxd.it link of the film has. */
static bool is_film_number(struct str s)
{
	int64_t number;

	return skip(&s, "film:") && !str_starts(s, "0") &&
	       str_to_int64(s, 1, INT64_MAX, &number);
}

static bool is_slug(struct str s)
{
	if (is_film_number(s))
		return true;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
		    c != '_' && c != '-')
			return false;
	}
	return s.n > 0 && s.n <= SLUG_MAX;
}

/* path: "film/SLUG", "USER/film/SLUG" or "USER/film/SLUG/N". */
static struct letterboxd_link read_path(struct str path)
{
	struct letterboxd_link link = { .kind = LINK_FILM };
	struct str part;

	if (!str_cut(&path, '/', &part))
		return unknown;
	if (!str_is(part, "film")) {
		link.kind = LINK_ENTRY;
		if (part.n == 0 || part.n > USER_MAX ||
		    !str_cut(&path, '/', &part) || !str_is(part, "film"))
			return unknown;
	}
	if (!str_cut(&path, '/', &link.slug) || !is_slug(link.slug))
		return unknown;
	if (str_cut(&path, '/', &part)) {
		int64_t number;

		if (link.kind != LINK_ENTRY ||
		    !str_to_int64(part, 0, INT_MAX, &number))
			return unknown;
		link.number = (int)number;
	}
	return str_cut(&path, '/', &part) ? unknown : link;
}

struct letterboxd_link letterboxd_link_read(struct str uri)
{
	uri = cut_query(str_trim(uri));
	if (!skip_host(&uri, "https://"))
		(void)skip_host(&uri, "http://");
	(void)skip_host(&uri, "www.");
	if (str_ends(uri, "/"))
		uri.n--;
	if (skip_host(&uri, "boxd.it/"))
		return read_code(uri);
	if (skip_host(&uri, "letterboxd.com/"))
		return read_path(uri);
	return unknown;
}

const char *link_kind_phrase(enum link_kind kind)
{
	static const char *const phrases[] = {
		[LINK_FILM] = "a film",
		[LINK_ENTRY] = "a diary entry",
		[LINK_LIST] = "a list",
		[LINK_UNKNOWN] = "nothing known",
	};

	ensure((unsigned)kind < ARRAY_LEN(phrases));
	return phrases[kind];
}
