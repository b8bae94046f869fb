/*
 * From the network to the table, a batch at a time. The timer is what takes
 * the next step, never a callback of the download, so that a download can be
 * cancelled in any step.
 */
#include "enrich-daemon/index_load.h"

#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/arena.h"
#include "common/clock.h"
#include "common/log.h"
#include "common/mem.h"
#include "common/pg_array.h"
#include "common/pg_result.h"
#include "common/pg_tx.h"
#include "enrich-daemon/counts.h"
#include "enrich-daemon/db.h"
#include "enrich-daemon/every.h"
#include "enrich-daemon/fetch.h"
#include "enrich-daemon/index_file.h"
#include "gen/sql.h"

#define BATCH_ROWS 1000
#define PAUSE_MS   40 /* after each batch; more than it takes */
#define AGAIN_MS   1000
#define LOOK_MS    60000 /* or tmdb.index_retry, if that is shorter */
#define LOAD_MS    INT64_C(3600000)
#define DAY_S      86400

enum load_state {
	LOAD_IDLE,
	LOAD_ASKING,    /* is it time? */
	LOAD_CLEARING,  /* the slot that is to be filled */
	LOAD_READING,   /* from the network until a batch is full */
	LOAD_STORING,   /* that batch */
	LOAD_FINISHING, /* it comes into force */
	LOAD_TIDYING,   /* the other slot is emptied */
	LOAD_FAILING    /* others are told when to try again */
};

struct index_load {
	struct db *db;
	const struct settings *settings;
	struct fetch *fetch;
	struct every *look;
	int64_t look_ms;
	struct event *timer; /* the next step */
	enum load_state state;
	bool busy; /* a transaction of ours is under way */
	bool looked;
	bool draining, stopped;
	bool complained; /* of failures since the last good load */

	/* The load. */
	int64_t number;
	int64_t begun_ms;
	int days_back; /* 0: the export of today */
	char date[11]; /* its date, YYYY-MM-DD */
	struct fetch_call *call;
	bool arrived; /* the download ended well */
	bool failed;  /* or otherwise, for this reason */
	struct error why;
	struct index_file *file;
	int batch;
	int64_t rows; /* stored */
	struct arena *arena;
	struct index_row pending[BATCH_ROWS];
	int count;
};

static void load_step_cb(evutil_socket_t fd, short what, void *arg);

