#ifndef ENRICH_DAEMON_DB_H
#define ENRICH_DAEMON_DB_H

#include <stdbool.h>

#include "common/base/attr.h"
#include "common/pg/pg_pool.h"

struct event_base;

/*
 * The daemon's connections for work, and whether they are worth trying: after a
 * transaction has failed nothing is sent for a moment, growing to a second, so
 * that a database that is away is neither hammered nor forgotten.
 */
struct db;

struct db *db_new(struct event_base *base, const struct pg_settings *settings);
/* Transactions that are queued or running end with PG_ERROR_DOWN. */
void db_free(struct db **db);

/* Not in such a pause. */
bool db_open(const struct db *db) MUST_CHECK;
/* Connected, and the schema is the one we know. */
bool db_ready(const struct db *db, const char **why_r) MUST_CHECK;

void db_run(struct db *db, struct pg_tx *tx, pg_callback *callback, void *arg);
/*
 * First thing in a callback: true when it committed. Otherwise the pause
 * begins, and the log says once what is wrong.
 */
bool db_learn(struct db *db, const struct pg_outcome *outcome) MUST_CHECK;
/* The statement was refused for what its parameters hold (SQLSTATE 21, 22, 23,
 * 54): trying it again is no use, and the database is well. */
bool db_refuses_data(const struct pg_outcome *outcome) MUST_CHECK;
/* It was too much at a time, or may have been: it took longer than it may, or
 * the server failed at something in it (58, XX). Less may get through. */
bool db_is_overtaxed(const struct pg_outcome *outcome) MUST_CHECK;

#endif
