/*
 * One connection as a state machine on libevent: sockets, timers, states.
 * Where it leads is in pg_address.c, what is said on it in pg_session.c and
 * pg_pipeline.c, why it is not there in pg_trouble.c.
 */
#include "common/pg/pg_conn.h"

#include <event2/event.h>
#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/backoff.h"
#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/pg/pg_address.h"
#include "common/pg/pg_cancel.h"
#include "common/pg/pg_conninfo.h"
#include "common/pg/pg_pipeline.h"
#include "common/pg/pg_session.h"
#include "common/pg/pg_trouble.h"
#include "common/pg/pg_tx_private.h"

#define BACKOFF_BASE_MS 50
#define BACKOFF_MAX_MS  2000

/* What a server that is reached takes to cancel a transaction, and to say so. */
#define CANCEL_MS 1000

/* How long it is believed that a transaction pooler is there: some attempts of
 * each connection. */
#define POOLED_MS 10000

struct pg_conn {
	struct pg_conn_options options;
	enum pg_conn_state state;
	struct backoff backoff;
	int64_t up_since_ms;
	struct event *timer; /* of the state */
	PGconn *pg;          /* NULL when WAITING */
	struct event *io;    /* on its socket */
	short watched;       /* what io waits for */
	struct pg_session session;
	struct pg_pipeline pipeline;
	struct pg_address address;
	struct pg_tx *tx;         /* when BUSY or CANCELLING */
	struct pg_cancel *cancel; /* under way; also later than CANCELLING */
	struct pg_trouble trouble;
};

static const char *const state_names[] = {
	[PG_CONN_WAITING] = "waiting",       [PG_CONN_IDLE] = "idle",
	[PG_CONN_RESOLVING] = "resolving",   [PG_CONN_BUSY] = "busy",
	[PG_CONN_CONNECTING] = "connecting", [PG_CONN_STARTING] = "starting",
	[PG_CONN_CANCELLING] = "cancelling",
};

static void conn_drop(struct pg_conn *c, enum pg_error_kind kind,
                      const char *why);
static void conn_event_cb(evutil_socket_t fd, short what, void *arg);

enum pg_conn_state pg_conn_state(const struct pg_conn *c)
{
	return c->state;
}

static bool is_up(const struct pg_conn *c)
{
	return c->state == PG_CONN_IDLE || c->state == PG_CONN_BUSY ||
	       c->state == PG_CONN_CANCELLING;
}

const char *pg_conn_why(const struct pg_conn *c)
{
	return c->trouble.why;
}

/* --- states --- */

static int64_t state_timeout(struct pg_conn *c)
{
	int64_t left;

	switch (c->state) {
	case PG_CONN_WAITING:
		return backoff_next(&c->backoff);
	case PG_CONN_RESOLVING:
	case PG_CONN_CONNECTING:
	case PG_CONN_STARTING:
		return c->options.settings->connect_timeout;
	case PG_CONN_BUSY:
		left = c->tx->expires_ms - clock_ms();
		return left > 0 ? left : 0;
	case PG_CONN_CANCELLING:
		return CANCEL_MS;
	case PG_CONN_IDLE:
		break;
	}
	return -1;
}

static void set_timer(struct pg_conn *c, int64_t ms)
{
	struct timeval tv = { .tv_sec = ms / 1000,
		              .tv_usec = ms % 1000 * 1000 };

	event_del(c->timer);
	if (ms >= 0)
		event_add(c->timer, &tv);
}

static void enter(struct pg_conn *c, enum pg_conn_state state)
{
	log_debug("database connection", log_str("from", state_names[c->state]),
	          log_str("to", state_names[state]),
	          log_int("pid", c->session.pid));
	c->state = state;
	set_timer(c, state_timeout(c));
}

/* --- socket --- */

static void unwatch(struct pg_conn *c)
{
	if (c->io != NULL)
		event_free(c->io);
	c->io = NULL;
	c->watched = 0;
}

/*
 * Made anew each time: while connecting libpq may have closed the socket and
 * opened another one under the same number, which epoll would not notice.
 */
static void watch(struct pg_conn *c, short what)
{
	unwatch(c);
	c->io = event_new(c->options.base, PQsocket(c->pg),
	                  (short)(what | EV_PERSIST), conn_event_cb, c);
	ensure(c->io != NULL);
	event_add(c->io, NULL);
	c->watched = what;
}

/* Both directions as long as there are bytes to send: with only one of them
 * client and server could each wait for the other to read. One piece of a large
 * transaction a turn of the loop, once the one before is gone. */
