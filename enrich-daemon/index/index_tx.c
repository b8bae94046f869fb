/*
 * What a load of the index says to the database.
 */
#include "enrich-daemon/index/index_tx.h"

#include "common/pg/pg_array.h"
#include "common/pg/pg_tx.h"
#include "gen/sql.h"

static double seconds(int64_t ms)
{
	return (double)ms / 1000.0;
}

/* How long the load is ours without a sign of life. */
static double hold_s(const struct settings *settings)
{
	return seconds(2 * settings->lease.length);
}

struct pg_tx *index_tx_begin(const struct settings *settings)
{
	struct pg_tx *tx = pg_tx_new();

	pg_tx_add(tx, &SQL_INDEX_BEGIN);
	PG_REAL(tx, SQL_INDEX_BEGIN, GOOD, seconds(settings->tmdb.index_every));
	PG_REAL(tx, SQL_INDEX_BEGIN, HOLD, hold_s(settings));
	return tx;
}

struct pg_tx *index_tx_clear(int64_t load)
{
	struct pg_tx *tx = pg_tx_new();

	pg_tx_add(tx, &SQL_INDEX_CLEAR);
	PG_INT(tx, SQL_INDEX_CLEAR, LOAD, load);
	return tx;
}

struct pg_tx *index_tx_store(const struct settings *settings, int64_t load,
                             int batch, const struct index_row *rows, int count)
{
	struct pg_array *ids = pg_array_new();
	struct pg_array *names = pg_array_new();
	struct pg_array *popularities = pg_array_new();
	struct pg_tx *tx = pg_tx_new();

	for (int i = 0; i < count; i++) {
		pg_array_int(ids, rows[i].id);
		pg_array_text(names, rows[i].name);
		pg_array_double(popularities, rows[i].popularity);
	}
	pg_tx_add(tx, &SQL_INDEX_STORE);
	PG_INT(tx, SQL_INDEX_STORE, LOAD, load);
	PG_INT(tx, SQL_INDEX_STORE, BATCH, batch);
	PG_REAL(tx, SQL_INDEX_STORE, HOLD, hold_s(settings));
	PG_ARRAY(tx, SQL_INDEX_STORE, IDS, ids);
	PG_ARRAY(tx, SQL_INDEX_STORE, NAMES, names);
	PG_ARRAY(tx, SQL_INDEX_STORE, POPULARITIES, popularities);
	return tx;
}

struct pg_tx *index_tx_finish(int64_t load, const char *date)
{
	struct pg_tx *tx = pg_tx_new();

	pg_tx_add(tx, &SQL_INDEX_FINISH);
	PG_INT(tx, SQL_INDEX_FINISH, LOAD, load);
	PG_DATE(tx, SQL_INDEX_FINISH, DAY, date);
	return tx;
}

struct pg_tx *index_tx_fail(int64_t load, int64_t retry_ms)
{
	struct pg_tx *tx = pg_tx_new();

	pg_tx_add(tx, &SQL_INDEX_FAIL);
	PG_INT(tx, SQL_INDEX_FAIL, LOAD, load);
	PG_REAL(tx, SQL_INDEX_FAIL, RETRY, seconds(retry_ms));
	return tx;
}
