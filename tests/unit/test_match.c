/* enrich-daemon/match/match: the rules, one situation a row. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/arena.h"
#include "common/base/attr.h"
#include "enrich-daemon/match/match.h"
#include "tests/unit/arena_fixture.h"

#define FOUND_MAX 4

enum how {
	ANY,     /* found without a year */
	BY_YEAR, /* by the year filter */
	LEFT     /* by the part before a colon */
};

struct found {
	const char *name;
	const char *date;
	int64_t votes;
	enum how how;
	enum title_kind kind;
	bool video;
};

#define FILM(name, date, votes, how)                                           \
	{                                                                      \
		name, date, votes, how, TITLE_MOVIE, false                     \
	}
#define EXTRA(name, date, votes, how)                                          \
	{                                                                      \
		name, date, votes, how, TITLE_MOVIE, true                      \
	}
#define SERIES(name, date, votes, how)                                         \
	{                                                                      \
		name, date, votes, how, TITLE_TV, false                        \
	}

struct situation {
	const char *title;
	int year;
	enum match_confidence confidence;
	struct found found[FOUND_MAX];
	int best; /* index into found */
	bool settled;
};

static struct match_pool *pool_new(struct arena *arena, const char *title,
                                   int year)
{
	struct match_pool *pool = arena_alloc(arena, sizeof(*pool));

	pool->film.name = film_name_new(arena, title);
	pool->film.year = year;
	return pool;
}

static void pool_add(struct match_pool *pool, int64_t id, const struct found *f)
{
	const struct tmdb_row row = {
		.kind = f->kind,
		.id = id,
		.name = f->name,
		.original_name = f->name,
		.date = f->date,
		.votes = f->votes,
		.video = f->video,
		.rank = (int)id,
	};
	const struct match_source source = {
		.method = "test",
		.by_year = f->how == BY_YEAR,
		.by_left = f->how == LEFT,
	};

	match_add(pool, &row, &source);
}

static struct match_pool *pool_of(struct arena *arena,
                                  const struct situation *s)
{
	struct match_pool *pool = pool_new(arena, s->title, s->year);

	for (int i = 0; i < FOUND_MAX && s->found[i].name != NULL; i++)
		pool_add(pool, i, &s->found[i]);
	return pool;
}

static void check(struct arena *arena, const struct situation *s, size_t row)
{
	struct match_pool *pool = pool_of(arena, s);
	const struct match_decision d = match_decide(pool);

	if (d.confidence != s->confidence || d.settled != s->settled)
		fail_msg("row %zu, %s (%d): confidence %d, settled %d", row,
		         s->title, s->year, (int)d.confidence, d.settled);
	if (d.confidence == MATCH_HIGH || d.confidence == MATCH_MEDIUM)
		assert_int_equal(d.best->row.id, s->best);
}

