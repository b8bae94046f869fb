/*
 * Asks the database for slots, and uses each at its time.
 */
#include "enrich-daemon/client/rate_limit.h"

#include <event2/event.h>
#include <stdlib.h>

#include "common/base/backoff.h"
#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/pg/pg_result.h"
#include "common/pg/pg_tx.h"
#include "common/process/metrics.h"
#include "enrich-daemon/client/clock_offset.h"
#include "enrich-daemon/client/slots.h"
#include "enrich-daemon/daemon_metrics.h"
#include "enrich-daemon/db.h"
#include "gen/sql.h"

#define RATE_NAME "tmdb"
/* This part of the rate is left unused, and a slot is void when it comes later
 * than this part of a second: so no second has more calls begun than the rate,
 * although a daemon does not know the slots of others. A delay between here and
 * TMDB is not in our hands. */
#define MARGIN      0.025
#define LATE_MAX_US 25000
/* No daemon is given slots that begin later than this from now. */
#define HORIZON_S 0.5
/* Between our slots and another daemon's a guard is kept free, as long as we
 * may be wrong about the database's clock, so that the slots do not mix. A
 * batch is void when its answer shows that we may be wrong by more than its
 * guard. With a guard of more than GUARD_MAX_US the database is too far
 * away. */
#define GUARD_FIRST_US 5000
#define GUARD_SLACK_US 5000
#define GUARD_MAX_US   500000
/* A batch lasts so many times as long as asking for one. */
#define BATCH_TRIPS  8
#define BATCH_MIN_US 250000
#define BATCH_MAX_US 1000000
/* The longest batch: BATCH_MAX_US, or one slot of the lowest rate; and the
 * guard on both sides. */
#define BATCH_LONGEST_S (1.1 + 2 * GUARD_MAX_US / 1e6)
/* A slot further ahead is of a clock that was set meanwhile. */
#define AHEAD_MAX_US  4000000
#define ASK_MIN_US    5000
#define ASK_MAX_US    1000000
#define ASK_FAILED_MS 100
/* After so many lost slots in a row a warning is logged. */
#define LOST_ROW 100

struct rate_limit {
	struct db *db;
	const struct tmdb_settings *settings;
	bool (*on_slot)(void *arg);
	void *arg;
	struct event *timer;
	int wanted;
	struct slots slots; /* of our clock */
	int asked;          /* slots asked for; 0: not asking */
	int64_t asked_us, guard_us, period_us;
	int64_t end_us, end_guard_us; /* of what we booked last; their clock */
	int64_t ask_at_us;
	int64_t paused_until_us;
	int64_t trip_us; /* from asking to the answer, lately */
	struct clock_offset offset;
	int lost;     /* slots in a row that came too late */
	int made;     /* calls that are not counted in the database yet */
	int counting; /* the same, under way */
};

static struct metric most_calls = { .kind = METRIC_GAUGE,
	                            .name = "rewatch_tmdb_rate_limit",
	                            .help = "Calls to TMDB a second, all "
	                                    "daemons together, at most." };

static void rate_limit_ask(struct rate_limit *r);

/* How many slots begin in so long. */
static int rate_limit_slots_in(const struct rate_limit *r, int64_t us)
{
	return (int)(r->settings->rate * us / 1000000);
}

static int rate_limit_batch(const struct rate_limit *r)
{
	int64_t us = BATCH_TRIPS * r->trip_us;
	int n;

	us = us < BATCH_MIN_US ? BATCH_MIN_US : us;
	n = rate_limit_slots_in(r, us > BATCH_MAX_US ? BATCH_MAX_US : us);
	return n < 1 ? 1 : n;
}

/* With so many left it is time to ask for more. */
static int rate_limit_reserve(const struct rate_limit *r)
{
	return rate_limit_slots_in(r, BATCH_MIN_US / 2 + r->trip_us);
}

static void rate_limit_lost(struct rate_limit *r, int n)
{
	daemon_metrics_add(COUNT_SLOTS_UNUSED, n);
	if (r->lost < LOST_ROW && r->lost + n >= LOST_ROW)
		log_warn("no calls: slots come too late, the database is too "
		         "far away or too slow",
		         log_int("answer_ms", r->trip_us / 1000));
	r->lost += n;
}

static void rate_limit_in_time(struct rate_limit *r)
{
	if (r->lost >= LOST_ROW)
		log_info("slots come in time again",
		         log_int("answer_ms", r->trip_us / 1000));
	r->lost = 0;
}

