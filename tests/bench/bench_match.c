/*
 * How well films are matched:
 *	bench_match CATALOGUE.jsonl TRUTH.tsv [--without-right] [--index]
 *		[--namesakes]
 *
 * The catalogue has one details answer of TMDB a line (a film with its parts
 * appended); the table has at least the columns letterboxd_title,
 * letterboxd_year and tmdb_id. Every row becomes a lookup whose calls are
 * answered from the catalogue, by a search that is worse than TMDB's: words in
 * any of the names, the best known first, the exact name not preferred.
 * Prints counts and every miss with its reason. With --without-right the right
 * film is hidden from each search: whatever is matched then is wrong. With
 * --index a film whose name is an original name of the catalogue is given what
 * the daemon's index would give (sql/queries/job/claim.sql). With --namesakes
 * the catalogue has one more film for each film of the table that it has: of the
 * table's year and name (where the catalogue does not know the film by that
 * name, of its name there), with 0 to 20 votes. It is never the right one.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wchar.h>
#include <wctype.h>

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/base/error.h"
#include "common/base/mem.h"
#include "common/base/str.h"
#include "common/json/json_write.h"
#include "enrich-daemon/match/film_name.h"
#include "enrich-daemon/match/lookup.h"
#include "enrich-daemon/tmdb/tmdb_title.h"
#include "tests/bench/namesake.h"

#define PAGE_ROWS    20
#define ANSWER_BYTES (1 << 20)
#define WORD_SHARE   0.6 /* of the query's words that a hit must have */
struct entry {
	struct str body;
	const struct tmdb_title *title;
	const char *words;    /* of all its names, " a b c " */
	const wchar_t *lower; /* its original name, as the index has it */
	double rank;
};

struct catalogue {
	struct arena *arena;
	struct entry *entries;
	size_t count;
	size_t cap;
	bool hides_right;
	bool has_index;
	bool has_namesakes;
	int64_t hidden_id;
};

static struct str file_map(const char *path)
{
	struct stat st;
	const int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st) < 0 || st.st_size == 0) {
		perror(path);
		exit(1);
	}
	void *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED) {
		perror(path);
		exit(1);
	}
	close(fd);
	return (struct str){ p, (size_t)st.st_size };
}

/* --- the stand-in --------------------------------------------------------- */

