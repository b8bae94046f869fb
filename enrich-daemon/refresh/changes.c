/*
 * One list at a time, one page at a time: its state says what comes next.
 */
#include "enrich-daemon/refresh/changes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/arena.h"
#include "common/base/backoff.h"
#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/pg/pg_array.h"
#include "common/pg/pg_result.h"
#include "common/pg/pg_tx.h"
#include "enrich-daemon/client/fetch.h"
#include "enrich-daemon/daemon_metrics.h"
#include "enrich-daemon/db.h"
#include "enrich-daemon/queue/lease.h"
#include "enrich-daemon/tmdb/tmdb_call.h"
#include "enrich-daemon/tmdb/tmdb_changes.h"
#include "gen/sql.h"

/* How often to poll whether a list is due: a part of the time between reads,
 * but not more seldom than this. */
#define POLL_PART   4
#define POLL_MAX_MS 10000
/* Members waited for something: poll again after this. */
#define GIVEN_WAY_MS 1000
#define DAY_LEN      10

enum changes_state {
	CHANGES_IDLE,
	CHANGES_BEGINNING, /* is a list due? under way */
	CHANGES_WAITING,   /* for a slot of the rate limit */
	CHANGES_CALLING,   /* TMDB */
	CHANGES_PAGE,      /* to be stored */
	CHANGES_STORING,   /* the same, under way */
	CHANGES_LEFT,      /* to be given back */
	CHANGES_LEAVING    /* the same, under way */
};

struct changes {
	struct changes_options o;
	enum changes_state state;
	bool stopped;
	bool settled;
	int64_t poll_ms; /* not before */
	int64_t epoch;   /* of the lease that the read is ours by */
	enum title_kind kind;
	char from_day[DAY_LEN + 1];
	char to_day[DAY_LEN + 1];
	int page;
	int failures;
	struct fetch_call *call;
	struct arena *arena; /* of the page */
	struct tmdb_changes list;
	bool failed;      /* LEFT: its page could not be read */
	int64_t delay_ms; /* LEFT: until it is tried again */
};

/* The one place that changes the state. */
static void changes_enter(struct changes *c, enum changes_state state)
{
	static const char *const names[] = {
		[CHANGES_IDLE] = "idle",
		[CHANGES_BEGINNING] = "beginning",
		[CHANGES_WAITING] = "waiting",
		[CHANGES_CALLING] = "calling",
		[CHANGES_PAGE] = "page",
		[CHANGES_STORING] = "storing",
		[CHANGES_LEFT] = "left",
		[CHANGES_LEAVING] = "leaving",
	};

	log_debug("changes", log_str("from", names[c->state]),
	          log_str("to", names[state]), log_int("page", c->page));
	c->state = state;
	if (state == CHANGES_IDLE || state == CHANGES_WAITING)
		arena_free(&c->arena);
}

/* The next poll comes after ms. */
static void changes_rest(struct changes *c, int64_t ms)
{
	c->poll_ms = clock_ms() + ms;
	changes_enter(c, CHANGES_IDLE);
}

/* Another daemon may have the read by now. */
static bool changes_is_lost(const struct changes *c)
{
	return c->stopped || lease_epoch(c->o.lease) != c->epoch;
}

static bool is_last(const struct changes *c)
{
	return c->page >= c->list.pages;
}

/* --- begin ---------------------------------------------------------------- */

static int64_t poll_interval(const struct changes *c)
{
	int64_t part = c->o.settings->tmdb.changes_every / POLL_PART;

	return part < POLL_MAX_MS ? part : POLL_MAX_MS;
}

static void changes_take(struct changes *c, const struct pg_rows *rows)
{
	const char *tv = title_kind_name(TITLE_TV);

	c->kind = strcmp(pg_text(rows, 0, "kind"), tv) == 0 ? TITLE_TV
	                                                    : TITLE_MOVIE;
	(void)snprintf(c->from_day, sizeof(c->from_day), "%s",
	               pg_text(rows, 0, "from_day"));
	(void)snprintf(c->to_day, sizeof(c->to_day), "%s",
	               pg_text(rows, 0, "to_day"));
	c->page = (int)pg_int(rows, 0, "page");
	c->failures = (int)pg_int(rows, 0, "failures");
}

static void changes_begun_cb(void *arg, const struct pg_outcome *outcome)
{
	struct changes *c = arg;

	if (!db_learn(c->o.db, outcome) || changes_is_lost(c)) {
		changes_enter(c, CHANGES_IDLE);
	} else if (pg_count(outcome->results[0]) == 0) {
		c->settled = true;
		changes_rest(c, poll_interval(c));
	} else {
		c->settled = false;
		changes_take(c, outcome->results[0]);
		changes_enter(c, CHANGES_WAITING);
	}
	c->o.changed(c->o.arg);
}