static void flush(struct pg_conn *c)
{
	int pending = PQflush(c->pg);

	if (pending == 0 && pg_pipeline_unsent(&c->pipeline))
		pending = pg_pipeline_continue(&c->pipeline) ? 1 : -1;
	if (pending < 0) {
		conn_drop(c, PG_ERROR_LOST, PQerrorMessage(c->pg));
		return;
	}
	const short what = pending > 0 ? (short)(EV_READ | EV_WRITE) : EV_READ;
	if (what != c->watched)
		watch(c, what);
}

/* --- connecting --- */

static void notice_cb(void *arg, const PGresult *result)
{
	struct pg_conn *c = arg;

	pg_trouble_hear(&c->trouble, result);
}

static void conn_connect(struct pg_conn *c)
{
	struct pg_conninfo *info = pg_address_conninfo(&c->address);

	c->pg = PQconnectStartParams((const char *const *)info->keywords,
	                             (const char *const *)info->values, 0);
	ensure(c->pg != NULL);
	pg_conninfo_free(&info);
	/* A host that PGHOST names libpq has looked up itself, and blocked: the
	 * timers count from here. */
	event_base_update_cache_time(c->options.base);
	if (PQstatus(c->pg) == CONNECTION_BAD) {
		conn_drop(c, PG_ERROR_DOWN, PQerrorMessage(c->pg));
		return;
	}
	PQsetNoticeReceiver(c->pg, notice_cb, c);
	enter(c, PG_CONN_CONNECTING);
	watch(c, EV_WRITE);
}

static void conn_address(struct pg_conn *c, enum pg_address_result result)
{
	switch (result) {
	case PG_ADDRESS_WAIT:
		enter(c, PG_CONN_RESOLVING);
		break;
	case PG_ADDRESS_FOUND:
		conn_connect(c);
		break;
	case PG_ADDRESS_FAILED:
		conn_drop(c, PG_ERROR_DOWN, c->address.why);
		break;
	}
}

/* What comes too late is for the next attempt. */
static void conn_found_cb(void *arg)
{
	struct pg_conn *c = arg;

	if (c->state == PG_CONN_RESOLVING)
		conn_address(c, pg_address_read(&c->address));
}

static void conn_attempt(struct pg_conn *c)
{
	pg_trouble_forget(&c->trouble);
	conn_address(c, pg_address_begin(&c->address));
}

static void conn_serve(struct pg_conn *c)
{
	(void)PQenterPipelineMode(c->pg);
	pg_pipeline_init(&c->pipeline, c->pg, c->address.deadline_ms);
	c->up_since_ms = clock_ms();
	enter(c, PG_CONN_IDLE);
	log_info("database connected", log_int("pid", c->session.pid),
	         log_str("host", PQhost(c->pg)));
	c->options.owner.on_up(c->options.owner.arg);
}

static bool is_pooled(const struct pg_conn *c)
{
	return clock_ms() < c->options.shared->pooled_until_ms;
}

/* That a transaction pooler is there holds for all of them: see pg_conn.h. */
static void conn_refuse(struct pg_conn *c)
{
	struct pg_shared *shared = c->options.shared;

	conn_drop(c, PG_ERROR_DOWN, c->session.why);
	if (!c->session.pooled)
		return;
	memcpy(shared->pooled_why, c->trouble.why, sizeof(shared->pooled_why));
	shared->pooled_until_ms = clock_ms() + POOLED_MS;
	c->options.owner.on_pooled(c->options.owner.arg);
}

static void conn_session(struct pg_conn *c, enum pg_session_result result)
{
	switch (result) {
	case PG_SESSION_WAIT:
		/* Each of its statements has as long. */
		set_timer(c, state_timeout(c));
		break;
	case PG_SESSION_READY:
		if (is_pooled(c))
			conn_drop(c, PG_ERROR_DOWN,
			          c->options.shared->pooled_why);
		else
			conn_serve(c);
		break;
	case PG_SESSION_REFUSED:
		conn_refuse(c);
		break;
	case PG_SESSION_FAILED:
		conn_drop(c, PG_ERROR_DOWN, PQerrorMessage(c->pg));
		break;
	}
}

static void conn_begin_session(struct pg_conn *c)
{
	const struct pg_session_plan plan = {
		.deadline_ms = c->address.deadline_ms,
		.schema_change = c->options.schema_change,
		.wall = c->options.wall,
		.sql = c->options.session_sql,
	};

	(void)PQsetnonblocking(c->pg, 1);
	enter(c, PG_CONN_STARTING);
	watch(c, EV_READ);
	conn_session(c, pg_session_begin(&c->session, c->pg, plan));
	if (c->pg != NULL)
		flush(c);
}

