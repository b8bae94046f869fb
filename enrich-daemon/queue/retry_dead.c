/*
 * One transaction, then the end.
 */
#include "enrich-daemon/queue/retry_dead.h"

#include <inttypes.h>
#include <stdio.h>

#include "common/base/log.h"
#include "common/pg/pg_result.h"
#include "common/pg/pg_tx.h"
#include "common/process/program.h"
#include "enrich-daemon/db.h"
#include "gen/sql.h"

static void retry_dead_cb(void *arg, const struct pg_outcome *outcome)
{
	(void)arg;
	if (outcome->error != PG_OK) {
		log_error("jobs not put back",
		          log_str("error", outcome->message));
		program_fail();
		return;
	}
	printf("%" PRId64 " jobs put back\n",
	       pg_int(outcome->results[0], 0, "jobs"));
	program_drain();
}

void retry_dead(struct db *db)
{
	struct pg_tx *tx = pg_tx_new();

	pg_tx_add(tx, &SQL_JOB_RETRY_DEAD);
	db_run(db, tx, retry_dead_cb, NULL);
}