static void changes_begin(struct changes *c)
{
	struct pg_tx *tx;

	if (clock_ms() < c->poll_ms || !db_open(c->o.db))
		return;
	c->epoch = lease_epoch(c->o.lease);
	tx = pg_tx_new();
	pg_tx_add(tx, &SQL_CHANGES_BEGIN);
	PG_INT(tx, SQL_CHANGES_BEGIN, EPOCH, c->epoch);
	PG_REAL(tx, SQL_CHANGES_BEGIN, EVERY,
	        (double)c->o.settings->tmdb.changes_every / 1000.0);
	changes_enter(c, CHANGES_BEGINNING);
	db_run(c->o.db, tx, changes_begun_cb, c);
}

/* --- leave ---------------------------------------------------------------- */

static void changes_left_cb(void *arg, const struct pg_outcome *outcome)
{
	struct changes *c = arg;

	if (!db_learn(c->o.db, outcome) && !changes_is_lost(c))
		changes_enter(c, CHANGES_LEFT);
	else
		changes_rest(c, c->delay_ms);
	c->o.changed(c->o.arg);
}

static void changes_leave(struct changes *c)
{
	struct pg_tx *tx = pg_tx_new();

	pg_tx_add(tx, &SQL_CHANGES_LEAVE);
	PG_TEXT(tx, SQL_CHANGES_LEAVE, KIND, title_kind_name(c->kind));
	PG_INT(tx, SQL_CHANGES_LEAVE, EPOCH, c->epoch);
	if (c->failed)
		PG_REAL(tx, SQL_CHANGES_LEAVE, RETRY,
		        (double)c->delay_ms / 1000.0);
	else
		PG_NULL(tx, SQL_CHANGES_LEAVE, RETRY, REAL);
	changes_enter(c, CHANGES_LEAVING);
	db_run(c->o.db, tx, changes_left_cb, c);
}

static void changes_give_way(struct changes *c)
{
	c->failed = false;
	c->delay_ms = GIVEN_WAY_MS;
	changes_enter(c, CHANGES_LEFT);
}

static void changes_fail(struct changes *c, const char *error)
{
	const struct enrich_settings *s = &c->o.settings->enrich;

	c->failed = true;
	c->delay_ms =
		backoff_delay(s->backoff_base, s->backoff_max, c->failures + 1);
	daemon_metrics_add(COUNT_CHANGES_FAILURES, 1);
	log_warn("changes not read", log_str("error", error),
	         log_str("kind", title_kind_name(c->kind)),
	         log_int("page", c->page), log_int("again_ms", c->delay_ms));
	c->settled = true;
	changes_enter(c, CHANGES_LEFT);
}

/* --- page ----------------------------------------------------------------- */

static void changes_stored(struct changes *c, const struct pg_rows *rows)
{
	bool kept = pg_count(rows) > 0;

	if (kept) {
		daemon_metrics_add(COUNT_CHANGES_PAGES, 1);
		daemon_metrics_add(COUNT_CHANGES_TITLES,
		                   pg_int(rows, 0, "now"));
	}
	if (is_last(c)) {
		if (kept)
			log_info("changes read",
			         log_str("kind", title_kind_name(c->kind)),
			         log_str("from", c->from_day),
			         log_str("to", c->to_day),
			         log_int("pages", c->page),
			         log_int("marked", pg_int(rows, 0, "marked")));
		c->o.read(c->o.arg);
		changes_rest(c, 0);
	} else if (!kept) {
		/* It was stored before, or it is somebody else's. */
		changes_rest(c, 0);
	} else if (!pg_bool(rows, 0, "ours")) {
		changes_rest(c, GIVEN_WAY_MS);
	} else {
		c->page++;
		c->failures = 0;
		changes_enter(c, CHANGES_WAITING);
	}
}

static void changes_stored_cb(void *arg, const struct pg_outcome *outcome)
{
	struct changes *c = arg;
	bool stored = db_learn(c->o.db, outcome);

	if (changes_is_lost(c))
		changes_enter(c, CHANGES_IDLE);
	else if (stored)
		changes_stored(c, outcome->results[0]);
	else if (outcome->error == PG_ERROR_REFUSED)
		changes_fail(c, outcome->message);
	else
		changes_enter(c, CHANGES_PAGE);
	c->o.changed(c->o.arg);
}