static void is_sure(void **state)
{
	static const struct situation rows[] = {
		/* The right one is not the first. */
		{ "House",
		  1977,
		  MATCH_HIGH,
		  { FILM("The Fun House", "1977-05-01", 25, BY_YEAR),
		    FILM("House of Mortal Sin", "1976-02-03", 16, BY_YEAR),
		    FILM("House", "1977-08-26", 259, BY_YEAR) },
		  2,
		  true },
		/* A festival a year early. */
		{ "Sound of Metal",
		  2019,
		  MATCH_HIGH,
		  { FILM("Sound of Metal", "2020-11-20", 3000, BY_YEAR) },
		  0,
		  false },
		/* Spelling. */
		{ "WALL-E",
		  2008,
		  MATCH_HIGH,
		  { FILM("WALL\u00B7E", "2008-06-22", 18000, BY_YEAR) },
		  0,
		  true },
		/* Namesakes, one of them far better known. */
		{ "Moonlight",
		  2016,
		  MATCH_HIGH,
		  { FILM("Moonlight", "2016-05-01", 12, BY_YEAR),
		    FILM("Moonlight", "2016-10-21", 6000, BY_YEAR) },
		  1,
		  true },
		/* A short name, exactly. */
		{ "Us",
		  2019,
		  MATCH_HIGH,
		  { FILM("Us", "2019-03-20", 6900, BY_YEAR),
		    FILM("Us Too", "2019-01-01", 3, BY_YEAR) },
		  0,
		  true },
		/* A remake a year later. */
		{ "The Wicker Man",
		  1973,
		  MATCH_HIGH,
		  { FILM("The Wicker Man", "1974-12-05", 800, ANY),
		    FILM("The Wicker Man", "1973-12-06", 900, BY_YEAR) },
		  1,
		  true },
		/* Its making-of has the same name. */
		{ "Star Wars",
		  1977,
		  MATCH_HIGH,
		  { EXTRA("Star Wars", "1977-09-16", 90, BY_YEAR),
		    FILM("Star Wars", "1977-05-25", 150, BY_YEAR) },
		  1,
		  true },
		/* A series. */
		{ "Chernobyl",
		  2019,
		  MATCH_HIGH,
		  { SERIES("Chernobyl", "2019-05-06", 6000, BY_YEAR) },
		  0,
		  true },
		/* The very name beats one that is like it without its signs. */
		{ "+1",
		  2013,
		  MATCH_HIGH,
		  { FILM("1", "2013-09-30", 400, BY_YEAR),
		    FILM("+1", "2013-09-20", 300, BY_YEAR) },
		  1,
		  true },
		{ "1",
		  2013,
		  MATCH_HIGH,
		  { FILM("+1", "2013-09-20", 400, BY_YEAR),
		    FILM("1", "2013-09-30", 100, BY_YEAR) },
		  1,
		  true },
		/* Capitals are no other name. */
		{ "the river, again",
		  2013,
		  MATCH_HIGH,
		  { FILM("The River Again", "2013-09-20", 100, BY_YEAR),
		    FILM("The River, Again", "2013-09-30", 90, BY_YEAR) },
		  1,
		  true },
		/* Hardly known, but hardly a chance. */
		{ "My Neighbours the Hungarian Cooks",
		  2011,
		  MATCH_HIGH,
		  { FILM("My Neighbours the Hungarian Cooks", "2011-01-01", 0,
		         BY_YEAR) },
		  0,
		  false },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		check(*state, &rows[i], i);
}

static void is_fairly_sure(void **state)
{
	static const struct situation rows[] = {
		/* A year beside it, and no release in the year itself. */
		{ "Black Sea Story",
		  2014,
		  MATCH_MEDIUM,
		  { FILM("Black Sea Story", "2015-01-01", 90, ANY) },
		  0,
		  false },
		/* A short name in the year beside it. */
		{ "Raw",
		  2016,
		  MATCH_MEDIUM,
		  { FILM("Raw", "2017-03-15", 2400, BY_YEAR) },
		  0,
		  false },
		/* A subtitle grown. */
		{ "Glass Onion",
		  2022,
		  MATCH_MEDIUM,
		  { FILM("Glass Onion: A Knives Out Mystery", "2022-11-23",
		         5000, BY_YEAR) },
		  0,
		  false },
		/* A common name that nobody voted for. */
		{ "Highway",
		  2014,
		  MATCH_MEDIUM,
		  { FILM("Highway", "2014-05-24", 1, BY_YEAR) },
		  0,
		  false },
		/* The right year, but a far better known one is a year later. */
		{ "The Circle Game",
		  2016,
		  MATCH_MEDIUM,
		  { FILM("The Circle Game", "2016-01-01", 90, BY_YEAR),
		    FILM("The Circle Game", "2017-04-27", 4000, BY_YEAR) },
		  0,
		  false },
		/* The very name, but one that is spelled otherwise is far
		 * better known. */
		{ "+1",
		  2013,
		  MATCH_MEDIUM,
		  { FILM("1", "2013-09-30", 4000, BY_YEAR),
		    FILM("+1", "2013-09-20", 90, BY_YEAR) },
		  1,
		  false },
		/* No year in the export. */
		{ "Eraserhead",
		  0,
		  MATCH_MEDIUM,
		  { FILM("Eraserhead", "1977-03-19", 2500, ANY),
		    FILM("Eraserhead Stories", "2001-01-01", 30, ANY) },
		  0,
		  false },
		/* An episode of a series that began in that year. */
		{ "Small Axe: Alex Wheatle",
		  2020,
		  MATCH_MEDIUM,
		  { SERIES("Small Axe", "2020-11-15", 100, LEFT) },
		  0,
		  false },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		check(*state, &rows[i], i);
}

static void is_ambiguous(void **state)
{
	static const struct situation rows[] = {
		{ "Leo",
		  2023,
		  MATCH_AMBIGUOUS,
		  { FILM("Leo", "2023-10-19", 300, BY_YEAR),
		    FILM("Leo", "2023-11-17", 900, BY_YEAR) },
		  0,
		  true },
		{ "Leo",
		  2023,
		  MATCH_AMBIGUOUS,
		  { FILM("Leo", "2023-10-19", 0, BY_YEAR),
		    FILM("Leo", "2023-11-17", 3, BY_YEAR) },
		  0,
		  false },
		/* The very name that nobody knows, or a part of the one that
		 * everybody does. */
		{ "Goal!",
		  2005,
		  MATCH_AMBIGUOUS,
		  { FILM("Goal!: The Dream Begins", "2005-06-06", 300, BY_YEAR),
		    FILM("Goal!", "2005-01-01", 3, BY_YEAR) },
		  1,
		  false },
		/* Of two that nobody knows twenty votes are no more than one.
		 */
		{ "The Harvest Queen",
		  2000,
		  MATCH_AMBIGUOUS,
		  { FILM("The Harvest Queen", "2000-01-01", 20, BY_YEAR),
		    FILM("The Harvest Queen", "2000-02-01", 1, BY_YEAR) },
		  0,
		  false },
		/* One year before, one after. */
		{ "The Harvest Queen",
		  2000,
		  MATCH_AMBIGUOUS,
		  { FILM("The Harvest Queen", "1999-01-01", 40, ANY),
		    FILM("The Harvest Queen", "2001-01-01", 50, ANY) },
		  0,
		  false },
		/* A small series of the year, a well-known film beside it: its
		 * details may say more. */
		{ "The Witching",
		  2015,
		  MATCH_AMBIGUOUS,
		  { SERIES("The Witching", "2015-01-01", 20, BY_YEAR),
		    FILM("The Witching", "2016-01-01", 5000, BY_YEAR) },
		  0,
		  false },
		/* The very name that nobody knows, or the other spelling that
		 * everybody does. */
		{ "WALL-E",
		  2008,
		  MATCH_AMBIGUOUS,
		  { FILM("WALL\u00B7E", "2008-06-22", 18000, BY_YEAR),
		    FILM("Wall-E", "2008-01-01", 3, BY_YEAR) },
		  1,
		  false },
		/* "X: Y" as the film "X" of that year, or of the old series. */
		{ "Black Mirror: Nosedive",
		  2016,
		  MATCH_AMBIGUOUS,
		  { FILM("Black Mirror", "2016-01-01", 15, BY_YEAR),
		    SERIES("Black Mirror", "2011-12-04", 5000, LEFT) },
		  0,
		  false },
		/* No year, two films. */
		{ "Hamlet",
		  0,
		  MATCH_AMBIGUOUS,
		  { FILM("Hamlet", "1996-12-25", 500, ANY),
		    FILM("Hamlet", "1990-12-19", 400, ANY) },
		  0,
		  false },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		check(*state, &rows[i], i);
}

static void is_none(void **state)
{
	static const struct situation rows[] = {
		{ "Anything", 2000, MATCH_NONE, { { 0 } }, 0, false },
		{ "Loki",
		  2021,
		  MATCH_NONE,
		  { FILM("The Good, the Bart, and the Loki", "2021-07-07", 500,
		         BY_YEAR) },
		  0,
		  false },
		/* The same name, another time. */
		{ "Cosmos",
		  2014,
		  MATCH_NONE,
		  { FILM("Cosmos", "2019-01-01", 50, ANY) },
		  0,
		  false },
		{ "In This World",
		  2002,
		  MATCH_NONE,
		  { FILM("Hooker's World", "2002-01-01", 5, BY_YEAR) },
		  0,
		  false },
		/* A subtitle needs the very year. */
		{ "Neon Genesis Evangelion",
		  1995,
		  MATCH_NONE,
		  { FILM("Neon Genesis Evangelion: Death and Rebirth",
		         "1997-03-15", 400, ANY) },
		  0,
		  false },
		/* An episode of a series that began long before. */
		{ "Black Mirror: USS Callister",
		  2017,
		  MATCH_NONE,
		  { SERIES("Black Mirror", "2011-12-04", 5000, LEFT) },
		  0,
		  false },
		/* A subtitle on a short name. */
		{ "Us",
		  2019,
		  MATCH_NONE,
		  { FILM("Us: The Last Days", "2019-01-01", 50, BY_YEAR) },
		  0,
		  false },
		/* No date. */
		{ "Fight Club Stories",
		  2005,
		  MATCH_NONE,
		  { FILM("Fight Club Stories", NULL, 50, ANY) },
		  0,
		  false },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		check(*state, &rows[i], i);
}

static void scores(void **state)
{
	/* 0.62 * 1 + 0.33 * 1 + 0.05 * log10(1 + 9999) / 4 = 1.00;
	 * one year off: 0.62 + 0.33 * 0.75 = 0.8675; adult and one year off:
	 * 0.05 less. */
	struct match_pool *pool = pool_new(*state, "Fight Club", 1999);
	struct tmdb_row row = { .id = 1,
		                .name = "Fight Club",
		                .original_name = "Fight Club",
		                .date = "1999-10-15",
		                .votes = 9999 };
	const struct match_source source = { .method = "test" };

	match_add(pool, &row, &source);
	row.id = 2;
	row.votes = 0;
	row.date = "1998-01-01";
	match_add(pool, &row, &source);
	row.id = 3;
	row.adult = true;
	match_add(pool, &row, &source);
	assert_float_equal(pool->items[0].score, 1.00, 1e-6);
	assert_float_equal(pool->items[1].score, 0.8675, 1e-6);
	assert_float_equal(pool->items[2].score, 0.8175, 1e-6);
}

static void learns_that_the_filter_found_it(void **state)
{
	struct match_pool *pool = pool_new(*state, "Nomadland", 2020);
	const struct found without = FILM("Nomadland", "2021-01-29", 3000, ANY);
	struct found with = without;

	with.how = BY_YEAR;
	pool_add(pool, 7, &without);
	assert_int_equal(match_decide(pool).confidence, MATCH_MEDIUM);
	pool_add(pool, 7, &with);
	assert_int_equal(pool->count, 1);
	assert_int_equal(match_decide(pool).confidence, MATCH_HIGH);
	pool->items[0].gone = true;
	assert_int_equal(match_decide(pool).confidence, MATCH_NONE);
}

static void learns_from_details(void **state)
{
	static const char *names[] = { "Aparajito", "Pather Panchali" };
	static const char *dates[] = { "2005-05-11", "1955-08-26" };
	struct match_pool *pool = pool_new(*state, "Pather Panchali", 1955);
	const struct found road = {
		"Song of the Little Road", "2005-05-11", 300, BY_YEAR, 0, 0
	};
	const struct tmdb_title details = {
		.id = 7,
		.name = "Song of the Little Road",
		.alternative_names = { names, 2 },
		.release_dates = { dates, 2 },
	};

	pool_add(pool, 7, &road);
	assert_int_equal(match_decide(pool).confidence, MATCH_NONE);
	struct match_candidate *c = match_doubtful(pool);
	assert_ptr_equal(c, &pool->items[0]);
	match_learn(pool, c, &details);
	assert_true(c->name_likeness == NAME_IDENTICAL);
	assert_true(c->year_likeness == YEAR_EQUAL);
	/* Anybody may add a name to TMDB: never quite sure. */
	const struct match_decision d = match_decide(pool);
	assert_int_equal(d.confidence, MATCH_MEDIUM);
	assert_ptr_equal(d.best, c);
	assert_null(match_doubtful(pool));
}

static void learns_the_first_release(void **state)
{
	static const struct {
		const char *dates[2];
		double year_likeness;
	} rows[] = {
		{ { "1972-01-01", "1967-10-25" }, YEAR_EQUAL },
		{ { "1966-05-01", "1967-10-25" }, YEAR_RELEASE },
		/* Shown again that year, but an old film. */
		{ { "1931-01-01", "1967-10-25" }, 0 },
		{ { "1966-05-01", "1968-10-25" }, 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct match_pool *pool =
			pool_new(*state, "Le Samoura\u00EF", 1967);
		const struct found row =
			FILM("Le Samoura\u00EF", "1997-02-28", 900, BY_YEAR);
		const char *dates[] = { rows[i].dates[0], rows[i].dates[1] };
		const struct tmdb_title details = {
			.id = 7,
			.name = "Le Samoura\u00EF",
			.release_dates = { dates, 2 },
		};

		pool_add(pool, 7, &row);
		assert_int_equal(match_decide(pool).confidence, MATCH_NONE);
		struct match_candidate *c = match_doubtful(pool);
		assert_non_null(c);
		match_learn(pool, c, &details);
		assert_true(c->year_likeness == rows[i].year_likeness);
	}
}

/* A film of the very year that hardly anybody knows, and a far better known one
 * of the same name: what is decided before the rival's details are read, and
 * what after. */
static void doubts_the_obscure(void **state)
{
	enum {
		OBSCURE,
		KNOWN,
		NEITHER
	};
	static const struct {
		const char *known_date;
		enum how how;
		int64_t obscure_votes, known_votes;
		enum match_confidence before;
		bool rival;
		const char *releases[3];
		enum match_confidence after;
		int best;
	} rows[] = {
		/* A festival in that year, cinemas in the next. */
		{ "2018-02-07",
		  BY_YEAR,
		  3,
		  2500,
		  MATCH_AMBIGUOUS,
		  true,
		  { "2018-02-07", "2017-09-11" },
		  MATCH_HIGH,
		  KNOWN },
		/* Shown in that year, but first in the year before. */
		{ "2018-02-07",
		  BY_YEAR,
		  3,
		  2500,
		  MATCH_AMBIGUOUS,
		  true,
		  { "2018-02-07", "2016-09-11", "2017-03-01" },
		  MATCH_AMBIGUOUS,
		  NEITHER },
		{ "2016-09-11",
		  BY_YEAR,
		  3,
		  2500,
		  MATCH_AMBIGUOUS,
		  false,
		  { 0 },
		  MATCH_AMBIGUOUS,
		  NEITHER },
		/* Long after: an old film whose date is that of a late one. */
		{ "1997-02-28",
		  BY_YEAR,
		  3,
		  2500,
		  MATCH_HIGH,
		  false,
		  { 0 },
		  MATCH_HIGH,
		  OBSCURE },
		{ "2044-02-28",
		  BY_YEAR,
		  3,
		  2500,
		  MATCH_AMBIGUOUS,
		  true,
		  { "2044-02-28", "2017-09-11" },
		  MATCH_HIGH,
		  KNOWN },
		/* Never released in that year. */
		{ "2018-02-07",
		  ANY,
		  3,
		  2500,
		  MATCH_AMBIGUOUS,
		  true,
		  { "2018-02-07", "2018-01-20" },
		  MATCH_LOW,
		  OBSCURE },
		{ "2016-02-07",
		  ANY,
		  3,
		  2500,
		  MATCH_AMBIGUOUS,
		  true,
		  { "2016-02-07" },
		  MATCH_LOW,
		  OBSCURE },
		{ "2018-02-07",
		  ANY,
		  3,
		  2500,
		  MATCH_AMBIGUOUS,
		  true,
		  { 0 },
		  MATCH_LOW,
		  OBSCURE },
		/* Not so much better known. */
		{ "2018-02-07",
		  BY_YEAR,
		  10,
		  90,
		  MATCH_HIGH,
		  false,
		  { 0 },
		  MATCH_HIGH,
		  OBSCURE },
		/* Not so obscure: it may well be the one. */
		{ "2018-02-07",
		  BY_YEAR,
		  25,
		  2500,
		  MATCH_MEDIUM,
		  true,
		  { "2018-02-07" },
		  MATCH_MEDIUM,
		  OBSCURE },
		{ "2018-02-07",
		  BY_YEAR,
		  25,
		  2500,
		  MATCH_MEDIUM,
		  true,
		  { "2018-02-07", "2017-09-11" },
		  MATCH_HIGH,
		  KNOWN },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct match_pool *pool =
			pool_new(*state, "Harbour Lights", 2017);
		const struct found obscure =
			FILM("Harbour Lights", "2017-05-01",
		             rows[i].obscure_votes, BY_YEAR);
		const struct found known = {
			"Harbour Lights",    rows[i].known_date,
			rows[i].known_votes, rows[i].how,
			TITLE_MOVIE,         false
		};
		const char *releases[ARRAY_LEN(rows[i].releases)];
		struct tmdb_title details = { .release_dates = { releases,
			                                         0 } };

		pool_add(pool, OBSCURE, &obscure);
		pool_add(pool, KNOWN, &known);
		struct match_decision d = match_decide(pool);
		if (d.confidence != rows[i].before ||
		    d.rival != (rows[i].rival ? &pool->items[KNOWN] : NULL))
			fail_msg("row %zu before: %d", i, (int)d.confidence);
		for (size_t k = 0; k < ARRAY_LEN(rows[i].releases); k++)
			if (rows[i].releases[k] != NULL)
				releases[details.release_dates.count++] =
					rows[i].releases[k];
		if (d.rival != NULL)
			match_learn(pool, d.rival, &details);
		d = match_decide(pool);
		assert_null(d.rival);
		if (d.confidence != rows[i].after)
			fail_msg("row %zu after: %d", i, (int)d.confidence);
		if (rows[i].best != NEITHER)
			assert_int_equal(d.best->row.id, rows[i].best);
	}
}

static void looks_for_a_rival_of_another_name(void **state)
{
	struct match_pool *pool = pool_new(*state, "Pather Panchali", 1955);
	static const struct found rows[] = {
		FILM("Pather Panchali", "1955-03-01", 3, BY_YEAR),
		/* It has the words: TMDB found it by them. */
		FILM("Panchali, Daughter of Pather", "1955-03-01", 900,
		     BY_YEAR),
		FILM("Song of the Little Road", "1955-08-26", 300, BY_YEAR),
		/* Not so much better known. */
		FILM("Song of the Little Street", "1955-08-26", 24, BY_YEAR),
	};

	for (int i = 0; i < 4; i++)
		pool_add(pool, i, &rows[i]);
	struct match_candidate *c = match_hidden_rival(pool, &pool->items[0]);
	assert_ptr_equal(c, &pool->items[2]);
	c->looked_at = true;
	assert_null(match_hidden_rival(pool, &pool->items[0]));
}

/* Its own name is the film's: another one that is even more alike takes nothing
 * from it. */
static void needs_no_other_name(void **state)
{
	static const char *names[] = { "Harbour Lights" };
	struct match_pool *pool = pool_new(*state, "Harbour Lights", 2017);
	const struct found found =
		FILM("Harbour-Lights", "2017-05-01", 300, BY_YEAR);
	const struct tmdb_title details = { .alternative_names = { names, 1 } };

	pool_add(pool, 1, &found);
	match_learn(pool, &pool->items[0], &details);
	assert_false(pool->items[0].by_other_name);
	assert_int_equal(match_decide(pool).confidence, MATCH_HIGH);
}

static void looks_where_it_is_worth_it(void **state)
{
	struct match_pool *pool = pool_new(*state, "Dark Water Lily", 1990);
	static const struct found rows[] = {
		/* Another year: not at all. */
		FILM("Lily", "1950-01-01", 0, ANY),
		/* It has the words, TMDB found it by them. */
		FILM("Lily of the Dark and Deep Water", "1990-01-01", 0,
		     BY_YEAR),
		/* It has not: by a name that we do not see. */
		FILM("Nymphaea", "1990-01-01", 0, BY_YEAR),
	};

	for (int i = 0; i < 3; i++)
		pool_add(pool, i, &rows[i]);
	assert_int_equal(match_doubtful(pool)->row.id, 2);
	pool->items[2].looked_at = true;
	assert_int_equal(match_doubtful(pool)->row.id, 1);
	pool->items[1].gone = true;
	assert_null(match_doubtful(pool));
}

static void keeps_the_best(void **state)
{
	struct match_pool *pool = pool_new(*state, "Blue", 2000);
	struct match_candidate *top[2];
	static const struct found rows[] = {
		FILM("Blue", "2002-01-01", 0, ANY),
		FILM("Red", "1950-01-01", 0, ANY),
		FILM("Blue", "2000-01-01", 0, ANY),
		FILM("Blue", "2001-01-01", 0, ANY),
	};

	for (int i = 0; i < 4; i++)
		pool_add(pool, i, &rows[i]);
	assert_int_equal(match_top(pool, top, 2), 2);
	assert_int_equal(top[0]->row.id, 2);
	assert_int_equal(top[1]->row.id, 3);
	/* "Red" is nothing that anybody would choose. */
	struct match_candidate *all[9];
	assert_int_equal(match_top(pool, all, 9), 3);
	assert_int_equal(all[2]->row.id, 0);
}

static void has_room_for_so_many(void **state)
{
	struct match_pool *pool = pool_new(*state, "Blue", 2000);
	const struct found blue = FILM("Blue", "2001-01-01", 0, ANY);

	for (int i = 0; i < 2 * MATCH_POOL_MAX; i++)
		pool_add(pool, i + 1, &blue);
	assert_int_equal(pool->count, MATCH_POOL_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(is_sure),
		TEST(is_fairly_sure),
		TEST(is_ambiguous),
		TEST(is_none),
		TEST(scores),
		TEST(learns_that_the_filter_found_it),
		TEST(learns_from_details),
		TEST(learns_the_first_release),
		TEST(doubts_the_obscure),
		TEST(looks_for_a_rival_of_another_name),
		TEST(needs_no_other_name),
		TEST(looks_where_it_is_worth_it),
		TEST(keeps_the_best),
		TEST(has_room_for_so_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
