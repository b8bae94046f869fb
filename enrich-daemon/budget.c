/*
 * Slots of the shared rate.
 */
#include "enrich-daemon/budget.h"

#include <event2/event.h>
#include <stdlib.h>

#include "common/backoff.h"
#include "common/clock.h"
#include "common/log.h"
#include "common/mem.h"
#include "common/metrics.h"
#include "common/pg_result.h"
#include "common/pg_tx.h"
#include "enrich-daemon/counts.h"
#include "enrich-daemon/db.h"
#include "gen/sql.h"

#define BUDGET_NAME "tmdb"
#define SLOTS_MAX   64
/* This part of the rate is left unused, and a slot that has come later than
 * that part of a second is void: so no second has more calls begun than the
 * rate, although the slots of other daemons are not known. What is late between
 * here and TMDB is not in our hands. */
#define MARGIN      0.025
#define LATE_MAX_US 25000
/* Nor is a grant good for anything that was so long on its way. */
#define GRANT_MAX_US 100000
/* Clocks drift apart by less between two answers. */
#define DRIFT_US 20
/* Slots are given out so far ahead at most, by all daemons together. */
#define HORIZON_S 0.5
/* No batch is longer: a quarter of a second, or one slot of the lowest rate. */
#define BATCH_MAX_S   1.1
#define ASK_MIN_MS    5
#define ASK_MAX_MS    1000
#define ASK_FAILED_MS 100

struct budget {
	struct db *db;
	const struct tmdb_settings *settings;
	bool (*on_slot)(void *arg);
	void *arg;
	struct event *timer;
	int wanted;
	int64_t slots[SLOTS_MAX]; /* a ring of their times, microseconds */
	int head, count;
	int asked; /* slots asked for; 0: not asking */
	int64_t asked_us;
	int64_t lag_us; /* our clock minus the database's, by quick answers */
	int64_t ask_at_us;
	int64_t closed_until_us;
	int made;     /* calls that are not counted in the database yet */
	int counting; /* the same, under way */
};

static struct metric rate_limit = { .kind = METRIC_GAUGE,
	                            .name = "rewatch_tmdb_rate_limit",
	                            .help = "Calls to TMDB a second, all "
	                                    "daemons together, at most." };

static void budget_ask(struct budget *b);

static int budget_batch(const struct budget *b)
{
	int quarter = (int)(b->settings->rate / 4);

	return quarter < 1 ? 1 : quarter;
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
		if (!late && budget_use(b))
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

/* How much longer than quick answers one has taken that the database gave at
 * this time of its clock. So all daemons count from the same moment, and the
 * slots of one do not slip in between those of another. */
static int64_t budget_lateness(struct budget *b, int64_t database_us)
{
	const int64_t lag = clock_us() - database_us;
	const int64_t late = lag - b->lag_us;

	/* The quickest so far, or a clock was set. */
	if (late < 0 || late > GRANT_MAX_US) {
		b->lag_us = lag;
		return 0;
	}
	b->lag_us += DRIFT_US;
	return late;
}

static void budget_granted(struct budget *b, int n, int64_t at,
                           int64_t period_us)
{
	if (clock_us() - b->asked_us > GRANT_MAX_US) {
		count_add(COUNT_SLOTS_UNUSED, n);
		return;
	}
	/* Before those in hand only if the database's clock was put ahead. */
	if (b->count > 0) {
		int64_t next = b->slots[(b->head + b->count - 1) % SLOTS_MAX] +
		               period_us;

		at = at > next ? at : next;
	}
	for (int i = 0; i < n; i++) {
		ensure(b->count < SLOTS_MAX);
		b->slots[(b->head + b->count) % SLOTS_MAX] = at + i * period_us;
		b->count++;
	}
}

static double budget_period(const struct budget *b)
{
	metric_set(&rate_limit, (double)b->settings->rate);
	return 1.0 / ((double)b->settings->rate * (1.0 - MARGIN));
}

static void budget_taken(struct budget *b, const struct pg_rows *rows, int n)
{
	int64_t late = budget_lateness(b, pg_int(rows, 0, "now_us"));
	int64_t delay = (int64_t)(pg_double(rows, 0, "delay") * 1e6);

	b->closed_until_us = 0;
	if (pg_bool(rows, 0, "granted")) {
		budget_granted(b, n, clock_us() + delay - late,
		               (int64_t)(budget_period(b) * 1e6));
		return;
	}
	b->closed_until_us = clock_us() + delay;
	if (delay < ASK_MIN_MS * 1000LL)
		delay = ASK_MIN_MS * 1000LL;
	if (delay > ASK_MAX_MS * 1000LL)
		delay = ASK_MAX_MS * 1000LL;
	b->ask_at_us = clock_us() + delay;
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

static void budget_ask(struct budget *b)
{
	int batch = budget_batch(b);
	int n = b->wanted - b->count;
	struct pg_tx *tx;

	if (n > batch)
		n = batch;
	if (b->asked > 0 || n <= 0 || b->count > batch / 2 ||
	    b->ask_at_us > clock_us()) {
		budget_arm(b);
		return;
	}
	tx = pg_tx_new();
	pg_tx_add(tx, &SQL_BUDGET_TAKE, 5);
	pg_tx_text(tx, BUDGET_NAME);
	pg_tx_int(tx, n);
	pg_tx_double(tx, budget_period(b));
	pg_tx_double(tx, HORIZON_S);
	pg_tx_double(tx, HORIZON_S + BATCH_MAX_S);
	b->asked = n;
	b->asked_us = clock_us();
	db_run(b->db, tx, budget_taken_cb, b);
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
	pg_tx_add(tx, &SQL_BUDGET_BLOCK, 2);
	pg_tx_text(tx, BUDGET_NAME);
	pg_tx_double(tx, (double)ms / 1000.0);
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
	pg_tx_add(tx, &SQL_BUDGET_COUNT, 2);
	pg_tx_text(tx, BUDGET_NAME);
	pg_tx_int(tx, b->counting);
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