/* Sets the timer for whatever comes next. */
static void rate_limit_arm(struct rate_limit *r)
{
	int64_t now = clock_us();
	int64_t at = slots_next(&r->slots);
	struct timeval delay;

	if (r->asked == 0 && r->wanted > r->slots.count && r->ask_at_us > now &&
	    r->ask_at_us < at)
		at = r->ask_at_us;
	if (at == INT64_MAX) {
		(void)event_del(r->timer);
		return;
	}
	at = at > now ? at - now : 0;
	delay = (struct timeval){ at / 1000000, at % 1000000 };
	ensure(event_add(r->timer, &delay) == 0);
}

/* One call less is wanted, whatever on_slot() makes of rate_limit_want(). */
static bool rate_limit_use(struct rate_limit *r)
{
	if (r->wanted > 0)
		r->wanted--;
	if (r->on_slot(r->arg))
		return true;
	r->wanted = 0;
	return false;
}

static void rate_limit_run_due(struct rate_limit *r)
{
	const int64_t now = clock_us();
	enum slot slot;

	while ((slot = slots_due(&r->slots, now, LATE_MAX_US)) != SLOT_NONE) {
		if (slot == SLOT_LATE) {
			rate_limit_lost(r, 1);
			continue;
		}
		rate_limit_in_time(r);
		if (rate_limit_use(r))
			r->made++;
		else
			daemon_metrics_add(COUNT_SLOTS_UNUSED, 1);
	}
}

static void rate_limit_timer_cb(evutil_socket_t fd, short what, void *arg)
{
	struct rate_limit *r = arg;

	(void)fd;
	(void)what;
	rate_limit_run_due(r);
	rate_limit_ask(r);
}

/* --- taking --------------------------------------------------------------- */

/* What the answer says of the way to the database and of its clock. */
static void rate_limit_learn(struct rate_limit *r, int64_t database_us)
{
	const int64_t now = clock_us();
	const int64_t trip = now - r->asked_us;

	if (!clock_offset_learn(&r->offset, r->asked_us, database_us, now)) {
		/* Others may have booked the same times since. */
		daemon_metrics_add(COUNT_SLOTS_UNUSED,
		                   slots_restart(&r->slots, now));
	}
	r->trip_us -= r->trip_us / 8;
	if (r->trip_us < trip)
		r->trip_us = trip < BATCH_MAX_US ? trip : BATCH_MAX_US;
}

static void rate_limit_granted(struct rate_limit *r, int n, int64_t at)
{
	if (clock_offset_error(&r->offset) > r->guard_us + GUARD_SLACK_US ||
	    at > clock_us() + AHEAD_MAX_US) {
		rate_limit_lost(r, n);
		return;
	}
	slots_book(&r->slots, n, at, r->period_us);
}

/* When to ask so that the question is there at that time. */
static int64_t rate_limit_ask_for(const struct rate_limit *r, int64_t at)
{
	const int64_t now = clock_us();

	at -= clock_offset_error(&r->offset);
	at = at > now + ASK_MIN_US ? at : now + ASK_MIN_US;
	return at < now + ASK_MAX_US ? at : now + ASK_MAX_US;
}

static void rate_limit_taken(struct rate_limit *r, const struct pg_rows *rows,
                             int n)
{
	int64_t at;

	rate_limit_learn(r, pg_int(rows, 0, "now_us"));
	at = clock_offset_ours(&r->offset, pg_int(rows, 0, "at_us"));
	r->paused_until_us = 0;
	if (pg_bool(rows, 0, "granted")) {
		r->end_us = pg_int(rows, 0, "end_us");
		r->end_guard_us = r->guard_us;
		rate_limit_granted(r, n, at);
		return;
	}
	r->paused_until_us = at;
	r->ask_at_us = rate_limit_ask_for(r, at);
}

static void rate_limit_taken_cb(void *arg, const struct pg_outcome *outcome)
{
	struct rate_limit *r = arg;
	int n = r->asked;

	r->asked = 0;
	r->ask_at_us = 0;
	if (db_learn(r->db, outcome))
		rate_limit_taken(r, outcome->results[0], n);
	else
		r->ask_at_us = clock_us() +
		               1000LL * (ASK_FAILED_MS +
		                         (int64_t)random_below(ASK_FAILED_MS));
	rate_limit_ask(r);
}

static int64_t rate_limit_guard(const struct rate_limit *r)
{
	int64_t error = r->offset.known ? clock_offset_error(&r->offset)
	                                : GUARD_FIRST_US;

	return error < GUARD_MAX_US ? error : GUARD_MAX_US;
}

