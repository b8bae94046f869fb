/*
 * Transactions wait in one queue for the first free connection. What is done
 * goes to a second list and is called back from an event of its own, so that
 * no connection is ever on the stack below a caller's code.
 */
#include "common/pg/pg_pool.h"

#include <event2/event.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/pg/pg_conn.h"
#include "common/pg/pg_conninfo.h"
#include "common/pg/pg_tx_private.h"
#include "common/process/metrics.h"

/* Without any connection for this long nobody is kept waiting. */
#define DOWN_AFTER_S 1

struct pg_pool {
	struct event_base *base;
	const struct pg_settings *settings;
	struct pg_conn **conns;
	int conn_count;
	int up; /* connections that are */
	struct pg_shared shared;

	struct pg_tx_list waiting;
	int waiting_count;
	struct pg_tx_list done;
	struct event *work;  /* active: something to hand out or call back */
	struct event *grace; /* pending: down, but perhaps not for long */
	bool down;
	bool delivering;
	bool closing;
};

static struct metric transactions = {
	.kind = METRIC_COUNTER,
	.name = "rewatch_pg_transactions_total",
	.help = "Transactions by outcome.",
	.label = "outcome",
};
static struct metric reconnects = {
	.kind = METRIC_COUNTER,
	.name = "rewatch_pg_reconnects_total",
	.help = "Database connections lost.",
};
static struct metric lost = {
	.kind = METRIC_COUNTER,
	.name = "rewatch_pg_lost_total",
	.help = "Database connections lost by the class of the SQLSTATE that "
		"the server gave, or what we saw.",
	.label = "cause",
};
static struct metric queue = {
	.kind = METRIC_GAUGE,
	.name = "rewatch_pg_queue",
	.help = "Transactions waiting for a connection.",
};
static struct metric seconds = {
	.kind = METRIC_HISTOGRAM,
	.name = "rewatch_pg_transaction_seconds",
	.help = "From handing a transaction over to its outcome.",
};

/* Each cause that may come is there from the start: only what was zero before
 * can be seen to grow. */
static void register_metrics(void)
{
	static const char *const causes[] = { "57", "25", "08", "lost",
		                              "deadline" };
	static bool registered;

	if (registered)
		return;
	registered = true;
	metric_register(&transactions);
	metric_register(&reconnects);
	metric_register(&lost);
	metric_register(&queue);
	metric_register(&seconds);
	for (size_t i = 0; i < ARRAY_LEN(causes); i++)
		metric_add_label(&lost, causes[i], 0);
}

bool pg_settings_check(const struct pg_settings *settings, struct error *err)
{
	return pg_conninfo_understands(settings->url) ||
	       error_set(
		       err,
		       "database.url is neither a URL nor a list of "
		       "key=value: write it as "
		       "postgresql://USER:PASSWORD@HOST:PORT/DATABASE, with "
		       "%%25 for each %% of the password, %%40 for each @ and "
		       "%%2F for each /, into DATABASE_URL or the file that "
		       "DATABASE_URL_FILE names; or leave the password out "
		       "and give it as it is in PGPASSWORD");
}

/* --- outcomes --- */

static void set_done(struct pg_pool *pool, struct pg_tx *tx)
{
	TAILQ_INSERT_TAIL(&pool->done, tx, link);
	event_active(pool->work, 0, 0);
}

const char *pg_pool_why(const struct pg_pool *pool)
{
	for (int i = 0; i < pool->conn_count; i++)
		if (pg_conn_why(pool->conns[i])[0] != '\0')
			return pg_conn_why(pool->conns[i]);
	return "not connected yet";
}

static void set_down(struct pg_pool *pool, struct pg_tx *tx)
{
	pg_tx_fail(tx, PG_ERROR_DOWN, "no connection to the database: %s",
	           pool->closing ? "the program ends" : pg_pool_why(pool));
	set_done(pool, tx);
}

static void deliver(struct pg_tx *tx)
{
	int64_t us = clock_us() - tx->started_us;

	metric_add_label(&transactions, pg_error_name(tx->outcome.error), 1);
	metric_observe(&seconds, (double)us / 1e6);
	tx->callback(tx->arg, &tx->outcome);
	pg_tx_free(&tx);
}

static void deliver_done(struct pg_pool *pool)
{
	struct pg_tx_list now = TAILQ_HEAD_INITIALIZER(now);
	struct pg_tx *tx;

	/* What a callback adds is for the next time. */
	TAILQ_CONCAT(&now, &pool->done, link);
	pool->delivering = true;
	while ((tx = TAILQ_FIRST(&now)) != NULL) {
		TAILQ_REMOVE(&now, tx, link);
		deliver(tx);
	}
	pool->delivering = false;
}

/* --- the queue --- */

static void count_waiting(struct pg_pool *pool, int change)
{
	pool->waiting_count += change;
	metric_add(&queue, change);
}

static void unqueue(struct pg_pool *pool, struct pg_tx *tx)
{
	TAILQ_REMOVE(&pool->waiting, tx, link);
	count_waiting(pool, -1);
	event_del(tx->timer);
}

static void hand_out(struct pg_pool *pool)
{
	for (int i = 0; i < pool->conn_count; i++) {
		struct pg_tx *tx = TAILQ_FIRST(&pool->waiting);

		if (tx == NULL)
			return;
		if (pg_conn_state(pool->conns[i]) != PG_CONN_IDLE)
			continue;
		unqueue(pool, tx);
		pg_conn_run(pool->conns[i], tx);
	}
}

static void refuse_waiting(struct pg_pool *pool)
{
	struct pg_tx *tx;

	while ((tx = TAILQ_FIRST(&pool->waiting)) != NULL) {
		unqueue(pool, tx);
		set_down(pool, tx);
	}
}

