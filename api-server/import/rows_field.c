/* The fields of an export's rows, one function each. */
#include "api-server/import/rows_field.h"

#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "api-server/import/letterboxd_link.h"
#include "common/pg/pg_array.h"

/* An index entry of Postgres takes 2,700 bytes; the longest title seen: 151. */
#define TITLE_BYTES_MAX  1000
#define REASON_BYTES_MAX 240
#define QUOTED_BYTES_MAX 60

#define YEAR_MIN 1800
#define YEAR_MAX 2200

struct str text_cut(struct str text, size_t max)
{
	if (text.n <= max)
		return text;

	size_t n = max;
	for (size_t back = 0; back < 4 && n > 0; back++, n--) {
		if (((unsigned char)text.p[n] & 0xc0) != 0x80)
			return (struct str){ text.p, n };
	}
	return (struct str){ text.p, max };
}

bool row_reject(struct arena *arena, struct import_row *row, const char *fmt,
                ...)
{
	char reason[REASON_BYTES_MAX];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(reason, sizeof(reason), fmt, args);
	va_end(args);
	row->outcome = IMPORT_REJECTED;
	row->reason = arena_strdup(arena, reason);
	return false;
}

/* fmt has one "%.*s", for the value or its beginning. */
#define REJECT_VALUE(arena, row, value, fmt)                                   \
	row_reject(arena, row, fmt, (int)text_cut(value, QUOTED_BYTES_MAX).n,  \
	           (value).p)

static bool read_date(struct arena *arena, struct str value,
                      struct import_row *row, const char **date_r)
{
	if (str_is_date(value)) {
		*date_r = arena_strndup(arena, value.p, value.n);
		return true;
	}
	if (value.n > 0 && memchr(value.p, '/', value.n) != NULL)
		return REJECT_VALUE(
			arena, row, value,
			"the date \"%.*s\" is not written YYYY-MM-DD; Excel "
			"and the like rewrite dates when they save: upload "
			"the file as it was downloaded");
	return REJECT_VALUE(arena, row, value,
	                    "\"%.*s\" is not a date written YYYY-MM-DD");
}

bool field_date(struct arena *arena, struct str value, struct import_row *row)
{
	if (value.n == 0)
		return row_reject(arena, row, "it has no date");
	return read_date(arena, value, row, &row->date);
}

bool field_watched_on(struct arena *arena, struct str value,
                      struct import_row *row)
{
	return value.n == 0 || read_date(arena, value, row, &row->watched_on);
}

bool field_title(struct arena *arena, struct str value, struct import_row *row)
{
	if (value.n == 0)
		return row_reject(arena, row, "it has no title");
	if (value.n > TITLE_BYTES_MAX)
		return row_reject(arena, row,
		                  "the title is longer than %d bytes",
		                  TITLE_BYTES_MAX);
	row->title = arena_strndup(arena, value.p, value.n);
	return true;
}

bool field_year(struct arena *arena, struct str value, struct import_row *row)
{
	int64_t year;

	if (value.n == 0)
		return true;
	if (value.n != 4 || !str_to_int64(value, YEAR_MIN, YEAR_MAX, &year))
		return REJECT_VALUE(arena, row, value,
		                    "the year \"%.*s\" is not one from 1800 to "
		                    "2200");
	row->year = (int)year;
	return true;
}

/* "0.5", "1", ... "5"; "4.0" as well, since it can mean nothing else. */
static int half_stars(struct str value)
{
	if (value.n != 1 && value.n != 3)
		return 0;
	if (value.p[0] < '0' || value.p[0] > '5')
		return 0;

	int halves = (value.p[0] - '0') * 2;
	if (value.n == 3) {
		if (value.p[1] != '.' ||
		    (value.p[2] != '0' && value.p[2] != '5'))
			return 0;
		halves += value.p[2] == '5' ? 1 : 0;
	}
	return halves <= 10 ? halves : 0;
}

bool field_rating(struct arena *arena, struct str value, struct import_row *row)
{
	if (value.n == 0)
		return true;
	row->rating = half_stars(value);
	if (row->rating > 0)
		return true;
	return REJECT_VALUE(arena, row, value,
	                    "the rating \"%.*s\" is none of 0.5, 1, 1.5 ... "
	                    "4.5, 5");
}