static void changes_store(struct changes *c)
{
	struct pg_array *ids = pg_array_new();
	struct pg_tx *tx = pg_tx_new();

	for (size_t i = 0; i < c->list.count; i++)
		pg_array_int(ids, c->list.ids[i]);
	pg_tx_add(tx, &SQL_CHANGES_PAGE);
	PG_TEXT(tx, SQL_CHANGES_PAGE, KIND, title_kind_name(c->kind));
	PG_INT(tx, SQL_CHANGES_PAGE, EPOCH, c->epoch);
	PG_INT(tx, SQL_CHANGES_PAGE, PAGE, c->page);
	PG_ARRAY(tx, SQL_CHANGES_PAGE, IDS, ids);
	PG_BOOL(tx, SQL_CHANGES_PAGE, LAST, is_last(c));
	changes_enter(c, CHANGES_STORING);
	db_run(c->o.db, tx, changes_stored_cb, c);
}

/* --- calls ---------------------------------------------------------------- */

static bool changes_parse(struct changes *c, const struct fetch_answer *answer,
                          struct error *err)
{
	if (answer->error != NULL)
		return error_set(err, "%s", answer->error);
	if (answer->status != 200)
		return error_set(err, "HTTP status %d", answer->status);
	return tmdb_changes_parse(c->arena, c->page, answer->body, answer->len,
	                          &c->list, err);
}

static void changes_answered_cb(void *arg, const struct fetch_answer *answer)
{
	struct changes *c = arg;
	struct error err;
	bool good;

	c->call = NULL;
	good = changes_parse(c, answer, &err);
	switch (c->o.answered(c->o.arg, answer, good)) {
	case ANSWER_THROTTLED:
	case ANSWER_UNMADE:
		changes_enter(c, CHANGES_WAITING);
		break;
	case ANSWER_REJECTED:
		/* Until somebody does something about the token. */
		c->settled = true;
		changes_give_way(c);
		break;
	case ANSWER_GOOD:
	case ANSWER_FAULT:
	case ANSWER_OFFLINE:
		if (good)
			changes_enter(c, CHANGES_PAGE);
		else
			changes_fail(c, err.message);
		break;
	}
	c->o.changed(c->o.arg);
}

bool changes_wants_call(const struct changes *c)
{
	return c->state == CHANGES_WAITING;
}

void changes_call(struct changes *c, struct fetch *fetch, int64_t limit_ms)
{
	ensure(changes_wants_call(c));
	c->arena = arena_new();
	changes_enter(c, CHANGES_CALLING);
	c->call = fetch_start(fetch,
	                      tmdb_call_changes(c->arena, c->kind, c->from_day,
	                                        c->to_day, c->page),
	                      NULL, changes_answered_cb, c);
	fetch_limit(c->call, limit_ms);
}

bool changes_is_calling(const struct changes *c)
{
	return c->state == CHANGES_CALLING;
}

/* --- all of it ------------------------------------------------------------ */

bool changes_is_settled(const struct changes *c)
{
	return !c->o.settings->tmdb.changes ||
	       (c->settled && c->state == CHANGES_IDLE);
}

/* What is not in a transaction is ours to drop. */
static void changes_drop(struct changes *c)
{
	switch (c->state) {
	case CHANGES_WAITING:
	case CHANGES_CALLING:
	case CHANGES_PAGE:
	case CHANGES_LEFT:
		fetch_cancel(&c->call);
		changes_enter(c, CHANGES_IDLE);
		break;
	case CHANGES_IDLE:
	case CHANGES_BEGINNING:
	case CHANGES_STORING:
	case CHANGES_LEAVING:
		break;
	}
}

void changes_step(struct changes *c, bool spare)
{
	bool wanted = spare && c->o.settings->tmdb.changes;

	if (c->stopped)
		return;
	if (changes_is_lost(c))
		changes_drop(c);
	if (c->state == CHANGES_IDLE && wanted)
		changes_begin(c);
	if (c->state == CHANGES_WAITING && !wanted)
		changes_give_way(c);
	if (c->state == CHANGES_PAGE && db_open(c->o.db))
		changes_store(c);
	if (c->state == CHANGES_LEFT && db_open(c->o.db))
		changes_leave(c);
}

struct changes *changes_new(const struct changes_options *options)
{
	struct changes *c = xcalloc(1, sizeof(*c));

	c->o = *options;
	return c;
}

void changes_stop(struct changes *c)
{
	c->stopped = true;
	changes_drop(c);
}

void changes_free(struct changes **changes)
{
	if (*changes == NULL)
		return;
	arena_free(&(*changes)->arena);
	free(*changes);
	*changes = NULL;
}
