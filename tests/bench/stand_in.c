/*
 * A catalogue in memory, searched by words, and calls taken apart.
 */
#include "tests/bench/stand_in.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wctype.h>

#include "common/base/error.h"
#include "common/base/mem.h"
#include "common/json/json_write.h"
#include "enrich-daemon/match/film_name.h"

#define PAGE_ROWS  20
#define WORD_SHARE 0.6 /* of the query's words that a hit must have */

static const char *words_of(struct arena *arena, const struct tmdb_title *t)
{
	struct buf b;

	buf_init(&b, STAND_IN_BYTES_MAX);
	buf_printf(&b, " %s %s ", film_name_new(arena, t->name)->spaced,
	           film_name_new(arena, t->original_name)->spaced);
	for (size_t i = 0; i < t->alternative_names.count; i++)
		buf_printf(&b, "%s ",
		           film_name_new(arena, t->alternative_names.items[i])
		                   ->spaced);
	const char *words = arena_strdup(arena, b.data);
	buf_deinit(&b);
	return words;
}

/* As lower() of Postgres has it. */
static const wchar_t *lower_of(struct arena *arena, const char *name)
{
	const size_t cap = strlen(name) + 1;
	wchar_t *lower = arena_alloc(arena, cap * sizeof(*lower));
	const size_t n = mbstowcs(lower, name, cap);

	for (size_t i = 0; n != (size_t)-1 && i < n; i++)
		lower[i] = (wchar_t)towlower((wint_t)lower[i]);
	return lower;
}

void stand_in_add(struct stand_in *c, struct str line)
{
	struct error err;
	const struct tmdb_title *title =
		tmdb_title_parse(c->arena, TITLE_MOVIE, line.p, line.n, &err);

	if (title == NULL) {
		fprintf(stderr, "line %zu: %s\n", c->count + 1, err.message);
		exit(1);
	}
	if (c->count == c->cap) {
		c->cap = c->cap == 0 ? 1024 : c->cap * 2;
		c->entries =
			xreallocarray(c->entries, c->cap, sizeof(*c->entries));
	}
	c->entries[c->count++] = (struct entry){
		.body = line,
		.title = title,
		.words = words_of(c->arena, title),
		.lower = lower_of(c->arena, title->original_name),
		.rank = log10(1 + (double)title->vote_count),
	};
}

static bool released_in(const struct tmdb_title *t, int year)
{
	char prefix[16];
	bool found;

	(void)snprintf(prefix, sizeof(prefix), "%04d-", year);
	found = t->released_on != NULL &&
	        strncmp(t->released_on, prefix, 5) == 0;
	for (size_t i = 0; !found && i < t->release_dates.count; i++)
		found = strncmp(t->release_dates.items[i], prefix, 5) == 0;
	return found;
}

static double words_share(const char *words, const char *query)
{
	struct str rest = str_of(query), word;
	char padded[FILM_NAME_MAX + 3];
	int all = 0, found = 0;

	while (str_cut(&rest, ' ', &word)) {
		if (word.n == 0 || word.n > FILM_NAME_MAX)
			continue;
		(void)snprintf(padded, sizeof(padded), " %.*s ", (int)word.n,
		               word.p);
		all++;
		found += strstr(words, padded) != NULL ? 1 : 0;
	}
	return all > 0 ? (double)found / all : 0;
}

bool stand_in_knows(const struct entry *entry, const char *query)
{
	return words_share(entry->words, query) >= 1;
}

struct hit {
	const struct entry *entry;
	double score;
};

static int hit_compare_cb(const void *a, const void *b)
{
	const struct hit *x = a, *y = b;

	return x->score > y->score ? -1 : x->score < y->score;
}

static void write_row(struct json_writer *w, const struct tmdb_title *t)
{
	json_object_begin(w);
	json_key(w, "id");
	json_int(w, t->id);
	json_key(w, "title");
	json_string(w, t->name);
	json_key(w, "original_title");
	json_string(w, t->original_name);
	json_key(w, "release_date");
	json_string(w, t->released_on != NULL ? t->released_on : "");
	json_key(w, "vote_count");
	json_int(w, t->vote_count);
	json_object_end(w);
}

