/*
 * Slots of the shared rate.
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
#include "enrich-daemon/daemon_metrics.h"
#include "enrich-daemon/db.h"
#include "gen/sql.h"

#define BUDGET_NAME "tmdb"
#define SLOTS_MAX   128
/* This part of the rate is left unused, and a slot that has come later than
 * that part of a second is void: so no second has more calls begun than the
 * rate, although the slots of other daemons are not known. What is late between
 * here and TMDB is not in our hands. */
#define MARGIN      0.025
#define LATE_MAX_US 25000
/* Slots are given out so far ahead at most, by all daemons together. */
#define HORIZON_S 0.5
/* Between our slots and those of another daemon so much is kept free as we may
 * be wrong about the database's clock, that they do not mix; a batch is void
 * when its answer shows that to be more. Beyond GUARD_MAX_US the database is
 * too far away. */
#define GUARD_FIRST_US 5000
#define GUARD_SLACK_US 5000
#define GUARD_MAX_US   500000
/* A batch lasts several times as long as asking for one does. */
#define BATCH_TRIPS  8
#define BATCH_MIN_US 250000
#define BATCH_MAX_US 1000000
/* The longest there is: that, or one slot of the lowest rate; and its guard. */
#define BATCH_LONGEST_S (1.1 + 2 * GUARD_MAX_US / 1e6)
/* Nothing is booked further ahead, but by a clock that was set meanwhile. */
#define AHEAD_MAX_US  4000000
#define ASK_MIN_US    5000
#define ASK_MAX_US    1000000
#define ASK_FAILED_MS 100
/* So many lost slots in a row are said. */
#define LOST_ROW 100

struct budget {
	struct db *db;
	const struct tmdb_settings *settings;
	bool (*on_slot)(void *arg);
	void *arg;
	struct event *timer;
	int wanted;
	int64_t slots[SLOTS_MAX]; /* a ring of their times, microseconds */
	int head, count;
	int64_t last_us; /* of the last one put there */
	int asked;       /* slots asked for; 0: not asking */
	int64_t asked_us, guard_us, period_us;
	int64_t end_us, end_guard_us; /* of what we booked last; their clock */
	int64_t ask_at_us;
	int64_t closed_until_us;
	int64_t trip_us; /* from asking to the answer, lately */
	struct skew skew;
	int lost;     /* slots in a row that came too late */
	int made;     /* calls that are not counted in the database yet */
	int counting; /* the same, under way */
};

static struct metric rate_limit = { .kind = METRIC_GAUGE,
	                            .name = "rewatch_tmdb_rate_limit",
	                            .help = "Calls to TMDB a second, all "
	                                    "daemons together, at most." };

static void budget_ask(struct budget *b);

/* How many slots begin in so long. */
static int budget_slots_in(const struct budget *b, int64_t us)
{
	return (int)(b->settings->rate * us / 1000000);
}

static int budget_batch(const struct budget *b)
{
	int64_t us = BATCH_TRIPS * b->trip_us;
	int n;

	us = us < BATCH_MIN_US ? BATCH_MIN_US : us;
	n = budget_slots_in(b, us > BATCH_MAX_US ? BATCH_MAX_US : us);
	return n < 1 ? 1 : n;
}

/* With so many left it is time to ask for more. */
static int budget_reserve(const struct budget *b)
{
	return budget_slots_in(b, BATCH_MIN_US / 2 + b->trip_us);
}

static void budget_lost(struct budget *b, int n)
{
	count_add(COUNT_SLOTS_UNUSED, n);
	if (b->lost < LOST_ROW && b->lost + n >= LOST_ROW)
		log_warn("no calls: slots come too late, the database is too "
		         "far away or too slow",
		         log_int("answer_ms", b->trip_us / 1000));
	b->lost += n;
}

static void budget_in_time(struct budget *b)
{
	if (b->lost >= LOST_ROW)
		log_info("slots come in time again",
		         log_int("answer_ms", b->trip_us / 1000));
	b->lost = 0;
}

/* Sets the timer for whatever comes next. */
static void budget_arm(struct budget *b)
{
	int64_t now = clock_us();
	int64_t at = INT64_MAX;
	struct timeval delay;

	if (b->count > 0)
		at = b->slots[b->head];
	if (b->asked == 0 && b->wanted > b->count && b->ask_at_us > now &&
	    b->ask_at_us < at)
		at = b->ask_at_us;
	if (at == INT64_MAX) {
		(void)event_del(b->timer);
		return;
	}
	at = at > now ? at - now : 0;
	delay = (struct timeval){ at / 1000000, at % 1000000 };
	ensure(event_add(b->timer, &delay) == 0);
}

