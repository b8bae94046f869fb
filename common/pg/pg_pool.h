#ifndef COMMON_PG_PG_POOL_H
#define COMMON_PG_PG_POOL_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/attr.h"
#include "common/base/error.h"
#include "common/conf/conf.h"
#include "common/pg/pg_result.h"
#include "common/pg/pg_tx.h"
#include "common/pg/sql.h"

struct event_base;

/*
 * A bounded set of connections to Postgres, each a non-blocking state machine
 * (pg_conn.h) that connects, prepares, runs one transaction at a time,
 * reconnects with backoff for ever, and has a deadline on every wait. A
 * connection whose state is not proven harmless after an error is dropped.
 */
struct pg_settings {
	/* Conninfo or URL; several hosts are fine. A changed one holds for
	 * connections made from then on. */
	char *url;
	int64_t connections;
	int64_t queue_max;       /* transactions waiting for a connection */
	int64_t connect_timeout; /* ms, per attempt */
	/* ms, per transaction, unless it says other. What has no outcome by
	 * then is cancelled, which takes a second at most. */
	int64_t deadline;
};

/* Rows of a conf_key table; `app` connections by default `n`. */
#define PG_KEYS(s, m, n)                                                       \
	{ .path = "database.url",                                              \
	  .type = CONF_SECRET,                                                 \
	  .reloadable = true,                                                  \
	  .offset = offsetof(s, m.url),                                        \
	  .def = "postgresql:///rewatch",                                      \
	  .env = "DATABASE_URL" },                                             \
		{ .path = "database.connections",                              \
		  .type = CONF_INT,                                            \
		  .offset = offsetof(s, m.connections),                        \
		  .def = n,                                                    \
		  .min = 1,                                                    \
		  .max = 64 },                                                 \
		{ .path = "database.queue_max",                                \
		  .type = CONF_INT,                                            \
		  .offset = offsetof(s, m.queue_max),                          \
		  .def = "256",                                                \
		  .min = 1,                                                    \
		  .max = 100000 },                                             \
		{ .path = "database.connect_timeout",                          \
		  .type = CONF_DURATION,                                       \
		  .offset = offsetof(s, m.connect_timeout),                    \
		  .def = "3s",                                                 \
		  .min = 100,                                                  \
		  .max = 60000 },                                              \
	{                                                                      \
		.path = "database.deadline", .type = CONF_DURATION,            \
		.offset = offsetof(s, m.deadline), .def = "10s", .min = 100,   \
		.max = 600000, .reloadable = true                              \
	}

/* Part of a program's conf_check: is url an address at all? Whether somebody
 * answers there, trying alone can say. err never quotes it. */
bool pg_settings_check(const struct pg_settings *settings,
                       struct error *err) MUST_CHECK;

struct pg_pool;

struct pg_pool_options {
	/* Checked; borrowed for the pool's life. */
	const struct pg_settings *settings;
	const char *application_name;
	/* Run once on each new connection before its first transaction (for
	 * temporary tables and settings); may be NULL. Several statements
	 * separated by ';', no parameters. */
	const char *session_sql;
	/* The newest change of sql/sqitch.plan; with it set, a connection
	 * serves only when the database has it. May be NULL. */
	const char *schema_change;
	/* A statement without parameters, asked of each new connection: it
	 * serves only when that gives no row; else the first column says why
	 * not. May be NULL. That nobody is logged in who is above row-level
	 * security is asked in any case (sql/queries/session/check.sql). */
	const struct sql *wall;
};

typedef void pg_callback(void *arg, const struct pg_outcome *outcome);

/* Starts to connect; never waits. */
struct pg_pool *pg_pool_new(struct event_base *base,
                            const struct pg_pool_options *options);
/* What is queued or running gets PG_ERROR_DOWN. Not from a pg_callback. */
void pg_pool_free(struct pg_pool **pool);

/*
 * Runs tx, which the pool owns from here on. The callback is called exactly
 * once, from the loop, never before this returns. A failed transaction is not
 * tried again by the pool.
 */
void pg_pool_run(struct pg_pool *pool, struct pg_tx *tx, pg_callback *callback,
                 void *arg);

/* At least one connection is there, and may serve. */
bool pg_pool_ready(const struct pg_pool *pool);
/* When it is not ready: why, for an operator, in words that hold no secret.
 * Valid until the loop runs again. */
const char *pg_pool_why(const struct pg_pool *pool);

#endif