static void conn_poll(struct pg_conn *c)
{
	switch (PQconnectPoll(c->pg)) {
	case PGRES_POLLING_READING:
		watch(c, EV_READ);
		break;
	case PGRES_POLLING_WRITING:
	case PGRES_POLLING_ACTIVE:
		watch(c, EV_WRITE);
		break;
	case PGRES_POLLING_OK:
		conn_begin_session(c);
		break;
	case PGRES_POLLING_FAILED:
		conn_drop(c, PG_ERROR_DOWN, PQerrorMessage(c->pg));
		break;
	}
}

/* --- losing it --- */

/* A connection that came to nothing is no success: after one that is lost at
 * once the next attempt waits longer, as after one that is not made. */
static void note_success(struct pg_conn *c)
{
	if (is_up(c) && clock_ms() - c->up_since_ms >= BACKOFF_MAX_MS)
		backoff_reset(&c->backoff);
}

static void log_drop(struct pg_conn *c)
{
	if (is_up(c))
		pg_trouble_log_lost(&c->trouble, state_names[c->state]);
	else
		pg_trouble_log_failed(&c->trouble);
}

/* The one way back to WAITING. `why` may be libpq's own. */
static void conn_drop(struct pg_conn *c, enum pg_error_kind kind,
                      const char *why)
{
	struct pg_tx *tx = c->tx;
	bool was_up = is_up(c);
	char cause[16];

	pg_trouble_set(&c->trouble, why);
	log_drop(c);
	pg_trouble_cause(&c->trouble, kind,
	                 tx != NULL ? tx->outcome.sqlstate : "", cause,
	                 sizeof(cause));
	note_success(c);
	unwatch(c);
	PQfinish(c->pg);
	c->pg = NULL;
	c->tx = NULL;
	pg_pipeline_deinit(&c->pipeline);
	enter(c, PG_CONN_WAITING);
	if (tx != NULL) {
		pg_tx_fail(tx, kind, "%s", c->trouble.why);
		c->options.owner.on_done(c->options.owner.arg, tx);
	}
	if (was_up)
		c->options.owner.on_down(c->options.owner.arg, cause);
}

/* --- giving up --- */

static const char too_late[] = "no answer before the deadline";

static void conn_cancelled_cb(void *arg)
{
	struct pg_conn *c = arg;

	pg_cancel_free(&c->cancel);
}

/*
 * At the deadline. Closing alone would leave the server at it, with its locks,
 * until it notices; so it is told, and may still say what came of it. What has
 * not been handed over to the end cannot have been committed, nor can it be any
 * more. One request of a connection at a time: if the one before is still on its
 * way, no other would arrive.
 */
static void conn_give_up(struct pg_conn *c)
{
	if (c->cancel == NULL)
		c->cancel = pg_cancel_new(c->options.base, c->pg,
		                          conn_cancelled_cb, c);
	if (!pg_pipeline_ended(&c->pipeline)) {
		pg_tx_cancelled(c->tx, "no answer before the deadline, and not "
		                       "all of it was sent");
		conn_drop(c, PG_ERROR_DEADLINE, too_late);
	} else {
		enter(c, PG_CONN_CANCELLING);
	}
}

/* --- running --- */

void pg_conn_doubt(struct pg_conn *c)
{
	if (c->state == PG_CONN_IDLE && is_pooled(c))
		conn_drop(c, PG_ERROR_LOST, c->options.shared->pooled_why);
}

/* After a cancellation that may still be on its way nothing else is run. */
static void conn_done(struct pg_conn *c)
{
	struct pg_tx *tx = c->tx;
	const bool given_up = c->state == PG_CONN_CANCELLING;

	c->tx = NULL;
	if (tx->outcome.error == PG_OK)
		backoff_reset(&c->backoff);
	if (!given_up)
		enter(c, PG_CONN_IDLE);
	c->options.owner.on_done(c->options.owner.arg, tx);
	if (given_up)
		conn_drop(c, PG_ERROR_DEADLINE, too_late);
	else
		pg_conn_doubt(c);
}

static void conn_transaction(struct pg_conn *c, enum pg_progress progress)
{
	struct pg_tx *tx = c->tx;

	switch (progress) {
	case PG_PROGRESS_WAIT:
		break;
	case PG_PROGRESS_DONE:
		conn_done(c);
		break;
	case PG_PROGRESS_DROP:
		conn_drop(c, PG_ERROR_LOST,
		          tx->outcome.message ? tx->outcome.message
		                              : "out of step with the server");
		break;
	}
}