static void load_enter(struct index_load *l, enum load_state state)
{
	static const char *const names[] = {
		[LOAD_IDLE] = "idle",         [LOAD_ASKING] = "asking",
		[LOAD_CLEARING] = "clearing", [LOAD_READING] = "reading",
		[LOAD_STORING] = "storing",   [LOAD_FINISHING] = "finishing",
		[LOAD_TIDYING] = "tidying",   [LOAD_FAILING] = "failing",
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

static double seconds(int64_t ms)
{
	return (double)ms / 1000.0;
}

/* How long the load is ours without a sign of life. */
static double load_hold_s(const struct index_load *l)
{
	return seconds(2 * l->settings->lease.length);
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
	fetch_cancel(&l->call);
	index_file_free(&l->file);
	arena_free(&l->arena);
	l->count = 0;
	l->arrived = false;
	l->failed = false;
}

/* Whether others were told or not: the load ends by itself at last. */
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
	struct pg_tx *tx = pg_tx_new();

	load_clean(l);
	load_enter(l, LOAD_FAILING);
	pg_tx_add(tx, &SQL_INDEX_FAIL, 2);
	pg_tx_int(tx, l->number);
	pg_tx_double(tx, seconds(retry_ms));
	load_send(l, tx, load_told_cb);
}

static void load_fail(struct index_load *l, const char *why)
{
	if (l->stopped)
		return;
	count_add(COUNT_INDEX_FAILURES, 1);
	if (!l->complained)
		log_warn("index of titles not loaded", log_str("error", why),
		         log_str("export", l->date),
		         log_int("retry_ms", l->settings->tmdb.index_retry));
	l->complained = true;
	load_give_back(l, l->settings->tmdb.index_retry);
}

/* Has a step of the load been stored, and is the load still ours? What did not
 * commit is sent again, for a while. */
static bool load_took(struct index_load *l, const struct pg_outcome *outcome)
{
	l->busy = false;
	if (db_refuses_data(outcome)) {
		load_fail(l, outcome->message);
	} else if (!db_learn(l->db, outcome)) {
		if (clock_ms() - l->begun_ms > LOAD_MS)
			load_fail(l, outcome->message);
		else
			load_step_in(l, AGAIN_MS);
	} else if (!pg_bool(outcome->results[0], 0, "held")) {
		load_fail(l, "another daemon has taken the load over");
	} else {
		return true;
	}
	return false;
}

static void load_tidy(struct index_load *l)
{
	struct pg_tx *tx = pg_tx_new();

	load_enter(l, LOAD_TIDYING);
	pg_tx_add(tx, &SQL_INDEX_CLEAR, 1);
	pg_tx_int(tx, l->number);
	/* If it cannot be done now, the next load begins with it. */
	load_send(l, tx, load_told_cb);
}

static void load_finished_cb(void *arg, const struct pg_outcome *outcome)
{
	struct index_load *l = arg;

	if (!load_took(l, outcome))
		return;
	count_add(COUNT_INDEX_LOADS, 1);
	l->complained = false;
	log_info("index of titles loaded", log_str("export", l->date),
	         log_int("rows", l->rows),
	         log_dbl("seconds", seconds(clock_ms() - l->begun_ms)));
	load_clean(l);
	load_tidy(l);
}

static void load_finish(struct index_load *l)
{
	struct pg_tx *tx = pg_tx_new();

	load_enter(l, LOAD_FINISHING);
	pg_tx_add(tx, &SQL_INDEX_FINISH, 2);
	pg_tx_int(tx, l->number);
	pg_tx_text(tx, l->date);
	load_send(l, tx, load_finished_cb);
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
	struct pg_array *ids = pg_array_new();
	struct pg_array *names = pg_array_new();
	struct pg_array *popularities = pg_array_new();
	struct pg_tx *tx = pg_tx_new();

	for (int i = 0; i < l->count; i++) {
		pg_array_int(ids, l->pending[i].id);
		pg_array_text(names, l->pending[i].name);
		pg_array_double(popularities, l->pending[i].popularity);
	}
	pg_tx_add(tx, &SQL_INDEX_STORE, 6);
	pg_tx_int(tx, l->number);
	pg_tx_int(tx, l->batch + 1);
	pg_tx_double(tx, load_hold_s(l));
	pg_tx_array(tx, ids);
	pg_tx_array(tx, names);
	pg_tx_array(tx, popularities);
	load_send(l, tx, load_stored_cb);
}

/* --- reading -------------------------------------------------------------- */

static bool load_piece_cb(void *arg, const void *piece, size_t len)
{
	struct index_load *l = arg;

	/* Once it is broken, the next step cancels the download. */
	if (index_file_state(l->file) == INDEX_ROW ||
	    index_file_state(l->file) == INDEX_BROKEN)
		return false;
	index_file_feed(l->file, piece, len);
	load_step_in(l, 0);
	return true;
}

static void load_download(struct index_load *l);

static void load_ended_cb(void *arg, const struct fetch_answer *answer)
{
	struct index_load *l = arg;

	l->call = NULL;
	if ((answer->status == 403 || answer->status == 404) &&
	    l->days_back == 0) {
		/* Made at about 8 o'clock; stores of files say either. */
		l->days_back = 1;
		load_download(l);
		return;
	}
	l->arrived = answer->error == NULL;
	l->failed = !l->arrived;
	if (l->failed)
		(void)error_set(&l->why, "%s", answer->error);
	load_step_in(l, 0);
}

static void load_download(struct index_load *l)
{
	const char *base = l->settings->tmdb.index_url;
	const time_t when = time(NULL) - (time_t)l->days_back * DAY_S;
	size_t len = strlen(base);
	char name[11];
	struct tm tm;
	char *url;

	ensure(gmtime_r(&when, &tm) != NULL);
	ensure(strftime(name, sizeof(name), "%m_%d_%Y", &tm) > 0);
	ensure(strftime(l->date, sizeof(l->date), "%Y-%m-%d", &tm) > 0);
	while (len > 0 && base[len - 1] == '/')
		len--;
	url = xasprintf("%.*s/movie_ids_%s.json.gz", (int)len, base, name);
	l->call = fetch_file(l->fetch, &(struct fetch_file_options){
					       .url = url,
					       .deadline_ms = LOAD_MS,
					       .piece = load_piece_cb,
					       .ended = load_ended_cb,
					       .arg = l,
				       });
	free(url);
}

static void load_keep_row(struct index_load *l, const struct index_row *row)
{
	if (l->arena == NULL)
		l->arena = arena_new();
	l->pending[l->count] = *row;
	l->pending[l->count].name = arena_strdup(l->arena, row->name);
	l->count++;
}

/* The download is over: what is left of it. */
static void load_read_last(struct index_load *l, enum index_read what)
{
	if (what == INDEX_HUNGRY) {
		load_fail(l, "the file was cut off");
	} else if (l->count > 0) {
		load_enter(l, LOAD_STORING);
		load_store(l);
	} else {
		load_finish(l);
	}
}

static void load_read(struct index_load *l)
{
	enum index_read what = INDEX_ROW;
	struct index_row row;
	struct error err;

	if (l->failed) {
		load_fail(l, l->why.message);
		return;
	}
	while (what == INDEX_ROW && l->count < BATCH_ROWS) {
		what = index_file_next(l->file, &row, &err);
		if (what == INDEX_ROW)
			load_keep_row(l, &row);
	}
	if (what == INDEX_BROKEN) {
		load_fail(l, err.message);
	} else if (what == INDEX_ROW) {
		load_enter(l, LOAD_STORING);
		load_store(l);
	} else if (l->arrived) {
		load_read_last(l, what);
	} else if (l->call != NULL) {
		fetch_resume(l->call);
	}
}

/* --- the beginning of a load ---------------------------------------------- */

static void load_cleared_cb(void *arg, const struct pg_outcome *outcome)
{
	struct index_load *l = arg;

	l->busy = false;
	if (!db_learn(l->db, outcome)) {
		load_fail(l, outcome->message);
		return;
	}
	load_enter(l, LOAD_READING);
	load_step_in(l, 0);
	l->file = index_file_new();
	load_download(l);
}

static void load_begun_cb(void *arg, const struct pg_outcome *outcome)
{
	struct index_load *l = arg;
	struct pg_tx *tx;

	l->busy = false;
	if (!db_learn(l->db, outcome)) {
		load_enter(l, LOAD_IDLE);
		if (!l->stopped)
			every_soon(l->look, AGAIN_MS);
		return;
	}
	l->looked = true;
	if (pg_count(outcome->results[0]) == 0) {
		load_enter(l, LOAD_IDLE);
		return;
	}
	l->number = pg_int(outcome->results[0], 0, "load");
	l->begun_ms = clock_ms();
	l->days_back = 0;
	l->date[0] = '\0';
	l->batch = 0;
	l->rows = 0;
	load_enter(l, LOAD_CLEARING);
	tx = pg_tx_new();
	pg_tx_add(tx, &SQL_INDEX_CLEAR, 1);
	pg_tx_int(tx, l->number);
	load_send(l, tx, load_cleared_cb);
}

static void load_look(void *arg)
{
	struct index_load *l = arg;
	struct pg_tx *tx;

	if (l->state != LOAD_IDLE || l->draining || !db_open(l->db))
		return;
	load_enter(l, LOAD_ASKING);
	tx = pg_tx_new();
	pg_tx_add(tx, &SQL_INDEX_BEGIN, 2);
	pg_tx_double(tx, seconds(l->settings->tmdb.index_every));
	pg_tx_double(tx, load_hold_s(l));
	load_send(l, tx, load_begun_cb);
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
	case LOAD_ASKING:
	case LOAD_CLEARING:
	case LOAD_TIDYING:
	case LOAD_FAILING:
		break;
	}
}