static const char *words_of(struct arena *arena, const struct tmdb_title *t)
{
	struct buf b;

	buf_init(&b, ANSWER_BYTES);
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

static void catalogue_add(struct catalogue *c, struct str line)
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

static void search(const struct catalogue *c, const char *text, int year,
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

static const struct entry *entry_by_id(const struct catalogue *c, int64_t id)
{
	for (size_t i = 0; i < c->count; i++)
		if (c->entries[i].title->id == id)
			return &c->entries[i];
	return NULL;
}

/* --- the index ------------------------------------------------------------ */

/* The most popular film of that name, if it is ten times as popular as the
 * next; 0: none. */
static int64_t index_find(const struct catalogue *c, struct arena *arena,
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

/* What TMDB would answer; the status. */
static int answer(const struct catalogue *c, const char *call, struct buf *out)
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
		e = entry_by_id(c, id);
	if (e == NULL) {
		buf_add_str(out,
		            "{\"status_code\":34,\"status_message\":\"\"}");
		return 404;
	}
	buf_add(out, e->body.p, e->body.n);
	return 200;
}

/* --- the table ------------------------------------------------------------ */

#define COLUMNS_MAX 16
#define CALLS_SEEN  10
#define CONFIDENCES 3

struct truth {
	int title, year, id; /* columns */
};

struct counts {
	int rows, absent;
	int matched[CONFIDENCES], wrong[CONFIDENCES];
	int ambiguous, not_found;
	int absent_matched[CONFIDENCES];
	int indexed, by_index; /* given by the index; and believed */
	int by_calls[CALLS_SEEN];
	int calls;
};

static int cut_columns(struct str line, struct str *columns)
{
	int n = 0;

	while (n < COLUMNS_MAX && str_cut(&line, '\t', &columns[n]))
		n++;
	return n;
}

static struct truth truth_columns(struct str header)
{
	struct str columns[COLUMNS_MAX];
	struct truth t = { -1, -1, -1 };
	const int n = cut_columns(header, columns);

	for (int i = 0; i < n; i++) {
		if (str_is(columns[i], "letterboxd_title"))
			t.title = i;
		else if (str_is(columns[i], "letterboxd_year"))
			t.year = i;
		else if (str_is(columns[i], "tmdb_id"))
			t.id = i;
	}
	if (t.title < 0 || t.year < 0 || t.id < 0) {
		fprintf(stderr, "the table needs the columns letterboxd_title, "
		                "letterboxd_year and tmdb_id\n");
		exit(1);
	}
	return t;
}

static const struct lookup_verdict *run(const struct catalogue *c,
                                        struct lookup *l)
{
	enum title_kind kind;
	const char *call;
	int64_t id;

	while ((call = lookup_wants(l, &kind, &id)) != NULL) {
		struct error err;
		struct buf body;

		buf_init(&body, ANSWER_BYTES);
		const int status = answer(c, call, &body);
		if (!lookup_answer(l, status, body.data, body.len, &err)) {
			fprintf(stderr, "%s: %s\n", call, err.message);
			exit(1);
		}
		buf_deinit(&body);
	}
	return lookup_verdict(l);
}

static void print_miss(const char *what, const struct lookup_film *film,
                       const struct entry *right,
                       const struct lookup_verdict *v)
{
	printf("%-12s %s (%d)", what, film->title, film->year);
	if (v->title != NULL)
		printf(" -> %s / %s (%s) by %s", v->title->name,
		       v->title->original_name,
		       v->title->released_on ? v->title->released_on : "",
		       v->method);
	if (right != NULL)
		printf("; right: %s / %s (%s)", right->title->name,
		       right->title->original_name,
		       right->title->released_on ? right->title->released_on
		                                 : "");
	for (int i = 0; v->title == NULL && i < v->candidate_count; i++)
		printf("%s %s (%s) %.2f", i == 0 ? "; seen:" : ",",
		       v->candidates[i].name,
		       v->candidates[i].date ? v->candidates[i].date : "",
		       v->candidates[i].score);
	printf("\n");
}

static const char *const confidences[CONFIDENCES] = { "high", "medium", "low" };

static int confidence_of(const struct lookup_verdict *v)
{
	int at = 0;

	while (strcmp(v->confidence, confidences[at]) != 0)
		at++;
	return at;
}

static void count_absent(struct counts *n, const struct lookup_film *film,
                         const struct lookup_verdict *v)
{
	n->absent++;
	if (v->state != LOOKUP_MATCHED)
		return;
	n->absent_matched[confidence_of(v)]++;
	print_miss(v->confidence, film, NULL, v);
}

static void count_present(struct counts *n, const struct lookup_film *film,
                          const struct entry *right,
                          const struct lookup_verdict *v)
{
	n->rows++;
	n->calls += v->calls;
	n->by_calls[v->calls]++;
	n->indexed += film->indexed_id > 0 ? 1 : 0;
	n->by_index += strcmp(v->method, "index") == 0 ? 1 : 0;
	if (v->state != LOOKUP_MATCHED) {
		const bool ambiguous = v->state == LOOKUP_AMBIGUOUS;

		n->ambiguous += ambiguous ? 1 : 0;
		n->not_found += ambiguous ? 0 : 1;
		print_miss(ambiguous ? "ambiguous" : "not found", film, right,
		           v);
		return;
	}
	const int at = confidence_of(v);
	n->matched[at]++;
	if (v->title->id == right->title->id)
		return;
	n->wrong[at]++;
	printf("wrong ");
	print_miss(confidences[at], film, right, v);
}

/* The row's film and the id of the right title; false when it is no row. */
static bool row_read(struct arena *arena, const struct truth *t,
                     struct str line, struct lookup_film *film_r, int64_t *id_r)
{
	struct str columns[COLUMNS_MAX];
	int64_t year = 0;
	const int count = cut_columns(line, columns);

	if (count <= t->title || count <= t->year || count <= t->id ||
	    !str_to_int64(columns[t->year], 1, 9999, &year) ||
	    !str_to_int64(columns[t->id], 1, INT64_MAX, id_r))
		return false;
	*film_r = (struct lookup_film){
		.title = arena_strndup(arena, columns[t->title].p,
		                       columns[t->title].n),
		.year = (int)year,
	};
	return true;
}

static void row_run(struct catalogue *c, const struct truth *t, struct str line,
                    struct counts *n)
{
	struct arena *arena = arena_new();
	struct lookup_film film;
	int64_t id;

	if (row_read(arena, t, line, &film, &id)) {
		c->hidden_id = c->hides_right ? id : 0;
		if (c->has_index)
			film.indexed_id = index_find(c, arena, film.title);
		const struct lookup_verdict *v =
			run(c, lookup_new(arena, &film));
		const struct entry *right = entry_by_id(c, id);

		if (right == NULL || c->hides_right)
			count_absent(n, &film, v);
		else
			count_present(n, &film, right, v);
	}
	arena_free(&arena);
}

/* --- namesakes ------------------------------------------------------------ */

/* How the table calls it, if the catalogue may know it by that. */
static const char *common_name(struct arena *arena, const char *title,
                               const struct entry *right)
{
	const char *query = film_name_new(arena, title)->spaced;

	return words_share(right->words, query) >= 1 ? title
	                                             : right->title->name;
}

static void namesakes_plant(struct catalogue *c, const struct truth *t,
                            struct str rows)
{
	struct str line;
	int planted = 0;

	while (str_cut(&rows, '\n', &line)) {
		struct arena *arena = arena_new();
		const struct entry *right;
		struct lookup_film film;
		int64_t id;

		if (row_read(arena, t, str_trim(line), &film, &id) &&
		    (right = entry_by_id(c, id)) != NULL) {
			const char *name =
				common_name(arena, film.title, right);
			catalogue_add(c,
			              namesake_details(c->arena, name,
			                               film.year, planted++));
		}
		arena_free(&arena);
	}
}

/* --- the figures ---------------------------------------------------------- */

static void print_counts(const struct counts *n)
{
	int right = 0;

	for (int i = 0; i < CONFIDENCES; i++)
		right += n->matched[i] - n->wrong[i];
	printf("films in the catalogue %d\n", n->rows);
	printf("matched rightly        %d (%.2f %%)\n", right,
	       n->rows > 0 ? 100.0 * right / n->rows : 0);
	for (int i = 0; i < CONFIDENCES; i++)
		printf("%-22s %d, wrong %d\n", confidences[i], n->matched[i],
		       n->wrong[i]);
	printf("ambiguous              %d\n", n->ambiguous);
	printf("not found              %d\n", n->not_found);
	printf("calls per film         %.3f (",
	       n->rows > 0 ? (double)n->calls / n->rows : 0);
	for (int i = 1; i < CALLS_SEEN; i++)
		printf("%s%d: %d", i > 1 ? ", " : "", i, n->by_calls[i]);
	printf(")\n");
	printf("given by the index     %d, believed %d\n", n->indexed,
	       n->by_index);
	printf("not to be found        %d, matched", n->absent);
	for (int i = 0; i < CONFIDENCES; i++)
		printf("%s %s %d", i > 0 ? "," : "", confidences[i],
		       n->absent_matched[i]);
	printf("\n");
}

int main(int argc, char **argv)
{
	struct catalogue c = { .arena = arena_new() };
	struct counts n = { 0 };
	struct str rest, line;

	for (int i = 3; i < argc; i++) {
		c.hides_right |= strcmp(argv[i], "--without-right") == 0;
		c.has_index |= strcmp(argv[i], "--index") == 0;
		c.has_namesakes |= strcmp(argv[i], "--namesakes") == 0;
	}
	if (argc < 3 ||
	    argc - 3 != c.hides_right + c.has_index + c.has_namesakes) {
		fprintf(stderr,
		        "usage: %s CATALOGUE.jsonl TRUTH.tsv "
		        "[--without-right] [--index] [--namesakes]\n",
		        argv[0]);
		return 2;
	}
	ensure(setlocale(LC_CTYPE, "C.UTF-8") != NULL);
	rest = file_map(argv[1]);
	while (str_cut(&rest, '\n', &line))
		if (line.n > 0)
			catalogue_add(&c, line);

	rest = file_map(argv[2]);
	(void)str_cut(&rest, '\n', &line);
	const struct truth t = truth_columns(str_trim(line));
	if (c.has_namesakes)
		namesakes_plant(&c, &t, rest);
	while (str_cut(&rest, '\n', &line))
		row_run(&c, &t, str_trim(line), &n);
	print_counts(&n);
	free(c.entries);
	arena_free(&c.arena);
	return n.wrong[0] == 0 ? 0 : 1;
}