bool field_rating_required(struct arena *arena, struct str value,
                           struct import_row *row)
{
	if (value.n == 0)
		return row_reject(arena, row, "it has no rating");
	return field_rating(arena, value, row);
}

bool field_rewatch(struct arena *arena, struct str value,
                   struct import_row *row)
{
	row->rewatch = str_is(value, "Yes");
	if (row->rewatch || value.n == 0)
		return true;
	return REJECT_VALUE(arena, row, value,
	                    "Rewatch is \"%.*s\" and not Yes or empty");
}

/* Cuts *rest at the first ", ". */
static bool next_tag(struct str *rest, struct str *tag)
{
	if (rest->n == 0)
		return false;
	const char *at = memmem(rest->p, rest->n, ", ", 2);
	const size_t n = at != NULL ? (size_t)(at - rest->p) : rest->n;
	const size_t taken = at != NULL ? n + 2 : n;

	*tag = str_trim((struct str){ rest->p, n });
	rest->p += taken;
	rest->n -= taken;
	return true;
}

bool field_tags(struct arena *arena, struct str value, struct import_row *row)
{
	struct str tag;

	if (value.n == 0)
		return true;
	struct pg_array *tags = pg_array_new();
	while (next_tag(&value, &tag)) {
		if (tag.n > 0)
			pg_array_text_len(tags, tag.p, tag.n);
	}
	row->tags = arena_strdup(arena, pg_array_literal(tags));
	pg_array_free(&tags);
	return true;
}

bool field_review(struct arena *arena, struct str value, struct import_row *row)
{
	if (value.n > 0)
		row->review = arena_strndup(arena, value.p, value.n);
	return true;
}

/* Reads a link that must be one of that kind. */
static bool read_link(struct arena *arena, struct str value,
                      struct import_row *row, enum link_kind kind,
                      struct letterboxd_link *link_r)
{
	*link_r = letterboxd_link_read(value);
	if (link_r->kind == kind)
		return true;
	if (link_r->kind == LINK_UNKNOWN)
		return REJECT_VALUE(arena, row, value,
		                    "\"%.*s\" is not a link as Letterboxd "
		                    "exports it");
	return row_reject(arena, row,
	                  "the link is one of %s, and this file has links of "
	                  "%s",
	                  link_kind_phrase(link_r->kind),
	                  link_kind_phrase(kind));
}

/* As film.ref has it. */
static const char *slug_ref(struct arena *arena, struct str slug)
{
	const size_t skip = str_starts(slug, "film:") ? strlen("film:") : 0;

	return arena_printf(arena, "%s:%.*s", skip > 0 ? "boxd" : "slug",
	                    (int)(slug.n - skip), slug.p + skip);
}

bool field_film_link(struct arena *arena, struct str value,
                     struct import_row *row)
{
	struct letterboxd_link link;

	if (value.n == 0)
		return true;
	if (!read_link(arena, value, row, LINK_FILM, &link))
		return false;
	if (link.slug.n > 0)
		row->ref = slug_ref(arena, link.slug);
	else
		row->ref = arena_printf(arena, "boxd:%" PRIu64, link.id);
	row->linked = true;
	return true;
}

bool field_entry_link(struct arena *arena, struct str value,
                      struct import_row *row)
{
	struct letterboxd_link link;

	if (value.n == 0)
		return true;
	if (!read_link(arena, value, row, LINK_ENTRY, &link))
		return false;
	if (link.slug.n > 0) {
		row->ref = arena_printf(arena, "slug:%.*s", (int)link.slug.n,
		                        link.slug.p);
		row->entry =
			arena_printf(arena, "%s/%d", row->ref, link.number);
	} else {
		row->entry = arena_printf(arena, "boxd:%" PRIu64, link.id);
	}
	row->linked = true;
	return true;
}

bool field_position(struct arena *arena, struct str value,
                    struct import_row *row)
{
	int64_t position;

	if (!str_to_int64(value, 1, INT_MAX, &position))
		return REJECT_VALUE(arena, row, value,
		                    "the position \"%.*s\" is not a number "
		                    "from 1");
	row->position = (int)position;
	return true;
}