static void rate_limit_take(struct rate_limit *r, int n)
{
	double period = 1.0 / ((double)r->settings->rate * (1.0 - MARGIN));
	struct pg_tx *tx = pg_tx_new();

	r->asked = n;
	r->asked_us = clock_us();
	r->guard_us = rate_limit_guard(r);
	r->period_us = (int64_t)(period * 1e6);
	metric_set(&most_calls, (double)r->settings->rate);
	pg_tx_add(tx, &SQL_TMDB_RATE_TAKE);
	PG_TEXT(tx, SQL_TMDB_RATE_TAKE, NAME, RATE_NAME);
	PG_INT(tx, SQL_TMDB_RATE_TAKE, SLOTS, n);
	PG_REAL(tx, SQL_TMDB_RATE_TAKE, PERIOD, period);
	PG_REAL(tx, SQL_TMDB_RATE_TAKE, GUARD, (double)r->guard_us / 1e6);
	PG_REAL(tx, SQL_TMDB_RATE_TAKE, AHEAD, HORIZON_S);
	PG_REAL(tx, SQL_TMDB_RATE_TAKE, BOOKING, HORIZON_S + BATCH_LONGEST_S);
	PG_INT(tx, SQL_TMDB_RATE_TAKE, LAST_US, r->end_us);
	PG_REAL(tx, SQL_TMDB_RATE_TAKE, LAST_GUARD,
	        (double)r->end_guard_us / 1e6);
	db_run(r->db, tx, rate_limit_taken_cb, r);
}

static void rate_limit_ask(struct rate_limit *r)
{
	int batch = rate_limit_batch(r);
	int n = r->wanted - r->slots.count;

	n = n < batch ? n : batch;
	n = n < slots_room(&r->slots) ? n : slots_room(&r->slots);
	if (r->asked == 0 && n > 0 && r->slots.count <= rate_limit_reserve(r) &&
	    r->ask_at_us <= clock_us())
		rate_limit_take(r, n);
	rate_limit_arm(r);
}

/* --- what others call ----------------------------------------------------- */

void rate_limit_want(struct rate_limit *r, int calls)
{
	r->wanted = calls;
	rate_limit_ask(r);
}

int64_t rate_limit_paused_for(const struct rate_limit *r)
{
	int64_t left = (r->paused_until_us - clock_us()) / 1000;

	return left > 0 ? left : 0;
}

static void rate_limit_blocked_cb(void *arg, const struct pg_outcome *outcome)
{
	struct rate_limit *r = arg;

	if (!db_learn(r->db, outcome))
		log_warn("other daemons could not be told to pause",
		         log_str("error", outcome->message));
}

void rate_limit_block(struct rate_limit *r, int64_t ms)
{
	struct pg_tx *tx = pg_tx_new();

	daemon_metrics_add(COUNT_SLOTS_UNUSED, slots_drop(&r->slots));
	pg_tx_add(tx, &SQL_TMDB_RATE_BLOCK);
	PG_TEXT(tx, SQL_TMDB_RATE_BLOCK, NAME, RATE_NAME);
	PG_REAL(tx, SQL_TMDB_RATE_BLOCK, SECONDS, (double)ms / 1000.0);
	db_run(r->db, tx, rate_limit_blocked_cb, r);
	rate_limit_arm(r);
}

/* When it is unknown whether they were counted, they are taken as counted. */
static void rate_limit_counted_cb(void *arg, const struct pg_outcome *outcome)
{
	struct rate_limit *r = arg;

	if (!db_learn(r->db, outcome) && outcome->error != PG_ERROR_LOST &&
	    outcome->error != PG_ERROR_DEADLINE)
		r->made += r->counting;
	r->counting = 0;
}

void rate_limit_count(struct rate_limit *r)
{
	struct pg_tx *tx;

	if (r->made == 0 || r->counting > 0 || !db_open(r->db))
		return;
	r->counting = r->made;
	r->made = 0;
	tx = pg_tx_new();
	pg_tx_add(tx, &SQL_TMDB_RATE_COUNT);
	PG_TEXT(tx, SQL_TMDB_RATE_COUNT, NAME, RATE_NAME);
	PG_INT(tx, SQL_TMDB_RATE_COUNT, CALLS, r->counting);
	db_run(r->db, tx, rate_limit_counted_cb, r);
}

bool rate_limit_is_counted(const struct rate_limit *r)
{
	return r->made == 0 && r->counting == 0;
}

struct rate_limit *rate_limit_new(struct event_base *base, struct db *db,
                                  const struct tmdb_settings *settings,
                                  bool (*on_slot)(void *arg), void *arg)
{
	struct rate_limit *r = xmalloc(sizeof(*r));

	*r = (struct rate_limit){
		.db = db, .settings = settings, .on_slot = on_slot, .arg = arg
	};
	r->timer = evtimer_new(base, rate_limit_timer_cb, r);
	ensure(r->timer != NULL);
	metric_register(&most_calls);
	return r;
}

void rate_limit_free(struct rate_limit **rate_limit)
{
	if (*rate_limit == NULL)
		return;
	event_free((*rate_limit)->timer);
	free(*rate_limit);
	*rate_limit = NULL;
}