struct waiter {
	struct pg_pool *pool;
	struct pg_tx *tx;
};

static void waited_too_long_cb(evutil_socket_t fd, short what, void *arg)
{
	const struct waiter *w = arg;

	(void)fd;
	(void)what;
	unqueue(w->pool, w->tx);
	if (w->pool->up == 0) {
		set_down(w->pool, w->tx);
		return;
	}
	pg_tx_fail(w->tx, PG_ERROR_BUSY,
	           "no database connection became free in time");
	set_done(w->pool, w->tx);
}

static void enqueue(struct pg_pool *pool, struct pg_tx *tx)
{
	struct waiter *w = arena_alloc(tx->arena, sizeof(*w));
	struct timeval tv = { .tv_sec = tx->deadline_ms / 1000,
		              .tv_usec = tx->deadline_ms % 1000 * 1000 };

	*w = (struct waiter){ pool, tx };
	tx->timer = evtimer_new(pool->base, waited_too_long_cb, w);
	ensure(tx->timer != NULL);
	event_add(tx->timer, &tv);
	TAILQ_INSERT_TAIL(&pool->waiting, tx, link);
	count_waiting(pool, 1);
}

void pg_pool_run(struct pg_pool *pool, struct pg_tx *tx, pg_callback *callback,
                 void *arg)
{
	pg_tx_seal(tx);
	tx->callback = callback;
	tx->arg = arg;
	tx->started_us = clock_us();
	if (tx->deadline_ms == 0)
		tx->deadline_ms = pool->settings->deadline;
	tx->expires_ms = tx->started_us / 1000 + tx->deadline_ms;
	if (pool->down || pool->closing) {
		set_down(pool, tx);
		return;
	}
	enqueue(pool, tx);
	hand_out(pool);
	if (pool->waiting_count <= pool->settings->queue_max)
		return;
	/* Full, and this is the last of those who wait. */
	unqueue(pool, tx);
	pg_tx_fail(tx, PG_ERROR_BUSY,
	           "too many transactions wait for a database connection");
	set_done(pool, tx);
}

/* --- connections --- */

static void set_grace(struct pg_pool *pool)
{
	static const struct timeval tv = { DOWN_AFTER_S, 0 };

	event_add(pool->grace, &tv);
}

static void grace_over_cb(evutil_socket_t fd, short what, void *arg)
{
	struct pg_pool *pool = arg;

	(void)fd;
	(void)what;
	pool->down = true;
	log_warn("database is down", log_str("why", pg_pool_why(pool)),
	         log_int("waiting", pool->waiting_count));
	refuse_waiting(pool);
}

static void work_cb(evutil_socket_t fd, short what, void *arg)
{
	struct pg_pool *pool = arg;

	(void)fd;
	(void)what;
	hand_out(pool);
	deliver_done(pool);
}

static void conn_up(void *arg)
{
	struct pg_pool *pool = arg;

	pool->up++;
	pool->down = false;
	event_del(pool->grace);
	event_active(pool->work, 0, 0);
}

static void conn_down(void *arg, const char *cause)
{
	struct pg_pool *pool = arg;

	pool->up--;
	metric_add(&reconnects, 1);
	metric_add_label(&lost, cause, 1);
	if (pool->up == 0)
		set_grace(pool);
}

static void conn_done(void *arg, struct pg_tx *tx)
{
	set_done(arg, tx);
}

static void conn_pooled(void *arg)
{
	struct pg_pool *pool = arg;

	for (int i = 0; i < pool->conn_count; i++)
		pg_conn_doubt(pool->conns[i]);
}

/* --- life --- */

struct pg_pool *pg_pool_new(struct event_base *base,
                            const struct pg_pool_options *options)
{
	struct pg_pool *pool = xcalloc(1, sizeof(*pool));
	struct pg_conn_options conn = {
		.base = base,
		.settings = options->settings,
		.application_name = options->application_name,
		.session_sql = options->session_sql,
		.schema_change = options->schema_change,
		.wall = options->wall,
		.shared = &pool->shared,
		.owner = { conn_up, conn_down, conn_done, conn_pooled, NULL,
		           pool },
	};

	register_metrics();
	pool->base = base;
	pool->settings = options->settings;
	TAILQ_INIT(&pool->waiting);
	TAILQ_INIT(&pool->done);
	pool->work = event_new(base, -1, 0, work_cb, pool);
	pool->grace = evtimer_new(base, grace_over_cb, pool);
	ensure(pool->work != NULL && pool->grace != NULL);
	set_grace(pool);
	pool->conn_count = (int)options->settings->connections;
	pool->conns =
		xcalloc((size_t)pool->conn_count, sizeof(struct pg_conn *));
	for (int i = 0; i < pool->conn_count; i++)
		pool->conns[i] = pg_conn_new(&conn);
	return pool;
}

void pg_pool_free(struct pg_pool **p)
{
	struct pg_pool *pool = *p;

	if (pool == NULL)
		return;
	ensure(!pool->delivering);
	pool->closing = true;
	for (int i = 0; i < pool->conn_count; i++)
		pg_conn_free(&pool->conns[i]);
	pool->conn_count = 0;
	pool->up = 0;
	refuse_waiting(pool);
	while (!TAILQ_EMPTY(&pool->done))
		deliver_done(pool);
	event_free(pool->work);
	event_free(pool->grace);
	free(pool->conns);
	free(pool);
	*p = NULL;
}

bool pg_pool_ready(const struct pg_pool *pool)
{
	return pool->up > 0;
}
