/* The fields of an export's rows, one function each. */
#include "api-server/import/rows_field.h"

#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "api-server/import/letterboxd_link.h"

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

	if (row->outcome == IMPORT_REJECTED)
		return false;
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
	if (value.n == strlen("YYYY-MM-DD") && value.p[4] == '-' &&
	    value.p[7] == '-')
		return REJECT_VALUE(
			arena, row, value,
			"the calendar has no day \"%.*s\" (YYYY-MM-DD); "
			"correct it, or upload the file as it was downloaded");
	return REJECT_VALUE(
		arena, row, value,
		"the date \"%.*s\" is not written YYYY-MM-DD; Excel "
		"and the like rewrite dates when they save: upload "
		"the file as it was downloaded");
}

static bool has_no_date(struct arena *arena, struct import_row *row)
{
	return row_reject(arena, row, "it has no date");
}

bool field_date(struct arena *arena, struct str value, struct import_row *row)
{
	value = str_trim(value);
	if (value.n == 0)
		return has_no_date(arena, row);
	return read_date(arena, value, row, &row->date);
}

bool field_logged_on(struct arena *arena, struct str value,
                     struct import_row *row)
{
	value = str_trim(value);
	return value.n == 0 || read_date(arena, value, row, &row->date);
}

bool field_watched_on(struct arena *arena, struct str value,
                      struct import_row *row)
{
	value = str_trim(value);
	if (value.n > 0 && !read_date(arena, value, row, &row->watched_on))
		return false;
	if (row->date == NULL)
		row->date = row->watched_on;
	return row->date != NULL || has_no_date(arena, row);
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

/* "2023.0", "4,50": the part before the point or comma, and the part behind it
 * without the zeros at its end. */
struct decimal {
	struct str whole;
	struct str fraction;
};

static struct decimal read_decimal(struct str value)
{
	struct decimal d = { .whole = value };

	for (size_t i = 0; i < d.whole.n; i++) {
		if (d.whole.p[i] != '.' && d.whole.p[i] != ',')
			continue;
		d.fraction =
			(struct str){ d.whole.p + i + 1, d.whole.n - i - 1 };
		d.whole.n = i;
	}
	while (str_ends(d.fraction, "0"))
		d.fraction.n--;
	return d;
}

bool field_year(struct arena *arena, struct str value, struct import_row *row)
{
	value = str_trim(value);
	if (value.n == 0)
		return true;

	const struct decimal d = read_decimal(value);
	int64_t year;
	if (d.whole.n != 4 || d.fraction.n > 0 ||
	    !str_to_int64(d.whole, YEAR_MIN, YEAR_MAX, &year))
		return REJECT_VALUE(
			arena, row, value,
			"the year \"%.*s\" is not one from 1800 to "
			"2200, of four digits; correct it, or upload "
			"the file as it was downloaded");
	row->year = (int)year;
	return true;
}

/* As the site shows a rating: a star for each, and a half. */
static int count_stars(struct str value)
{
	static const char star[] = "\xe2\x98\x85"; /* U+2605 */
	static const char half[] = "\xc2\xbd";     /* U+00BD */
	int halves = 0;

	while (str_starts(value, star) && halves <= 10) {
		value.p += sizeof(star) - 1;
		value.n -= sizeof(star) - 1;
		halves += 2;
	}
	if (str_is(value, half))
		return halves + 1;
	return value.n == 0 ? halves : 0;
}

/* 0: it is no rating. */
static int half_stars(struct str value)
{
	const struct decimal d = read_decimal(value);
	int halves = 0;

	if (d.whole.n == 1 && d.whole.p[0] >= '0' && d.whole.p[0] <= '5' &&
	    (d.fraction.n == 0 || str_is(d.fraction, "5")))
		halves = (d.whole.p[0] - '0') * 2 + (int)d.fraction.n;
	else
		halves = count_stars(value);
	return halves <= 10 ? halves : 0;
}

bool field_rating(struct arena *arena, struct str value, struct import_row *row)
{
	value = str_trim(value);
	if (value.n == 0)
		return true;
	row->rating = half_stars(value);
	if (row->rating > 0)
		return true;
	return REJECT_VALUE(arena, row, value,
	                    "the rating \"%.*s\" is none of 0.5, 1, 1.5 ... "
	                    "4.5, 5, with a point or a comma; correct it, or "
	                    "upload the file as it was downloaded");
}

bool field_rating_required(struct arena *arena, struct str value,
                           struct import_row *row)
{
	if (str_trim(value).n == 0)
		return row_reject(arena, row, "it has no rating");
	return field_rating(arena, value, row);
}

static bool is_word(struct str value, const char *word)
{
	return value.n == strlen(word) &&
	       strncasecmp(value.p, word, value.n) == 0;
}

bool field_rewatch(struct arena *arena, struct str value,
                   struct import_row *row)
{
	value = str_trim(value);
	row->rewatch = is_word(value, "Yes");
	if (row->rewatch || is_word(value, "No") || value.n == 0)
		return true;
	return REJECT_VALUE(arena, row, value,
	                    "Rewatch is \"%.*s\" and not Yes, No or empty; "
	                    "correct it, or upload the file as it was "
	                    "downloaded");
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
	char *tags = arena_alloc(arena, value.n + 1);
	char *end = tags;
	while (next_tag(&value, &tag)) {
		if (tag.n == 0)
			continue;
		if (end > tags)
			end = mempcpy(end, ", ", 2);
		end = mempcpy(end, tag.p, tag.n);
	}
	row->tags = tags;
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
		                    "exports it; upload the file as it was "
		                    "downloaded");
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

	value = str_trim(value);
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

	value = str_trim(value);
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
	value = str_trim(value);

	const struct decimal d = read_decimal(value);
	int64_t position;
	if (d.fraction.n > 0 || !str_to_int64(d.whole, 1, INT_MAX, &position))
		return REJECT_VALUE(arena, row, value,
		                    "the position \"%.*s\" is not a number "
		                    "from 1; correct it, or upload the file as "
		                    "it was downloaded");
	row->position = (int)position;
	return true;
}
