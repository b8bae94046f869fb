#ifndef ENRICH_DAEMON_INDEX_INDEX_TX_H
#define ENRICH_DAEMON_INDEX_INDEX_TX_H

#include <stdint.h>

#include "enrich-daemon/index/index_file.h"
#include "enrich-daemon/settings.h"

struct pg_tx;

/*
 * The transactions of a load of the index, one statement each: sql/queries/
 * index/ says what they do and what comes back. load is the number that the
 * first of them gave.
 */
struct pg_tx *index_tx_begin(const struct settings *settings);
struct pg_tx *index_tx_clear(int64_t load);
/* batch: its number, from 1 on. */
struct pg_tx *index_tx_store(const struct settings *settings, int64_t load,
                             int batch, const struct index_row *rows,
                             int count);
struct pg_tx *index_tx_finish(int64_t load, const char *date);
struct pg_tx *index_tx_fail(int64_t load, int64_t retry_ms);

#endif