/* Makes one call less wanted, whatever budget_want() says of it meanwhile. */
static bool budget_use(struct budget *b)
{
	if (b->wanted > 0)
		b->wanted--;
	if (b->on_slot(b->arg))
		return true;
	b->wanted = 0;
	return false;
}

static void budget_run_due(struct budget *b)
{
	int64_t now = clock_us();

	while (b->count > 0 && b->slots[b->head] <= now) {
		bool late = now - b->slots[b->head] > LATE_MAX_US;

		b->head = (b->head + 1) % SLOTS_MAX;
		b->count--;
		if (late) {
			budget_lost(b, 1);
			continue;
		}
		budget_in_time(b);
		if (budget_use(b))
			b->made++;
		else
			count_add(COUNT_SLOTS_UNUSED, 1);
	}
}

static void budget_timer_cb(evutil_socket_t fd, short what, void *arg)
{
	struct budget *b = arg;

	(void)fd;
	(void)what;
	budget_run_due(b);
	budget_ask(b);
}

/* --- taking --------------------------------------------------------------- */

/* What the answer says of the way to the database and of its clock. */
static void budget_learn(struct budget *b, int64_t database_us)
{
	const int64_t now = clock_us();
	const int64_t trip = now - b->asked_us;

	if (!skew_learn(&b->skew, b->asked_us, database_us, now)) {
		/* Others may have booked the same times since. */
		count_add(COUNT_SLOTS_UNUSED, b->count);
		b->count = 0;
		b->last_us = now;
	}
	b->trip_us -= b->trip_us / 8;
	if (b->trip_us < trip)
		b->trip_us = trip < BATCH_MAX_US ? trip : BATCH_MAX_US;
}

static void budget_granted(struct budget *b, int n, int64_t at)
{
	if (skew_error(&b->skew) > b->guard_us + GUARD_SLACK_US ||
	    at > clock_us() + AHEAD_MAX_US) {
		budget_lost(b, n);
		return;
	}
	for (int i = 0; i < n; i++) {
		int64_t next = b->last_us + b->period_us;

		ensure(b->count < SLOTS_MAX);
		b->last_us = at > next ? at : next;
		b->slots[(b->head + b->count) % SLOTS_MAX] = b->last_us;
		b->count++;
	}
}

/* When to ask so that the question is there at that time. */
static int64_t budget_ask_for(const struct budget *b, int64_t at)
{
	const int64_t now = clock_us();

	at -= skew_error(&b->skew);
	at = at > now + ASK_MIN_US ? at : now + ASK_MIN_US;
	return at < now + ASK_MAX_US ? at : now + ASK_MAX_US;
}

static void budget_taken(struct budget *b, const struct pg_rows *rows, int n)
{
	int64_t at;

	budget_learn(b, pg_int(rows, 0, "now_us"));
	at = skew_ours(&b->skew, pg_int(rows, 0, "at_us"));
	b->closed_until_us = 0;
	if (pg_bool(rows, 0, "granted")) {
		b->end_us = pg_int(rows, 0, "end_us");
		b->end_guard_us = b->guard_us;
		budget_granted(b, n, at);
		return;
	}
	b->closed_until_us = at;
	b->ask_at_us = budget_ask_for(b, at);
}

static void budget_taken_cb(void *arg, const struct pg_outcome *outcome)
{
	struct budget *b = arg;
	int n = b->asked;

	b->asked = 0;
	b->ask_at_us = 0;
	if (db_learn(b->db, outcome))
		budget_taken(b, outcome->results[0], n);
	else
		b->ask_at_us = clock_us() +
		               1000LL * (ASK_FAILED_MS +
		                         (int64_t)random_below(ASK_FAILED_MS));
	budget_ask(b);
}

static int64_t budget_guard(const struct budget *b)
{
	int64_t error = b->skew.known ? skew_error(&b->skew) : GUARD_FIRST_US;

	return error < GUARD_MAX_US ? error : GUARD_MAX_US;
}

