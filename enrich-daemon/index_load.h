#ifndef ENRICH_DAEMON_INDEX_LOAD_H
#define ENRICH_DAEMON_INDEX_LOAD_H

#include <stdbool.h>

#include "common/attr.h"
#include "enrich-daemon/settings.h"

struct event_base;
struct db;

/*
 * Keeps the index of TMDB's films in the database (sql/deploy/tmdb_index.sql)
 * no older than tmdb.index_every: one of all daemons downloads the daily
 * export and stores it in small batches, with a pause after each, so that the
 * queue hardly notices. Nothing is read from the network meanwhile. What is
 * loaded comes into force as a whole; whatever goes wrong leaves the old one in
 * force, and the load is tried again after tmdb.index_retry. A load whose
 * daemon dies is free for others after two lengths of a lease.
 *
 *	IDLE -> ASKING -> CLEARING -> READING <-> STORING
 *	READING or STORING -> FINISHING -> TIDYING -> IDLE
 *	any -> FAILING -> IDLE
 */
struct index_load;

/* The first look, whether it is time, is taken at once. settings is
 * borrowed. */
struct index_load *index_load_new(struct event_base *base, struct db *db,
                                  const struct settings *settings);
/* Begins nothing more; a load under way is given back to others. */
void index_load_drain(struct index_load *l);
bool index_load_drained(const struct index_load *l) MUST_CHECK;
/* Before db_free(): what is in a transaction lives until it has ended. */
void index_load_stop(struct index_load *l);
void index_load_free(struct index_load **l);

/* A load is under way, or it is not known yet whether it is time for one. */
bool index_load_is_busy(const struct index_load *l) MUST_CHECK;

#endif
