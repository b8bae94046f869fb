/*
 * A connection whose session begins with LISTEN, and a statement on it every
 * few seconds: a listener only ever reads, so nothing else would notice a
 * server that is gone without a word.
 */
#include "common/pg/pg_listen.h"

#include <event2/event.h>

#include "common/base/buf.h"
#include "common/base/clock.h"
#include "common/base/mem.h"
#include "common/pg/pg_conn.h"
#include "common/pg/pg_tx_private.h"

#define PROBE_EVERY_S   15
#define SESSION_SQL_MAX 4096

static const struct sql probe = { -1, "pg_listen_probe", "SELECT 1", 0, NULL };

struct pg_listen {
	struct pg_listen_options options;
	char *session_sql;
	struct pg_conn *conn;
	struct pg_shared shared;
	struct event *timer; /* to the next probe, while connected */
	bool calling;        /* one of the options' functions */
};

static void set_timer(struct pg_listen *l)
{
	static const struct timeval tv = { PROBE_EVERY_S, 0 };

	event_add(l->timer, &tv);
}

static void listen_up(void *arg)
{
	struct pg_listen *l = arg;

	set_timer(l);
	l->calling = true;
	if (l->options.on_connect != NULL)
		l->options.on_connect(l->options.arg);
	l->calling = false;
}

static void listen_down(void *arg, const char *cause)
{
	struct pg_listen *l = arg;

	(void)cause;
	event_del(l->timer);
	l->calling = true;
	if (l->options.on_disconnect != NULL)
		l->options.on_disconnect(l->options.arg);
	l->calling = false;
}

static void listen_notify(void *arg, const char *channel, const char *payload)
{
	struct pg_listen *l = arg;

	l->calling = true;
	l->options.on_notify(l->options.arg, channel, payload);
	l->calling = false;
}

static void listen_probe_cb(evutil_socket_t fd, short what, void *arg)
{
	struct pg_listen *l = arg;
	struct pg_tx *tx;

	(void)fd;
	(void)what;
	set_timer(l);
	if (pg_conn_state(l->conn) != PG_CONN_IDLE)
		return;
	tx = pg_tx_new();
	pg_tx_add(tx, &probe);
	pg_tx_seal(tx);
	tx->deadline_ms = l->options.settings->connect_timeout;
	tx->expires_ms = clock_ms() + tx->deadline_ms;
	pg_conn_run(l->conn, tx);
}

/* Whatever it came to: if it did not come, the connection is dropped. */
static void listen_probed(void *arg, struct pg_tx *tx)
{
	(void)arg;
	pg_tx_free(&tx);
}

/* No other connection is to be told. */
static void listen_alone(void *arg)
{
	(void)arg;
}

/* The names are constants of ours, yet quoted like any other. */
static char *listen_statements(const char *const *channels)
{
	struct buf sql;

	buf_init(&sql, SESSION_SQL_MAX);
	for (; *channels != NULL; channels++) {
		ensure(strchr(*channels, '"') == NULL);
		buf_printf(&sql, "LISTEN \"%s\";", *channels);
	}
	ensure(!buf_overflowed(&sql));
	return buf_steal(&sql);
}

struct pg_listen *pg_listen_new(struct event_base *base,
                                const struct pg_listen_options *options)
{
	struct pg_listen *l = xcalloc(1, sizeof(*l));
	struct pg_conn_options conn = {
		.base = base,
		.settings = options->settings,
		.application_name = options->application_name,
		.shared = &l->shared,
		.owner = { listen_up, listen_down, listen_probed, listen_alone,
		           listen_notify, l },
	};

	l->options = *options;
	l->session_sql = listen_statements(options->channels);
	l->timer = evtimer_new(base, listen_probe_cb, l);
	ensure(l->timer != NULL);
	conn.session_sql = l->session_sql;
	l->conn = pg_conn_new(&conn);
	return l;
}

void pg_listen_free(struct pg_listen **listen)
{
	struct pg_listen *l = *listen;

	if (l == NULL)
		return;
	ensure(!l->calling);
	pg_conn_free(&l->conn);
	event_free(l->timer);
	free(l->session_sql);
	free(l);
	*listen = NULL;
}
