/*
 * Registration and heartbeats. All lease arithmetic uses the clock of the
 * database; only the guard uses ours.
 */
#include "enrich-daemon/queue/lease.h"

#include <event2/event.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/base/backoff.h"
#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/pg/pg_result.h"
#include "common/pg/pg_tx.h"
#include "common/process/ticker.h"
#include "enrich-daemon/daemon_metrics.h"
#include "enrich-daemon/db.h"
#include "enrich-daemon/queue/daemon_name.h"
#include "gen/sql.h"

#define EPOCH_BITS 38
#define CLAIM_BITS 24
#define CLAIMS_MAX ((INT64_C(1) << CLAIM_BITS) - 1)
#define RETRY_MS   100

enum lease_state {
	LEASE_NONE, /* not registered */
	LEASE_HELD,
	LEASE_LEAVING, /* to be given up */
	LEASE_LEFT
};

struct lease {
	struct db *db;
	const struct lease_settings *settings;
	struct lease_events events;
	struct instance instance;
	struct every *beat;
	enum lease_state state;
	bool busy; /* a transaction of ours is under way */
	int64_t epoch;
	int64_t claims;
	int64_t low_tag;
	int64_t sent_ms; /* the heartbeat under way */
	int64_t good_ms; /* the last one that was confirmed */
};

static void lease_enter(struct lease *l, enum lease_state state)
{
	static const char *const names[] = {
		[LEASE_NONE] = "none",
		[LEASE_HELD] = "held",
		[LEASE_LEAVING] = "leaving",
		[LEASE_LEFT] = "left",
	};

	log_info("lease", log_str("instance", l->instance.name),
	         log_str("from", names[l->state]), log_str("to", names[state]),
	         log_int("epoch", l->epoch));
	l->state = state;
}

static double seconds(int64_t ms)
{
	return (double)ms / 1000.0;
}

/* Sends tx as our one transaction at a time. */
static void lease_send(struct lease *l, struct pg_tx *tx, pg_callback *callback)
{
	l->busy = true;
	l->sent_ms = clock_ms();
	db_run(l->db, tx, callback, l);
}

/* --- registering ---------------------------------------------------------- */

static void lease_registered_cb(void *arg, const struct pg_outcome *outcome)
{
	struct lease *l = arg;

	l->busy = false;
	if (!db_learn(l->db, outcome)) {
		every_soon(l->beat, RETRY_MS);
		return;
	}
	if (l->state != LEASE_NONE)
		return;
	l->good_ms = l->sent_ms;
	lease_enter(l, LEASE_HELD);
	l->events.held(l->events.arg);
}

static void lease_register(struct lease *l)
{
	struct pg_tx *tx = pg_tx_new();

	l->epoch = 1 + (int64_t)random_below((UINT64_C(1) << EPOCH_BITS) - 1);
	l->claims = 0;
	l->low_tag = INT64_MIN;
	pg_tx_add(tx, &SQL_DAEMON_REGISTER);
	PG_TEXT(tx, SQL_DAEMON_REGISTER, INSTANCE, l->instance.name);
	PG_INT(tx, SQL_DAEMON_REGISTER, EPOCH, l->epoch);
	PG_TEXT(tx, SQL_DAEMON_REGISTER, HOST, l->instance.host);
	PG_INT(tx, SQL_DAEMON_REGISTER, PID, getpid());
	PG_REAL(tx, SQL_DAEMON_REGISTER, SECONDS, seconds(l->settings->length));
	lease_send(l, tx, lease_registered_cb);
}

/* --- heartbeats ----------------------------------------------------------- */

static void lease_lose(struct lease *l, const char *cause)
{
	count_add(COUNT_LEASES_LOST, 1);
	log_warn("lease lost: what is in flight is dropped",
	         log_str("instance", l->instance.name),
	         log_int("since_good_ms", clock_ms() - l->good_ms),
	         log_str("cause", cause));
	lease_enter(l, LEASE_NONE);
	l->epoch = 0;
	l->events.lost(l->events.arg);
	lease_register(l);
}

