/* The titles of the stand-in, by id and by word. */

#include "tests/tmdb-stub/catalogue.h"

#include <search.h>
#include <stdlib.h>
#include <zlib.h>

#include "common/base/buf.h"
#include "common/base/mem.h"
#include "tests/tmdb-stub/span.h"
#include "tests/tmdb-stub/tsv.h"
#include "tests/tmdb-stub/words.h"

#define LINE_MAX_BYTES (8 << 20)

/* Titles that have a word in one of their names. */
struct posting {
	const char *word; /* text, or what is looked for */
	char *text;
	struct title **titles;
	size_t count;
	size_t capacity;
};

/* Balanced trees of tsearch(3): of struct posting and of struct title. */
struct catalogue {
	void *by_word;
	void *by_id;
	size_t count;
	struct episode *episodes;
	struct episode **episodes_end;
};

static int compare_postings(const void *a, const void *b)
{
	const struct posting *x = a;
	const struct posting *y = b;

	return strcmp(x->word, y->word);
}

static int compare_titles(const void *a, const void *b)
{
	const struct title *x = a;
	const struct title *y = b;

	if (x->tv != y->tv)
		return x->tv ? 1 : -1;
	return (x->id > y->id) - (x->id < y->id);
}

static void add_year(struct title *t, const char *date)
{
	int year = date == NULL ? 0 : (int)strtol(date, NULL, 10);

	if (year < 1800 || t->year_count == TITLE_YEARS_MAX)
		return;
	for (int i = 0; i < t->year_count; i++) {
		if (t->years[i] == year)
			return;
	}
	t->years[t->year_count++] = year;
}

static void add_name(struct title *t, char *name)
{
	if (name == NULL || *name == '\0' || t->name_count == TITLE_NAMES_MAX) {
		free(name);
		return;
	}
	t->names[t->name_count++] = name;
}

/* Every "member": "string" anywhere below text. */
static void each_string(struct str text, const char *member,
                        void (*add)(struct title *, char *), struct title *t)
{
	char *pattern = xasprintf("\"%s\"", member);
	const char *at = text.p;
	const char *end = text.p + text.n;

	while (at != NULL && at < end) {
		struct str value;

		at = memmem(at, (size_t)(end - at), pattern, strlen(pattern));
		if (at == NULL)
			break;
		at += strlen(pattern);
		while (at < end && (*at == ':' || *at == ' '))
			at++;
		value = (struct str){ at, 1 };
		while (at < end && *at == '"' && value.n < 400 &&
		       at + value.n < end &&
		       (at[value.n] != '"' || at[value.n - 1] == '\\'))
			value.n++;
		value.n++;
		add(t, span_string(value));
	}
	free(pattern);
}

static void add_release(struct title *t, char *date)
{
	add_year(t, date);
	free(date);
}

static struct posting *find_posting(const struct catalogue *c, const char *word)
{
	const struct posting key = { .word = word };
	struct posting **found = tfind(&key, &c->by_word, compare_postings);

	return found == NULL ? NULL : *found;
}

static struct posting *add_posting(struct catalogue *c, const char *word)
{
	struct posting *p = xcalloc(1, sizeof(*p));

	p->text = xstrdup(word);
	p->word = p->text;
	ensure(tsearch(p, &c->by_word, compare_postings) != NULL);
	return p;
}

static void index_word(struct catalogue *c, const char *word, struct title *t)
{
	struct posting *p = find_posting(c, word);

	if (p == NULL)
		p = add_posting(c, word);
	if (p->count > 0 && p->titles[p->count - 1] == t)
		return;
	if (p->count == p->capacity) {
		p->capacity = p->capacity ? p->capacity * 2 : 4;
		p->titles = xreallocarray(p->titles, p->capacity,
		                          sizeof(struct title *));
	}
	p->titles[p->count++] = t;
}

static void index_title(struct catalogue *c, struct title *t)
{
	for (int i = 0; i < t->name_count; i++) {
		struct words w;

		words_init(&w, t->names[i]);
		for (int k = 0; k < w.count; k++)
			index_word(c, w.word[k], t);
		words_deinit(&w);
	}
}

/* Takes over the body. */
static void add_body(struct catalogue *c, char *body, bool tv)
{
	struct str text = str_of(body);
	struct title *t = xcalloc(1, sizeof(*t));
	char *date = span_string(
		span_get(text, tv ? "first_air_date" : "release_date"));

	t->tv = tv;
	t->text = body;
	t->body = text;
	t->id = (int64_t)span_number(span_get(text, "id"));
	t->popularity = span_number(span_get(text, "vote_count"));
	add_name(t, span_string(span_get(text, tv ? "name" : "title")));
	add_name(t, span_string(span_get(text, tv ? "original_name"
	                                          : "original_title")));
	each_string(span_get(text, "alternative_titles"), "title", add_name, t);
	add_year(t, date);
	each_string(span_get(text, "release_dates"), "release_date",
	            add_release, t);
	free(date);
	ensure(*(struct title **)tsearch(t, &c->by_id, compare_titles) == t);
	c->count++;
	index_title(c, t);
}

/* Takes over the text. */
static void add_episode(struct catalogue *c, char *text)
{
	const struct str body = str_of(text);
	struct episode *e = xcalloc(1, sizeof(*e));

	e->text = text;
	e->id = (int64_t)span_number(span_get(body, "id"));
	e->series = (int64_t)span_number(span_get(body, "show_id"));
	e->season = (int)span_number(span_get(body, "season_number"));
	*c->episodes_end = e;
	c->episodes_end = &e->next;
}