void pg_conn_run(struct pg_conn *c, struct pg_tx *tx)
{
	ensure(c->state == PG_CONN_IDLE);
	c->tx = tx;
	enter(c, PG_CONN_BUSY);
	if (!pg_pipeline_send(&c->pipeline, tx))
		conn_drop(c, PG_ERROR_LOST, PQerrorMessage(c->pg));
	else
		flush(c);
}

/* Notices and notifications come between the replies. */
static void take_notifications(struct pg_conn *c)
{
	const struct pg_conn_owner *owner = &c->options.owner;
	PGnotify *n;

	while ((n = PQnotifies(c->pg)) != NULL) {
		if (owner->on_notify != NULL)
			owner->on_notify(owner->arg, n->relname, n->extra);
		PQfreemem(n);
	}
}

static void conn_receive(struct pg_conn *c)
{
	if (!PQconsumeInput(c->pg)) {
		conn_drop(c, PG_ERROR_LOST, PQerrorMessage(c->pg));
		return;
	}
	take_notifications(c);
	switch (c->state) {
	case PG_CONN_STARTING:
		conn_session(c, pg_session_read(&c->session));
		break;
	case PG_CONN_BUSY:
	case PG_CONN_CANCELLING:
		conn_transaction(c, pg_pipeline_read(&c->pipeline));
		break;
	case PG_CONN_IDLE:
		if (c->trouble.goodbye)
			conn_drop(c, PG_ERROR_LOST, c->trouble.why);
		break;
	case PG_CONN_WAITING:
	case PG_CONN_RESOLVING:
	case PG_CONN_CONNECTING:
		break;
	}
}

static void conn_event(struct pg_conn *c, short what)
{
	if (c->state == PG_CONN_CONNECTING) {
		conn_poll(c);
		return;
	}
	if (what & EV_READ)
		conn_receive(c);
	if (c->pg != NULL)
		flush(c);
}

static void conn_event_cb(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	conn_event(arg, what);
}

static void conn_timeout(struct pg_conn *c)
{
	switch (c->state) {
	case PG_CONN_WAITING:
		conn_attempt(c);
		break;
	case PG_CONN_RESOLVING:
		conn_drop(c, PG_ERROR_DOWN,
		          "the database's host was not looked up in time: do "
		          "the servers of names answer?");
		break;
	case PG_CONN_CONNECTING:
		pg_address_turn(&c->address);
		conn_drop(c, PG_ERROR_DOWN, "no connection in time");
		break;
	case PG_CONN_STARTING:
		conn_drop(c, PG_ERROR_DOWN,
		          "no answer in time after connecting");
		break;
	case PG_CONN_BUSY:
		conn_give_up(c);
		break;
	case PG_CONN_CANCELLING:
		conn_drop(c, PG_ERROR_DEADLINE, too_late);
		break;
	case PG_CONN_IDLE:
		break;
	}
}

static void conn_timer_cb(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	conn_timeout(arg);
}

/* --- life --- */

struct pg_conn *pg_conn_new(const struct pg_conn_options *options)
{
	struct pg_conn *c = xcalloc(1, sizeof(*c));

	const struct pg_address_options address = {
		.base = options->base,
		.settings = options->settings,
		.application_name = options->application_name,
		.on_found = conn_found_cb,
		.arg = c,
	};

	c->options = *options;
	pg_trouble_init(&c->trouble, options->shared->said);
	pg_address_init(&c->address, &address);
	c->backoff.base_ms = BACKOFF_BASE_MS;
	c->backoff.max_ms = BACKOFF_MAX_MS;
	c->timer = evtimer_new(options->base, conn_timer_cb, c);
	ensure(c->timer != NULL);
	set_timer(c, 0);
	return c;
}

void pg_conn_free(struct pg_conn **conn)
{
	struct pg_conn *c = *conn;

	if (c == NULL)
		return;
	unwatch(c);
	event_free(c->timer);
	PQfinish(c->pg);
	pg_cancel_free(&c->cancel);
	pg_pipeline_deinit(&c->pipeline);
	pg_address_deinit(&c->address);
	if (c->tx != NULL) {
		pg_tx_fail(c->tx, PG_ERROR_DOWN, "the program ends");
		c->options.owner.on_done(c->options.owner.arg, c->tx);
	}
	free(c);
	*conn = NULL;
}