static void lease_beat_cb(void *arg, const struct pg_outcome *outcome)
{
	struct lease *l = arg;
	bool held = lease_holds(l);

	l->busy = false;
	if (!db_learn(l->db, outcome)) {
		every_soon(l->beat, RETRY_MS);
		return;
	}
	if (l->state != LEASE_HELD)
		return;
	if (pg_bool(outcome->results[0], 0, "taken")) {
		instance_rename(&l->instance);
		lease_lose(l, "another daemon took our name");
		return;
	}
	if (!pg_bool(outcome->results[0], 0, "alive")) {
		lease_lose(l, "no heartbeat in time");
		return;
	}
	l->good_ms = l->sent_ms;
	if (!held)
		l->events.held(l->events.arg);
}

static void lease_heartbeat(struct lease *l)
{
	struct pg_tx *tx = pg_tx_new();

	pg_tx_add(tx, &SQL_DAEMON_HEARTBEAT);
	PG_TEXT(tx, SQL_DAEMON_HEARTBEAT, INSTANCE, l->instance.name);
	PG_INT(tx, SQL_DAEMON_HEARTBEAT, EPOCH, l->epoch);
	PG_REAL(tx, SQL_DAEMON_HEARTBEAT, SECONDS,
	        seconds(l->settings->length));
	PG_INT(tx, SQL_DAEMON_HEARTBEAT, LOW_TAG, l->low_tag);
	lease_send(l, tx, lease_beat_cb);
}

static void lease_left_cb(void *arg, const struct pg_outcome *outcome)
{
	struct lease *l = arg;

	l->busy = false;
	if (db_learn(l->db, outcome))
		lease_enter(l, LEASE_LEFT);
	else
		every_soon(l->beat, RETRY_MS);
}

static void lease_delete(struct lease *l)
{
	struct pg_tx *tx = pg_tx_new();

	pg_tx_add(tx, &SQL_DAEMON_LEAVE);
	PG_TEXT(tx, SQL_DAEMON_LEAVE, INSTANCE, l->instance.name);
	PG_INT(tx, SQL_DAEMON_LEAVE, EPOCH, l->epoch);
	lease_send(l, tx, lease_left_cb);
}

static void lease_beat(void *arg)
{
	struct lease *l = arg;

	if (l->busy)
		return;
	switch (l->state) {
	case LEASE_NONE:
		lease_register(l);
		break;
	case LEASE_HELD:
		if (l->claims < CLAIMS_MAX)
			lease_heartbeat(l);
		else
			lease_lose(l, "all claim numbers are used");
		break;
	case LEASE_LEAVING:
		lease_delete(l);
		break;
	case LEASE_LEFT:
		break;
	}
}

/* --- what others call ----------------------------------------------------- */

bool lease_holds(const struct lease *l)
{
	return l->state == LEASE_HELD && l->claims < CLAIMS_MAX &&
	       clock_ms() - l->good_ms < l->settings->guard;
}

int64_t lease_epoch(const struct lease *l)
{
	return l->epoch;
}

int64_t lease_token(struct lease *l)
{
	ensure(l->claims < CLAIMS_MAX);
	l->claims++;
	return l->epoch << CLAIM_BITS | l->claims;
}

bool lease_owns(const struct lease *l, int64_t token)
{
	return l->epoch != 0 && token >> CLAIM_BITS == l->epoch;
}

void lease_low_tag(struct lease *l, int64_t tag)
{
	l->low_tag = tag;
}

void lease_leave(struct lease *l)
{
	if (l->state == LEASE_NONE)
		lease_enter(l, LEASE_LEFT);
	if (l->state == LEASE_HELD)
		lease_enter(l, LEASE_LEAVING);
	if (l->state == LEASE_LEAVING && !l->busy && db_open(l->db))
		lease_delete(l);
}

bool lease_left(const struct lease *l)
{
	return l->state == LEASE_LEFT && !l->busy;
}

struct lease *lease_new(struct event_base *base, struct db *db,
                        const struct lease_settings *settings,
                        const struct lease_events *events)
{
	struct lease *l = xmalloc(sizeof(*l));

	*l = (struct lease){ .db = db,
		             .settings = settings,
		             .events = *events };
	instance_init(&l->instance);
	l->beat = every_new(base, &settings->heartbeat, lease_beat, l);
	lease_register(l);
	return l;
}

void lease_free(struct lease **lease)
{
	if (*lease == NULL)
		return;
	every_free(&(*lease)->beat);
	instance_deinit(&(*lease)->instance);
	free(*lease);
	*lease = NULL;
}
