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
#include <locale.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/base/error.h"
#include "common/base/mem.h"
#include "common/base/str.h"
#include "enrich-daemon/match/film_name.h"
#include "enrich-daemon/match/lookup.h"
#include "enrich-daemon/tmdb/tmdb_title.h"
#include "tests/bench/namesake.h"
#include "tests/bench/stand_in.h"

/* What is done to the catalogue. */
struct how {
	bool hides_right;
	bool has_index;
	bool has_namesakes;
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

static const struct lookup_verdict *run(const struct stand_in *c,
                                        struct lookup *l)
{
	enum title_kind kind;
	const char *call;
	int64_t id;

	while ((call = lookup_wants(l, &kind, &id)) != NULL) {
		struct error err;
		struct buf body;

		buf_init(&body, STAND_IN_BYTES_MAX);
		const int status = stand_in_answer(c, call, &body);
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

static void row_run(struct stand_in *c, const struct how *how,
                    const struct truth *t, struct str line, struct counts *n)
{
	struct arena *arena = arena_new();
	struct lookup_film film;
	int64_t id;

	if (row_read(arena, t, line, &film, &id)) {
		c->hidden_id = how->hides_right ? id : 0;
		if (how->has_index)
			film.indexed_id = stand_in_index(c, arena, film.title);
		const struct lookup_verdict *v =
			run(c, lookup_new(arena, &film));
		const struct entry *right = stand_in_find(c, id);

		if (right == NULL || how->hides_right)
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

	return stand_in_knows(right, query) ? title : right->title->name;
}

static void namesakes_plant(struct stand_in *c, const struct truth *t,
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
		    (right = stand_in_find(c, id)) != NULL) {
			const char *name =
				common_name(arena, film.title, right);
			stand_in_add(c, namesake_details(c->arena, name,
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
	struct stand_in c = { .arena = arena_new() };
	struct how how = { 0 };
	struct counts n = { 0 };
	struct str rest, line;

	for (int i = 3; i < argc; i++) {
		how.hides_right |= strcmp(argv[i], "--without-right") == 0;
		how.has_index |= strcmp(argv[i], "--index") == 0;
		how.has_namesakes |= strcmp(argv[i], "--namesakes") == 0;
	}
	if (argc < 3 ||
	    argc - 3 != how.hides_right + how.has_index + how.has_namesakes) {
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
			stand_in_add(&c, line);

	rest = file_map(argv[2]);
	(void)str_cut(&rest, '\n', &line);
	const struct truth t = truth_columns(str_trim(line));
	if (how.has_namesakes)
		namesakes_plant(&c, &t, rest);
	while (str_cut(&rest, '\n', &line))
		row_run(&c, &how, &t, str_trim(line), &n);
	print_counts(&n);
	free(c.entries);
	arena_free(&c.arena);
	return n.wrong[0] == 0 ? 0 : 1;
}
