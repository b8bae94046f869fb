/*
 * Whether it is time for a load, and whether it is ours, is what the database
 * says.
 */
#include "enrich-daemon/index/index_keeper.h"

#include <stdint.h>
#include <stdlib.h>

#include "common/base/mem.h"
#include "common/pg/pg_result.h"
#include "common/process/ticker.h"
#include "enrich-daemon/db.h"
#include "enrich-daemon/index/index_load.h"
#include "enrich-daemon/index/index_tx.h"

#define POLL_MS  60000 /* or tmdb.index_retry, if that is shorter */
#define AGAIN_MS 1000

struct index_keeper {
	struct db *db;
	const struct settings *settings;
	struct index_load *load;
	struct ticker *poll; /* NULL: stopped */
	int64_t poll_ms;
	bool asking; /* whether it is time */
	bool polled;
	bool draining;
};

static void keeper_polled_cb(void *arg, const struct pg_outcome *outcome)
{
	struct index_keeper *k = arg;

	k->asking = false;
	if (!db_learn(k->db, outcome)) {
		if (k->poll != NULL)
			ticker_soon(k->poll, AGAIN_MS);
		return;
	}
	k->polled = true;
	if (pg_count(outcome->results[0]) > 0)
		index_load_begin(k->load,
		                 pg_int(outcome->results[0], 0, "load"));
}

static void keeper_poll(void *arg)
{
	struct index_keeper *k = arg;

	if (!index_keeper_drained(k) || k->draining || !db_open(k->db))
		return;
	k->asking = true;
	db_run(k->db, index_tx_begin(k->settings), keeper_polled_cb, k);
}

struct index_keeper *index_keeper_new(struct event_base *base, struct db *db,
                                      const struct settings *settings)
{
	struct index_keeper *k = xcalloc(1, sizeof(*k));
	const int64_t retry_ms = settings->tmdb.index_retry;

	k->db = db;
	k->settings = settings;
	k->load = index_load_new(base, db, settings);
	k->poll_ms = retry_ms < POLL_MS ? retry_ms : POLL_MS;
	k->poll = ticker_new(base, &k->poll_ms, keeper_poll, k);
	ticker_soon(k->poll, 0);
	return k;
}

void index_keeper_drain(struct index_keeper *k)
{
	k->draining = true;
	index_load_drain(k->load);
}

bool index_keeper_drained(const struct index_keeper *k)
{
	return !k->asking && index_load_is_idle(k->load);
}

bool index_keeper_is_busy(const struct index_keeper *k)
{
	return !k->polled || !index_keeper_drained(k);
}

void index_keeper_stop(struct index_keeper *k)
{
	if (k == NULL)
		return;
	ticker_free(&k->poll);
	index_load_stop(k->load);
}

void index_keeper_free(struct index_keeper **kp)
{
	struct index_keeper *k = *kp;

	if (k == NULL)
		return;
	*kp = NULL;
	index_load_free(&k->load);
	free(k);
}
