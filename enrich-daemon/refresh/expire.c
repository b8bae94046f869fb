/*
 * Six statements, the order of which matters: people and studios after their
 * titles.
 */
#include "enrich-daemon/refresh/expire.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/pg/pg_result.h"
#include "common/pg/pg_tx.h"
#include "enrich-daemon/db.h"
#include "gen/sql.h"

#define EXPIRE_MAX 500 /* of each, at once */

enum statement {
	TITLES,
	CANDIDATES,
	PEOPLE,
	STUDIOS,
	INDEX,
	FILMS
};

struct expire {
	struct db *db;
	bool busy;
};

static void expire_done_cb(void *arg, const struct pg_outcome *outcome)
{
	struct expire *e = arg;
	int64_t titles, candidates, people, studios, films;
	bool index;

	e->busy = false;
	if (!db_learn(e->db, outcome))
		return;
	titles = pg_int(outcome->results[TITLES], 0, "titles");
	candidates = pg_int(outcome->results[CANDIDATES], 0, "films");
	people = pg_int(outcome->results[PEOPLE], 0, "people");
	studios = pg_int(outcome->results[STUDIOS], 0, "studios");
	index = pg_bool(outcome->results[INDEX], 0, "erased");
	films = pg_int(outcome->results[FILMS], 0, "films");
	if (films > 0)
		log_info("films forgotten", log_int("films", films));
	if (titles + candidates + people + studios > 0 || index)
		log_info("data of tmdb erased after six months",
		         log_int("titles", titles),
		         log_int("candidates", candidates),
		         log_int("people", people), log_int("studios", studios),
		         log_int("index", index));
	if (titles + candidates + people + studios + films > 0 || index)
		expire_run(e);
}

void expire_run(struct expire *e)
{
	struct pg_tx *tx;

	if (e->busy || !db_open(e->db))
		return;
	e->busy = true;
	tx = pg_tx_new();
	pg_tx_add(tx, &SQL_TITLE_EXPIRE);
	PG_INT(tx, SQL_TITLE_EXPIRE, MOST, EXPIRE_MAX);
	pg_tx_add(tx, &SQL_TITLE_EXPIRE_CANDIDATES);
	PG_INT(tx, SQL_TITLE_EXPIRE_CANDIDATES, MOST, EXPIRE_MAX);
	pg_tx_add(tx, &SQL_PERSON_EXPIRE);
	PG_INT(tx, SQL_PERSON_EXPIRE, MOST, EXPIRE_MAX);
	pg_tx_add(tx, &SQL_STUDIO_EXPIRE);
	PG_INT(tx, SQL_STUDIO_EXPIRE, MOST, EXPIRE_MAX);
	pg_tx_add(tx, &SQL_INDEX_EXPIRE);
	pg_tx_add(tx, &SQL_FILM_FORGET);
	PG_INT(tx, SQL_FILM_FORGET, MOST, EXPIRE_MAX);
	db_run(e->db, tx, expire_done_cb, e);
}

struct expire *expire_new(struct db *db)
{
	struct expire *e = xmalloc(sizeof(*e));

	*e = (struct expire){ .db = db };
	return e;
}

void expire_free(struct expire **expire)
{
	free(*expire);
	*expire = NULL;
}
