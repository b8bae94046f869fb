/*
 * The connections to the database, and patience with it.
 */
#include "enrich-daemon/db.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/backoff.h"
#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/pg/pg_result.h"
#include "gen/sql.h"

#define PAUSE_MIN_MS 50
#define PAUSE_MAX_MS 1000
/* On a full disk what reads succeeds and what writes does not, several times a
 * second: it is back when there was no trouble for so long. */
#define CALM_MS 5000

/*
 * Plans are made once, by index: the tables of a queue have statistics that
 * are always wrong.
 */
static const char session_sql[] = "SET plan_cache_mode = force_generic_plan;"
				  "SET enable_seqscan = off;"
				  "SET jit = off";

struct db {
	struct pg_pool *pool;
	struct backoff backoff;
	int64_t closed_until_ms;
	enum pg_error_kind trouble; /* of the last transaction; PG_OK: none */
	const char *was;            /* the last trouble; NULL: it is back */
	int64_t troubled_ms;        /* when that was */
	bool closing;
};

struct db *db_new(struct event_base *base, const struct pg_settings *settings)
{
	struct db *db = xmalloc(sizeof(*db));
	const struct pg_pool_options options = {
		.settings = settings,
		.application_name = "rewatch enrich-daemon",
		.session_sql = session_sql,
		.schema_change = SQL_SCHEMA_CHANGE,
		.wall = &SQL_SESSION_DAEMON_WALL,
	};

	*db = (struct db){ .backoff = { .base_ms = PAUSE_MIN_MS,
		                        .max_ms = PAUSE_MAX_MS } };
	db->pool = pg_pool_new(base, &options);
	return db;
}

void db_free(struct db **db)
{
	if (*db == NULL)
		return;
	(*db)->closing = true;
	pg_pool_free(&(*db)->pool);
	free(*db);
	*db = NULL;
}

bool db_open(const struct db *db)
{
	return clock_ms() >= db->closed_until_ms;
}

bool db_ready(const struct db *db, const char **why_r)
{
	if (pg_pool_ready(db->pool))
		return true;
	*why_r = pg_pool_why(db->pool);
	return false;
}

void db_run(struct db *db, struct pg_tx *tx, pg_callback *callback, void *arg)
{
	pg_pool_run(db->pool, tx, callback, arg);
}

static void db_calm(struct db *db)
{
	db->trouble = PG_OK;
	if (db->was == NULL || clock_ms() - db->troubled_ms < CALM_MS)
		return;
	log_info("database is back", log_str("was", db->was));
	db->was = NULL;
}

bool db_learn(struct db *db, const struct pg_outcome *outcome)
{
	if (db->closing)
		return false;
	if (outcome->error == PG_OK) {
		db_calm(db);
		db->closed_until_ms = 0;
		backoff_reset(&db->backoff);
		return true;
	}
	if (db->trouble != outcome->error)
		log_warn("database trouble", log_str("error", outcome->message),
		         log_str("kind", pg_error_name(outcome->error)),
		         log_str("sqlstate", outcome->sqlstate));
	db->trouble = outcome->error;
	db->was = pg_error_name(outcome->error);
	db->troubled_ms = clock_ms();
	db->closed_until_ms = clock_ms() + backoff_next(&db->backoff);
	return false;
}

/* Does the SQLSTATE begin with one of these? The last is NULL. */
static bool is_one_of(const struct pg_outcome *outcome,
                      const char *const *prefixes)
{
	for (; *prefixes != NULL; prefixes++) {
		if (strncmp(outcome->sqlstate, *prefixes, strlen(*prefixes)) ==
		    0)
			return true;
	}
	return false;
}

bool db_refuses_data(const struct pg_outcome *outcome)
{
	static const char *const states[] = { "21", "22", "23", "54", NULL };

	return is_one_of(outcome, states);
}

bool db_is_overtaxed(const struct pg_outcome *outcome)
{
	static const char *const states[] = { "57014", "58", "XX", NULL };

	return outcome->error == PG_ERROR_DEADLINE ||
	       is_one_of(outcome, states);
}
