/* Episodes of the catalogue, put together to seasons. */

#include "tests/tmdb-stub/seasons.h"

#include <inttypes.h>

#include "common/base/str.h"
#include "tests/tmdb-stub/span.h"

static bool is_of(const struct episode *e, int64_t series, int64_t season)
{
	return e->series == series && e->season == season;
}

static const struct episode *first_of(const struct catalogue *c, int64_t series,
                                      int64_t season)
{
	const struct episode *e = catalogue_episodes(c);

	while (e != NULL && !is_of(e, series, season))
		e = e->next;
	return e;
}

static void write_head(const struct episode *first, struct buf *out)
{
	const struct str date = span_get(str_of(first->text), "air_date");

	buf_printf(out, "{\"season_number\":%d,\"air_date\":%.*s",
	           first->season, (int)date.n, date.p);
}

/* How many of them the catalogue has. */
static int episode_count(const struct episode *first)
{
	int n = 0;

	for (const struct episode *e = first; e != NULL; e = e->next)
		n += is_of(e, first->series, first->season);
	return n;
}

/* A season begins with the first of its episodes in the catalogue. */
static void write_list(const struct catalogue *c, int64_t series,
                       struct buf *out)
{
	const struct episode *e = catalogue_episodes(c);
	const char *between = "";

	buf_add_str(out, ",\"seasons\":[");
	for (; e != NULL; e = e->next) {
		if (e->series != series || first_of(c, series, e->season) != e)
			continue;
		buf_add_str(out, between);
		write_head(e, out);
		buf_printf(out, ",\"episode_count\":%d}", episode_count(e));
		between = ",";
	}
	buf_add_char(out, ']');
}

static void write_season(const struct episode *first, struct buf *out)
{
	const char *between = "";

	buf_printf(out, ",\"season/%d\":", first->season);
	write_head(first, out);
	buf_add_str(out, ",\"episodes\":[");
	for (const struct episode *e = first; e != NULL; e = e->next) {
		if (!is_of(e, first->series, first->season))
			continue;
		buf_add_str(out, between);
		buf_add_str(out, e->text);
		between = ",";
	}
	buf_add_str(out, "]}");
}

void seasons_write(const struct catalogue *c, int64_t series,
                   const char *append, struct buf *out)
{
	const struct str prefix = STR_LIT("season/");
	struct str rest = str_of(append == NULL ? "" : append);
	struct str item;

	write_list(c, series, out);
	while (str_cut(&rest, ',', &item)) {
		const struct episode *first;
		int64_t season;

		if (!str_starts(item, prefix.p) ||
		    !str_to_int64((struct str){ item.p + prefix.n,
		                                item.n - prefix.n },
		                  0, INT32_MAX, &season))
			continue;
		first = first_of(c, series, season);
		if (first != NULL)
			write_season(first, out);
	}
}

void seasons_write_found(const struct catalogue *c, int64_t id, struct buf *out)
{
	for (const struct episode *e = catalogue_episodes(c); e != NULL;
	     e = e->next)
		if (e->id == id)
			buf_add_str(out, e->text);
}
