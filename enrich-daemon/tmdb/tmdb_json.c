/* TMDB's values are nobody's promise: each is checked where it is read. */
#include "enrich-daemon/tmdb/tmdb_json.h"

#include <ctype.h>
#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "common/base/str.h"

#define PATH_MAX_BYTES 200

/* The largest answer seen with everything appended has 340 KB. */
const struct json_limits tmdb_json_limits = {
	.bytes_max = (size_t)8 << 20,
	.nodes_max = 400000,
	.depth_max = 32,
};

static struct str string_of(const struct json *j)
{
	if (j == NULL || j->type != JSON_STRING)
		return (struct str){ "", 0 };
	return (struct str){ j->string, j->len };
}

const char *tmdb_text(struct arena *arena, const struct json *j, size_t max)
{
	struct str s = str_trim(string_of(j));

	if (s.n == 0 || !str_is_utf8(s))
		return NULL;
	if (s.n > max) {
		s.n = max;
		while (s.n > 0 && ((unsigned char)s.p[s.n] & 0xC0) == 0x80)
			s.n--;
	}
	return s.n == 0 ? NULL : arena_strndup(arena, s.p, s.n);
}

const char *tmdb_date(struct arena *arena, const struct json *j)
{
	struct str s = string_of(j);

	if (s.n > 10 && s.p[10] == 'T')
		s.n = 10;
	return str_is_date(s) ? arena_strndup(arena, s.p, s.n) : NULL;
}

int tmdb_year(const char *date)
{
	int64_t year = 0;

	if (date == NULL ||
	    !str_to_int64((struct str){ date, 4 }, 1, 9999, &year))
		return 0;
	return (int)year;
}

const char *tmdb_path(struct arena *arena, const struct json *j)
{
	const struct str s = string_of(j);

	if (s.n < 2 || s.n > PATH_MAX_BYTES || s.p[0] != '/')
		return NULL;
	for (size_t i = 1; i < s.n; i++)
		if (!isalnum((unsigned char)s.p[i]) &&
		    strchr("-_.", s.p[i]) == NULL)
			return NULL;
	return arena_strndup(arena, s.p, s.n);
}

const char *tmdb_code(struct arena *arena, const struct json *j, size_t min,
                      size_t max)
{
	const struct str s = string_of(j);

	if (s.n < min || s.n > max)
		return NULL;
	for (size_t i = 0; i < s.n; i++)
		if (!isalpha((unsigned char)s.p[i]))
			return NULL;
	return arena_strndup(arena, s.p, s.n);
}

int64_t tmdb_id(const struct json *j)
{
	const int64_t id = json_as_int(j, 0);

	return id > 0 ? id : 0;
}

int64_t tmdb_count(const struct json *j, int64_t max)
{
	const double number = json_as_double(j, 0);

	if (!(number > 0))
		return 0;
	return number >= (double)max ? max : (int64_t)number;
}

double tmdb_real(const struct json *j, double max)
{
	const double number = json_as_double(j, 0);

	/* Postgres refuses what a float would lose. */
	if (!isfinite(number) || number < (double)FLT_MIN)
		return 0;
	return number > max ? max : number;
}
