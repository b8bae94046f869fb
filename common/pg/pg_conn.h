#ifndef COMMON_PG_PG_CONN_H
#define COMMON_PG_PG_CONN_H

#include <stdint.h>

#include "common/base/attr.h"
#include "common/pg/pg_pool.h"
#include "common/pg/pg_trouble.h"

/*
 * Private to common/pg/. One connection that is always on its way to being
 * there:
 *
 *	WAITING -> RESOLVING -> CONNECTING -> STARTING -> IDLE <-> BUSY
 *	   ^------------------- any failure ---------------'-------'|
 *	   '------------------------------------------ CANCELLING <-'
 *
 * Each state but IDLE has a deadline; what fails goes back to WAITING for a
 * time that grows (50 ms to 2 s, drawn at random) until a transaction succeeds
 * or the connection has lasted for that long, and it never gives up. Each
 * attempt is made with the url that the settings have by then, and looks up its
 * hosts anew. When one was not connected to in time, the next attempt begins
 * with the next address: libpq would wait for ever for a first one that accepts
 * but never answers.
 */
enum pg_conn_state {
	PG_CONN_WAITING,    /* until the next attempt */
	PG_CONN_RESOLVING,  /* the names of hosts, if any */
	PG_CONN_CONNECTING, /* TCP, TLS, authentication */
	PG_CONN_STARTING,   /* pg_session.h */
	PG_CONN_IDLE,
	PG_CONN_BUSY,      /* runs a transaction */
	PG_CONN_CANCELLING /* its deadline is over; the server may yet answer */
};

struct pg_conn;

/*
 * What the connections to one database know together; zero at first.
 *
 * A transaction pooler is found out by a connection that is given what another
 * one has used, which takes two of them: so what one has found out holds for
 * all, and for a while.
 */
struct pg_shared {
	char said[PG_WHY_MAX]; /* see pg_trouble.h */
	char pooled_why[PG_WHY_MAX];
	int64_t pooled_until_ms;
};

/* All of them run from the loop. Those without "may be NULL" are needed. */
struct pg_conn_owner {
	/* IDLE is reached after connecting. */
	void (*on_up)(void *arg);
	/* It was there (IDLE, BUSY, CANCELLING) and has been lost. cause: the
	 * class of the SQLSTATE that the server gave ("57"), or "lost" or
	 * "deadline". */
	void (*on_down)(void *arg, const char *cause);
	/* A transaction's outcome is set; it is the owner's again. Also from
	 * within pg_conn_run() and pg_conn_free(). */
	void (*on_done)(void *arg, struct pg_tx *tx);
	/* A transaction pooler has been found: pg_conn_doubt() the others. */
	void (*on_pooled)(void *arg);
	/* May be NULL. */
	void (*on_notify)(void *arg, const char *channel, const char *payload);
	void *arg;
};

/* All borrowed for the life of the connection. */
struct pg_conn_options {
	struct event_base *base;
	const struct pg_settings *settings;
	const char *application_name;
	const char *session_sql;
	const char *schema_change;
	const struct sql *wall;
	struct pg_shared *shared;
	struct pg_conn_owner owner;
};

struct pg_conn *pg_conn_new(const struct pg_conn_options *options) MUST_CHECK;
/* A running transaction is done with PG_ERROR_DOWN. Not from a callback. */
void pg_conn_free(struct pg_conn **c);

/* Only when IDLE. The transaction is sealed, its deadline is set. */
void pg_conn_run(struct pg_conn *c, struct pg_tx *tx);
/* When IDLE it is dropped, if a transaction pooler has been found. */
void pg_conn_doubt(struct pg_conn *c);

enum pg_conn_state pg_conn_state(const struct pg_conn *c);
/* Why the latest attempt or connection ended; "" at first. */
const char *pg_conn_why(const struct pg_conn *c);

#endif
