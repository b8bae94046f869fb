#ifndef ENRICH_DAEMON_INDEX_INDEX_LOAD_H
#define ENRICH_DAEMON_INDEX_INDEX_LOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/attr.h"
#include "enrich-daemon/settings.h"

struct event_base;
struct db;

/*
 * Loads of the index of TMDB's films, one at a time: the daily export is
 * downloaded and stored in small batches, with a pause after each, so that the
 * queue hardly notices. Nothing is read from the network meanwhile. A step that
 * a lost connection took along is sent again, for an hour. What is loaded comes
 * into force as a whole; whatever else goes wrong leaves the old one in force,
 * and after tmdb.index_retry a load may begin again.
 *
 *	IDLE -> CLEARING -> READING <-> STORING
 *	READING or STORING -> FINISHING -> TIDYING -> IDLE
 *	any -> FAILING -> IDLE
 */
struct index_load;

/* settings is borrowed. */
struct index_load *index_load_new(struct event_base *base, struct db *db,
                                  const struct settings *settings);
/* Before db_free(): what is in a transaction lives until it has ended. */
void index_load_stop(struct index_load *l);
void index_load_free(struct index_load **l);

/* The load that the database has given us under this number; only while
 * idle. */
void index_load_begin(struct index_load *l, int64_t number);
bool index_load_is_idle(const struct index_load *l) MUST_CHECK;
/* The one under way, and any that still begins, is given back to others. */
void index_load_drain(struct index_load *l);

#endif