static void budget_take(struct budget *b, int n)
{
	double period = 1.0 / ((double)b->settings->rate * (1.0 - MARGIN));
	struct pg_tx *tx = pg_tx_new();

	b->asked = n;
	b->asked_us = clock_us();
	b->guard_us = budget_guard(b);
	b->period_us = (int64_t)(period * 1e6);
	metric_set(&rate_limit, (double)b->settings->rate);
	pg_tx_add(tx, &SQL_TMDB_RATE_TAKE);
	PG_TEXT(tx, SQL_TMDB_RATE_TAKE, NAME, BUDGET_NAME);
	PG_INT(tx, SQL_TMDB_RATE_TAKE, SLOTS, n);
	PG_REAL(tx, SQL_TMDB_RATE_TAKE, PERIOD, period);
	PG_REAL(tx, SQL_TMDB_RATE_TAKE, GUARD, (double)b->guard_us / 1e6);
	PG_REAL(tx, SQL_TMDB_RATE_TAKE, AHEAD, HORIZON_S);
	PG_REAL(tx, SQL_TMDB_RATE_TAKE, BOOKING, HORIZON_S + BATCH_LONGEST_S);
	PG_INT(tx, SQL_TMDB_RATE_TAKE, LAST_US, b->end_us);
	PG_REAL(tx, SQL_TMDB_RATE_TAKE, LAST_GUARD,
	        (double)b->end_guard_us / 1e6);
	db_run(b->db, tx, budget_taken_cb, b);
}

static void budget_ask(struct budget *b)
{
	int batch = budget_batch(b);
	int n = b->wanted - b->count;

	n = n < batch ? n : batch;
	n = n < SLOTS_MAX - b->count ? n : SLOTS_MAX - b->count;
	if (b->asked == 0 && n > 0 && b->count <= budget_reserve(b) &&
	    b->ask_at_us <= clock_us())
		budget_take(b, n);
	budget_arm(b);
}

/* --- what others call ----------------------------------------------------- */

void budget_want(struct budget *b, int calls)
{
	b->wanted = calls;
	budget_ask(b);
}

int64_t budget_closed_for(const struct budget *b)
{
	int64_t left = (b->closed_until_us - clock_us()) / 1000;

	return left > 0 ? left : 0;
}

static void budget_blocked_cb(void *arg, const struct pg_outcome *outcome)
{
	struct budget *b = arg;

	if (!db_learn(b->db, outcome))
		log_warn("other daemons could not be told to pause",
		         log_str("error", outcome->message));
}

void budget_block(struct budget *b, int64_t ms)
{
	struct pg_tx *tx = pg_tx_new();

	count_add(COUNT_SLOTS_UNUSED, b->count);
	b->count = 0;
	pg_tx_add(tx, &SQL_TMDB_RATE_BLOCK);
	PG_TEXT(tx, SQL_TMDB_RATE_BLOCK, NAME, BUDGET_NAME);
	PG_REAL(tx, SQL_TMDB_RATE_BLOCK, SECONDS, (double)ms / 1000.0);
	db_run(b->db, tx, budget_blocked_cb, b);
	budget_arm(b);
}

/* When it is unknown whether they were counted, they are taken as counted. */
static void budget_counted_cb(void *arg, const struct pg_outcome *outcome)
{
	struct budget *b = arg;

	if (!db_learn(b->db, outcome) && outcome->error != PG_ERROR_LOST &&
	    outcome->error != PG_ERROR_DEADLINE)
		b->made += b->counting;
	b->counting = 0;
}

void budget_count(struct budget *b)
{
	struct pg_tx *tx;

	if (b->made == 0 || b->counting > 0 || !db_open(b->db))
		return;
	b->counting = b->made;
	b->made = 0;
	tx = pg_tx_new();
	pg_tx_add(tx, &SQL_TMDB_RATE_COUNT);
	PG_TEXT(tx, SQL_TMDB_RATE_COUNT, NAME, BUDGET_NAME);
	PG_INT(tx, SQL_TMDB_RATE_COUNT, CALLS, b->counting);
	db_run(b->db, tx, budget_counted_cb, b);
}

bool budget_is_counted(const struct budget *b)
{
	return b->made == 0 && b->counting == 0;
}

struct budget *budget_new(struct event_base *base, struct db *db,
                          const struct tmdb_settings *settings,
                          bool (*on_slot)(void *arg), void *arg)
{
	struct budget *b = xmalloc(sizeof(*b));

	*b = (struct budget){
		.db = db, .settings = settings, .on_slot = on_slot, .arg = arg
	};
	b->timer = evtimer_new(base, budget_timer_cb, b);
	ensure(b->timer != NULL);
	metric_register(&rate_limit);
	return b;
}

void budget_free(struct budget **budget)
{
	if (*budget == NULL)
		return;
	event_free((*budget)->timer);
	free(*budget);
	*budget = NULL;
}
