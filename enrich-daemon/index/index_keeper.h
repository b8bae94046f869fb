#ifndef ENRICH_DAEMON_INDEX_INDEX_KEEPER_H
#define ENRICH_DAEMON_INDEX_INDEX_KEEPER_H

#include <stdbool.h>

#include "common/base/attr.h"
#include "enrich-daemon/settings.h"

struct event_base;
struct db;

/*
 * Keeps the index of TMDB's films in the database (sql/deploy/tmdb_index.sql)
 * no older than tmdb.index_every: one of all daemons loads it (index_load.h). A
 * load whose daemon dies is free for others after two lengths of a lease.
 */
struct index_keeper;

/* The first poll, whether it is time, is sent at once. settings is
 * borrowed. */
struct index_keeper *index_keeper_new(struct event_base *base, struct db *db,
                                      const struct settings *settings);
/* Begins nothing more; a load under way is given back to others. */
void index_keeper_drain(struct index_keeper *k);
bool index_keeper_drained(const struct index_keeper *k) MUST_CHECK;
/* Before db_free(): what is in a transaction lives until it has ended. */
void index_keeper_stop(struct index_keeper *k);
void index_keeper_free(struct index_keeper **k);

/* A load is under way, or it is not known yet whether it is time for one. */
bool index_keeper_is_busy(const struct index_keeper *k) MUST_CHECK;

#endif
