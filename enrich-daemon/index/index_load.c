/*
 * From the network to the table, a batch at a time. The timer is what takes
 * the next step, never a callback of the download, so that a download can be
 * cancelled in any step.
 */
#include "enrich-daemon/index/index_load.h"

#include <event2/event.h>
#include <stdlib.h>

#include "common/base/arena.h"
#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/pg/pg_result.h"
#include "enrich-daemon/daemon_metrics.h"
#include "enrich-daemon/db.h"
#include "enrich-daemon/index/index_download.h"
#include "enrich-daemon/index/index_file.h"
#include "enrich-daemon/index/index_tx.h"

#define BATCH_ROWS 1000
#define PAUSE_MS   40 /* after each batch; more than it takes */
#define AGAIN_MS   1000
#define LOAD_MS    INT64_C(3600000)

enum load_state {
	LOAD_IDLE,
	LOAD_CLEARING,  /* the slot that is to be filled */
	LOAD_READING,   /* from the network until a batch is full */
	LOAD_STORING,   /* that batch */
	LOAD_FINISHING, /* it comes into force */
	LOAD_TIDYING,   /* the other slot is emptied */
	LOAD_FAILING    /* others are notified when to try again */
};

struct index_load {
	struct db *db;
	const struct settings *settings;
	struct index_download *download;
	struct event *timer; /* the next step */
	enum load_state state;
	bool busy; /* a transaction of ours is under way */
	bool draining, stopped;
	bool complained; /* of failures since the last good load */

	/* The load. */
	int64_t number;
	int64_t begun_ms;
	int batch;    /* stored so far, */
	int64_t rows; /* with so many rows */
	struct arena *arena;
	struct index_row pending[BATCH_ROWS];
	int count;
};

static void load_step_cb(evutil_socket_t fd, short what, void *arg);

static void load_enter(struct index_load *l, enum load_state state)
{
	static const char *const names[] = {
		[LOAD_IDLE] = "idle",           [LOAD_CLEARING] = "clearing",
		[LOAD_READING] = "reading",     [LOAD_STORING] = "storing",
		[LOAD_FINISHING] = "finishing", [LOAD_TIDYING] = "tidying",
		[LOAD_FAILING] = "failing",
	};

	log_debug("index load", log_str("from", names[l->state]),
	          log_str("to", names[state]));
	l->state = state;
}

static void load_step_in(struct index_load *l, int64_t ms)
{
	struct timeval delay = { ms / 1000, ms % 1000 * 1000 };

	if (!l->stopped)
		ensure(event_add(l->timer, &delay) == 0);
}

static void load_send(struct index_load *l, struct pg_tx *tx,
                      pg_callback *callback)
{
	l->busy = true;
	db_run(l->db, tx, callback, l);
}

/* --- the end of a load ---------------------------------------------------- */

static void load_clean(struct index_load *l)
{
	index_download_end(l->download);
	arena_free(&l->arena);
	l->count = 0;
}

/* Whether others were notified or not: the load ends by itself at last. */
static void load_told_cb(void *arg, const struct pg_outcome *outcome)
{
	struct index_load *l = arg;

	l->busy = false;
	if (!db_learn(l->db, outcome))
		log_debug("index load ends alone",
		          log_str("error", outcome->message));
	load_enter(l, LOAD_IDLE);
}

static void load_give_back(struct index_load *l, int64_t retry_ms)
{
	load_clean(l);
	load_enter(l, LOAD_FAILING);
	load_send(l, index_tx_fail(l->number, retry_ms), load_told_cb);
}

static void load_fail(struct index_load *l, const char *why)
{
	if (l->stopped)
		return;
	daemon_metrics_add(COUNT_INDEX_FAILURES, 1);
	if (!l->complained)
		log_warn("index of titles not loaded", log_str("error", why),
		         log_str("export", index_download_date(l->download)),
		         log_int("retry_ms", l->settings->tmdb.index_retry));
	l->complained = true;
	load_give_back(l, l->settings->tmdb.index_retry);
}

/* What did not commit is sent again, for a while. */
static void load_again(struct index_load *l, const char *why)
{
	if (clock_ms() - l->begun_ms > LOAD_MS)
		load_fail(l, why);
	else
		load_step_in(l, AGAIN_MS);
}

/* Has a step of the load been stored, and is the load still ours? */
static bool load_took(struct index_load *l, const struct pg_outcome *outcome)
{
	l->busy = false;
	if (db_refuses_data(outcome)) {
		load_fail(l, outcome->message);
	} else if (!db_learn(l->db, outcome)) {
		load_again(l, outcome->message);
	} else if (!pg_bool(outcome->results[0], 0, "held")) {
		load_fail(l, "another daemon has taken the load over");
	} else {
		return true;
	}
	return false;
}

static void load_tidy(struct index_load *l)
{
	load_enter(l, LOAD_TIDYING);
	/* If it cannot be done now, the next load begins with it. */
	load_send(l, index_tx_clear(l->number), load_told_cb);
}

static void load_finished_cb(void *arg, const struct pg_outcome *outcome)
{
	struct index_load *l = arg;

	if (!load_took(l, outcome))
		return;
	daemon_metrics_add(COUNT_INDEX_LOADS, 1);
	l->complained = false;
	log_info("index of titles loaded",
	         log_str("export", index_download_date(l->download)),
	         log_int("rows", l->rows),
	         log_dbl("seconds",
	                 (double)(clock_ms() - l->begun_ms) / 1000.0));
	load_clean(l);
	load_tidy(l);
}