static bool load_line(struct catalogue *c, const char *line, bool tsv)
{
	struct buf out;
	enum tsv_kind kind;

	if (!tsv) {
		add_body(c, xstrdup(line),
		         span_get(str_of(line), "first_air_date").p != NULL);
		return true;
	}
	if (*line == '#')
		return true;
	buf_init(&out, LINE_MAX_BYTES);
	if (!tsv_expand(line, &out, &kind)) {
		buf_deinit(&out);
		return false;
	}
	if (kind == TSV_EPISODE)
		add_episode(c, buf_steal(&out));
	else
		add_body(c, buf_steal(&out), kind == TSV_TV);
	return true;
}

struct catalogue *catalogue_load(const char *path, struct error *err)
{
	struct catalogue *c = xcalloc(1, sizeof(*c));
	bool tsv = str_ends(str_of(path), ".tsv");
	gzFile file = gzopen(path, "rb");
	char *line = xmalloc(LINE_MAX_BYTES);
	int number = 0;

	c->episodes_end = &c->episodes;
	if (file == NULL) {
		error_set(err, "cannot read the catalogue %s", path);
		goto failed;
	}
	while (gzgets(file, line, LINE_MAX_BYTES) != NULL) {
		number++;
		line[strcspn(line, "\r\n")] = '\0';
		if (*line != '\0' && !load_line(c, line, tsv)) {
			error_set(err, "%s:%d: not a line of a catalogue", path,
			          number);
			goto failed;
		}
	}
	gzclose(file);
	free(line);
	return c;
failed:
	if (file != NULL)
		gzclose(file);
	free(line);
	catalogue_free(&c);
	return NULL;
}

static void posting_free_cb(void *arg)
{
	struct posting *p = arg;

	free(p->text);
	free(p->titles);
	free(p);
}

static void title_free_cb(void *arg)
{
	struct title *t = arg;

	free(t->text);
	for (int i = 0; i < t->name_count; i++)
		free(t->names[i]);
	free(t);
}

void catalogue_free(struct catalogue **c)
{
	if (*c == NULL)
		return;
	tdestroy((*c)->by_word, posting_free_cb);
	tdestroy((*c)->by_id, title_free_cb);
	while ((*c)->episodes != NULL) {
		struct episode *e = (*c)->episodes;

		(*c)->episodes = e->next;
		free(e->text);
		free(e);
	}
	free(*c);
	*c = NULL;
}

size_t catalogue_count(const struct catalogue *c)
{
	return c->count;
}

const struct title *catalogue_title(const struct catalogue *c, bool tv,
                                    int64_t id)
{
	const struct title key = { .tv = tv, .id = id };
	struct title *const *found = tfind(&key, &c->by_id, compare_titles);

	return found == NULL ? NULL : *found;
}

const struct episode *catalogue_episodes(const struct catalogue *c)
{
	return c->episodes;
}

struct each {
	void (*call)(const struct title *t, void *arg);
	void *arg;
};

static void each_cb(const void *node, VISIT visit, void *arg)
{
	const struct each *each = arg;

	if (visit == postorder || visit == leaf)
		each->call(*(struct title *const *)node, each->arg);
}

void catalogue_each(const struct catalogue *c,
                    void (*call)(const struct title *t, void *arg), void *arg)
{
	twalk_r(c->by_id, each_cb, &(struct each){ call, arg });
}

static bool name_has_all(const char *name, const struct words *query)
{
	struct words w;
	int hits = 0;

	words_init(&w, name);
	for (int q = 0; q < query->count; q++) {
		for (int k = 0; k < w.count; k++) {
			if (strcmp(w.word[k], query->word[q]) == 0) {
				hits++;
				break;
			}
		}
	}
	words_deinit(&w);
	return hits == query->count;
}

static bool title_fits(const struct title *t, bool tv, int year,
                       const struct words *query)
{
	bool in_year = year == 0;

	for (int i = 0; i < t->year_count && !in_year; i++)
		in_year = t->years[i] == year;
	if (!in_year || t->tv != tv)
		return false;
	for (int i = 0; i < t->name_count; i++) {
		if (name_has_all(t->names[i], query))
			return true;
	}
	return false;
}

/* The shortest posting list among the words of the query. */
static const struct posting *rarest(const struct catalogue *c,
                                    const struct words *query)
{
	const struct posting *best = NULL;

	for (int i = 0; i < query->count; i++) {
		const struct posting *p = find_posting(c, query->word[i]);

		if (p == NULL)
			return NULL;
		if (best == NULL || p->count < best->count)
			best = p;
	}
	return best;
}

static int by_popularity(const void *a, const void *b)
{
	const struct title *const *x = a;
	const struct title *const *y = b;

	if ((*x)->popularity > (*y)->popularity)
		return -1;
	return (*x)->popularity < (*y)->popularity;
}

size_t catalogue_search(const struct catalogue *c, bool tv, const char *query,
                        int year, const struct title **found, size_t max)
{
	struct words words;
	const struct posting *p;
	size_t count = 0;

	words_init(&words, query);
	p = rarest(c, &words);
	for (size_t i = 0; p != NULL && i < p->count && count < max; i++) {
		if (title_fits(p->titles[i], tv, year, &words))
			found[count++] = p->titles[i];
	}
	words_deinit(&words);
	qsort(found, count, sizeof(const struct title *), by_popularity);
	return count;
}
