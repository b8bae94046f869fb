/* TMDB's answers out of the catalogue. */

#include "tests/tmdb-stub/answer.h"

#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/attr.h"
#include "common/base/mem.h"
#include "tests/tmdb-stub/seasons.h"
#include "tests/tmdb-stub/span.h"

#define PAGE      20
#define FOUND_MAX 2000

/* Members of a details answer that come only when asked for. */
static const char *const appendable[] = {
	"credits",       "aggregate_credits", "keywords",
	"release_dates", "content_ratings",   "alternative_titles",
	"external_ids",  "translations",      "images",
	"videos",        "recommendations",   "reviews",
	"_standin",
};

/* Members of a details answer that a row of a search has too. */
static const char *const row_members[] = {
	"adult",
	"backdrop_path",
	"id",
	"title",
	"name",
	"original_title",
	"original_name",
	"original_language",
	"overview",
	"popularity",
	"poster_path",
	"release_date",
	"first_air_date",
	"video",
	"vote_average",
	"vote_count",
};

static const struct {
	int status;
	int code;
	const char *message;
} errors[] = {
	{ 400, 22, "Invalid page: Pages start at 1 and max at 500." },
	{ 401, 7, "Invalid API key: You must be granted a valid key." },
	{ 404, 34, "The resource you requested could not be found." },
	{ 429, 25, "Your request count is over the allowed limit." },
	{ 500, 11, "Internal error: Something went wrong." },
	{ 422, 5, "Invalid parameters: Your request is incorrect." },
};

static bool is_one_of(struct str name, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (str_is(name, names[i]))
			return true;
	}
	return false;
}

static void add_member(struct buf *out, struct str key, struct str value)
{
	if (out->data[out->len - 1] != '{')
		buf_add_char(out, ',');
	buf_add_char(out, '"');
	buf_add(out, key.p, key.n);
	buf_add_str(out, "\":");
	buf_add(out, value.p, value.n);
}

static void write_row(const struct title *t, struct buf *out)
{
	struct span_walk w;
	struct str key;
	struct str value;

	buf_add_char(out, '{');
	span_begin(&w, t->body);
	while (span_next(&w, &key, &value)) {
		if (is_one_of(key, row_members, ARRAY_LEN(row_members)))
			add_member(out, key, value);
	}
	buf_add_char(out, '}');
}

static int number_of(const struct evkeyvalq *query, const char *name,
                     int otherwise)
{
	const char *text = evhttp_find_header(query, name);

	return text == NULL ? otherwise : (int)strtol(text, NULL, 10);
}

int answer_search(const struct catalogue *c, bool tv,
                  const struct evkeyvalq *query, struct buf *out)
{
	const char *text = evhttp_find_header(query, "query");
	int year = number_of(query, "year", 0);
	int page = number_of(query, "page", 1);
	const struct title **found;
	size_t count;

	if (tv && year == 0)
		year = number_of(query, "first_air_date_year", 0);
	if (!tv && year == 0)
		year = number_of(query, "primary_release_year", 0);
	if (text == NULL || *text == '\0')
		return answer_error(422, out);
	found = xcalloc(FOUND_MAX, sizeof(const struct title *));
	count = catalogue_search(c, tv, text, year, found, FOUND_MAX);
	buf_printf(out, "{\"page\":%d,\"results\":[", page);
	for (size_t i = (size_t)(page - 1) * PAGE;
	     page > 0 && i < count && i < (size_t)page * PAGE; i++) {
		if (i > (size_t)(page - 1) * PAGE)
			buf_add_char(out, ',');
		write_row(found[i], out);
	}
	buf_printf(out, "],\"total_pages\":%zu,\"total_results\":%zu}",
	           (count + PAGE - 1) / PAGE, count);
	free(found);
	return 200;
}

static bool asked_for(const char *list, struct str key)
{
	struct str rest = str_of(list == NULL ? "" : list);
	struct str item;

	while (str_cut(&rest, ',', &item)) {
		if (str_eq(item, key))
			return true;
	}
	return false;
}

int answer_details(const struct catalogue *c, bool tv, int64_t id,
                   const struct evkeyvalq *query, struct buf *out)
{
	const char *append = evhttp_find_header(query, "append_to_response");
	const struct title *t = catalogue_title(c, tv, id);
	struct span_walk w;
	struct str key;
	struct str value;

	if (t == NULL)
		return answer_error(404, out);
	buf_add_char(out, '{');
	span_begin(&w, t->body);
	while (span_next(&w, &key, &value)) {
		if (!is_one_of(key, appendable, ARRAY_LEN(appendable)) ||
		    asked_for(append, key))
			add_member(out, key, value);
	}
	if (tv)
		seasons_write(c, id, append, out);
	buf_add_char(out, '}');
	return 200;
}

static void write_found(const struct title *t, struct buf *out)
{
	if (t != NULL)
		write_row(t, out);
}

int answer_find(const struct catalogue *c, const char *imdb_id, struct buf *out)
{
	const int64_t id = strncmp(imdb_id, "tt", 2) == 0
	                           ? strtoll(imdb_id + 2, NULL, 10)
	                           : 0;

	buf_add_str(out, "{\"movie_results\":[");
	write_found(catalogue_title(c, false, id), out);
	buf_add_str(out, "],\"person_results\":[],\"tv_results\":[");
	write_found(catalogue_title(c, true, id), out);
	buf_add_str(out, "],\"tv_episode_results\":[");
	seasons_write_found(c, id, out);
	buf_add_str(out, "],\"tv_season_results\":[]}");
	return 200;
}

int answer_configuration(struct buf *out)
{
	buf_add_str(out, "{\"images\":{\"secure_base_url\":"
	                 "\"https://image.tmdb.org/t/p/\"},"
	                 "\"change_keys\":[]}");
	return 200;
}

int answer_error(int status, struct buf *out)
{
	buf_reset(out);
	for (size_t i = 0; i < ARRAY_LEN(errors); i++) {
		if (errors[i].status == status)
			buf_printf(out,
			           "{\"success\":false,\"status_code\":%d,"
			           "\"status_message\":\"%s\"}",
			           errors[i].code, errors[i].message);
	}
	return status;
}