struct index_load *index_load_new(struct event_base *base, struct db *db,
                                  const struct settings *settings)
{
	struct index_load *l = xcalloc(1, sizeof(*l));
	const int64_t retry_ms = settings->tmdb.index_retry;

	l->db = db;
	l->settings = settings;
	l->fetch = fetch_new(base, &settings->tmdb);
	l->timer = evtimer_new(base, load_step_cb, l);
	ensure(l->timer != NULL);
	l->look_ms = retry_ms < LOOK_MS ? retry_ms : LOOK_MS;
	l->look = every_new(base, &l->look_ms, load_look, l);
	every_soon(l->look, 0);
	return l;
}

void index_load_drain(struct index_load *l)
{
	l->draining = true;
	load_step_in(l, 0);
}

bool index_load_drained(const struct index_load *l)
{
	return l->state == LOAD_IDLE;
}

bool index_load_is_busy(const struct index_load *l)
{
	return !l->looked || l->state != LOAD_IDLE;
}

void index_load_stop(struct index_load *l)
{
	if (l == NULL)
		return;
	l->stopped = true;
	every_free(&l->look);
	event_del(l->timer);
	fetch_cancel(&l->call);
}

void index_load_free(struct index_load **lp)
{
	struct index_load *l = *lp;

	if (l == NULL)
		return;
	*lp = NULL;
	load_clean(l);
	event_free(l->timer);
	fetch_free(&l->fetch);
	free(l);
}