static void write_page(struct buf *out, const struct hit *hits, size_t count,
                       int page)
{
	struct json_writer *w = json_writer_new(out);
	const size_t from = (size_t)(page - 1) * PAGE_ROWS;

	json_object_begin(w);
	json_key(w, "total_pages");
	json_int(w, (int64_t)((count + PAGE_ROWS - 1) / PAGE_ROWS));
	json_key(w, "results");
	json_array_begin(w);
	for (size_t i = from; i < count && i < from + PAGE_ROWS; i++)
		write_row(w, hits[i].entry->title);
	json_array_end(w);
	json_object_end(w);
	json_writer_end(&w);
}

static void search(const struct stand_in *c, const char *text, int year,
                   int page, struct buf *out)
{
	struct arena *arena = arena_new();
	const char *query = film_name_new(arena, text)->spaced;
	struct hit *hits = xcalloc(c->count, sizeof(*hits));
	size_t count = 0;

	for (size_t i = 0; i < c->count; i++) {
		const struct entry *e = &c->entries[i];
		const double share = words_share(e->words, query);

		if (share >= WORD_SHARE && e->title->id != c->hidden_id &&
		    (year == 0 || released_in(e->title, year)))
			hits[count++] = (struct hit){ e, 4 * share + e->rank };
	}
	qsort(hits, count, sizeof(*hits), hit_compare_cb);
	write_page(out, hits, count, page);
	free(hits);
	arena_free(&arena);
}

const struct entry *stand_in_find(const struct stand_in *c, int64_t id)
{
	for (size_t i = 0; i < c->count; i++)
		if (c->entries[i].title->id == id)
			return &c->entries[i];
	return NULL;
}

/* --- the index ------------------------------------------------------------ */

int64_t stand_in_index(const struct stand_in *c, struct arena *arena,
                       const char *name)
{
	const wchar_t *lower = lower_of(arena, name);
	double best = -1, next = -1;
	int64_t id = 0;

	for (size_t i = 0; i < c->count; i++) {
		const struct tmdb_title *t = c->entries[i].title;

		if (wcscmp(c->entries[i].lower, lower) != 0 ||
		    t->id == c->hidden_id)
			continue;
		if (t->popularity > best) {
			next = best;
			best = t->popularity;
			id = t->id;
		} else if (t->popularity > next) {
			next = t->popularity;
		}
	}
	return next < 0 || (best > 0 && best >= 10 * next) ? id : 0;
}

/* --- calls ---------------------------------------------------------------- */

static int hex_value(char c)
{
	return c <= '9' ? c - '0' : c - 'A' + 10;
}

/* The parameter's value, decoded; "" when there is none. */
static void param(const char *call, const char *key, char *out, size_t cap)
{
	const char *at = strstr(call, key);
	size_t n = 0;

	out[0] = '\0';
	if (at == NULL)
		return;
	for (at += strlen(key); *at != '\0' && *at != '&' && n + 1 < cap;
	     at++) {
		if (*at != '%') {
			out[n++] = *at;
			continue;
		}
		out[n++] = (char)(hex_value(at[1]) * 16 + hex_value(at[2]));
		at += 2;
	}
	out[n] = '\0';
}

static int param_int(const char *call, const char *key, int otherwise)
{
	char text[32];
	int64_t value;

	param(call, key, text, sizeof(text));
	return str_to_int64(str_of(text), 0, 99999, &value) ? (int)value
	                                                    : otherwise;
}

int stand_in_answer(const struct stand_in *c, const char *call, struct buf *out)
{
	int64_t id = 0;

	if (strncmp(call, "/3/search/movie?", 16) == 0) {
		char text[FILM_NAME_MAX * 2];

		param(call, "?query=", text, sizeof(text));
		search(c, text, param_int(call, "&year=", 0),
		       param_int(call, "&page=", 1), out);
		return 200;
	}
	if (strncmp(call, "/3/search/tv?", 13) == 0) {
		buf_add_str(out, "{\"results\":[],\"total_pages\":0}");
		return 200;
	}
	const struct str tail = str_of(call + strlen("/3/movie/"));
	const struct entry *e = NULL;
	if (str_to_int64((struct str){ tail.p, strcspn(tail.p, "?") }, 1,
	                 INT64_MAX, &id))
		e = stand_in_find(c, id);
	if (e == NULL) {
		buf_add_str(out,
		            "{\"status_code\":34,\"status_message\":\"\"}");
		return 404;
	}
	buf_add(out, e->body.p, e->body.n);
	return 200;
}