static void load_finish(struct index_load *l)
{
	load_enter(l, LOAD_FINISHING);
	load_send(l,
	          index_tx_finish(l->number, index_download_date(l->download)),
	          load_finished_cb);
}

/* --- storing -------------------------------------------------------------- */

static void load_stored_cb(void *arg, const struct pg_outcome *outcome)
{
	struct index_load *l = arg;

	if (!load_took(l, outcome))
		return;
	l->rows += l->count;
	l->batch++;
	l->count = 0;
	arena_free(&l->arena);
	load_enter(l, LOAD_READING);
	load_step_in(l, PAUSE_MS);
}

static void load_store(struct index_load *l)
{
	load_enter(l, LOAD_STORING);
	load_send(l,
	          index_tx_store(l->settings, l->number, l->batch + 1,
	                         l->pending, l->count),
	          load_stored_cb);
}

/* --- reading -------------------------------------------------------------- */

static void load_keep_row(struct index_load *l, const struct index_row *row)
{
	if (l->arena == NULL)
		l->arena = arena_new();
	l->pending[l->count] = *row;
	l->pending[l->count].name = arena_strdup(l->arena, row->name);
	l->count++;
}

static void load_read(struct index_load *l)
{
	enum index_read what = INDEX_ROW;
	struct index_row row;
	struct error err;

	while (what == INDEX_ROW && l->count < BATCH_ROWS) {
		what = index_download_next(l->download, &row, &err);
		if (what == INDEX_ROW)
			load_keep_row(l, &row);
	}
	if (what == INDEX_BROKEN) {
		load_fail(l, err.message);
	} else if (what == INDEX_ROW || (what == INDEX_END && l->count > 0)) {
		load_store(l);
	} else if (what == INDEX_END) {
		load_finish(l);
	}
}

/* --- the beginning of a load ---------------------------------------------- */

/* Not what the server itself refuses, as when a reader is in the way: claims
 * wait behind each try. */
static bool load_may_clear_again(const struct pg_outcome *outcome)
{
	switch (outcome->error) {
	case PG_ERROR_LOST:
	case PG_ERROR_DEADLINE:
	case PG_ERROR_BUSY:
	case PG_ERROR_DOWN:
		return true;
	case PG_OK:
	case PG_ERROR_REFUSED:
	case PG_ERROR_TRANSIENT:
		break;
	}
	return false;
}

static void load_cleared_cb(void *arg, const struct pg_outcome *outcome)
{
	struct index_load *l = arg;

	l->busy = false;
	if (!db_learn(l->db, outcome)) {
		if (load_may_clear_again(outcome))
			load_again(l, outcome->message);
		else
			load_fail(l, outcome->message);
		return;
	}
	load_enter(l, LOAD_READING);
	load_step_in(l, 0);
	index_download_begin(l->download, LOAD_MS);
}

static void load_clear(struct index_load *l)
{
	load_enter(l, LOAD_CLEARING);
	load_send(l, index_tx_clear(l->number), load_cleared_cb);
}

void index_load_begin(struct index_load *l, int64_t number)
{
	ensure(l->state == LOAD_IDLE);
	l->number = number;
	l->begun_ms = clock_ms();
	l->batch = 0;
	l->rows = 0;
	load_clear(l);
}

/* --- life ----------------------------------------------------------------- */

static void load_step_cb(evutil_socket_t fd, short what, void *arg)
{
	struct index_load *l = arg;

	(void)fd;
	(void)what;
	if (l->busy)
		return; /* what it is about is seen to when that has ended */
	if (l->draining && l->state != LOAD_IDLE) {
		load_give_back(l, 0);
		return;
	}
	switch (l->state) {
	case LOAD_CLEARING:
		load_clear(l);
		break;
	case LOAD_READING:
		load_read(l);
		break;
	case LOAD_STORING:
		load_store(l);
		break;
	case LOAD_FINISHING:
		load_finish(l);
		break;
	case LOAD_IDLE:
	case LOAD_TIDYING:
	case LOAD_FAILING:
		break;
	}
}

/* There may be rows, or an error. A pause is kept. */
static void load_ready(void *arg)
{
	struct index_load *l = arg;

	if (!evtimer_pending(l->timer, NULL))
		load_step_in(l, 0);
}

struct index_load *index_load_new(struct event_base *base, struct db *db,
                                  const struct settings *settings)
{
	struct index_load *l = xcalloc(1, sizeof(*l));

	l->db = db;
	l->settings = settings;
	l->download = index_download_new(base, &settings->tmdb, load_ready, l);
	l->timer = evtimer_new(base, load_step_cb, l);
	ensure(l->timer != NULL);
	return l;
}

void index_load_drain(struct index_load *l)
{
	l->draining = true;
	load_step_in(l, 0);
}

bool index_load_is_idle(const struct index_load *l)
{
	return l->state == LOAD_IDLE;
}

void index_load_stop(struct index_load *l)
{
	l->stopped = true;
	event_del(l->timer);
	index_download_end(l->download);
}

void index_load_free(struct index_load **lp)
{
	struct index_load *l = *lp;

	if (l == NULL)
		return;
	*lp = NULL;
	load_clean(l);
	event_free(l->timer);
	index_download_free(&l->download);
	free(l);
}
