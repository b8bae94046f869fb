#ifndef ENRICH_DAEMON_SETTINGS_H
#define ENRICH_DAEMON_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/conf/conf.h"
#include "common/pg/pg_pool.h"
#include "common/process/program.h"

/* Every key is described in config/enrich-daemon.yaml. Durations are in
 * milliseconds. */
struct tmdb_settings {
	char *url;
	char *token;
	int64_t rate; /* calls a second, of all daemons together */
	int64_t connections;
	int64_t timeout;
	int64_t connect_timeout;
	bool changes; /* read the lists of what has changed */
	int64_t changes_every;
	bool index;
	char *index_url;
	int64_t index_every;
	int64_t index_retry;
};

struct enrich_settings {
	int64_t poll;
	int64_t claim_max;
	int64_t store_max;
	int64_t store_delay;
	int64_t attempts;
	int64_t backoff_base;
	int64_t backoff_max;
	int64_t rescues;
	int64_t fresh;
	int64_t refresh_every;
	int64_t refresh_max;
	int64_t promote;
	int64_t summary;
};

struct lease_settings {
	int64_t length;
	int64_t heartbeat;
	int64_t guard;
	int64_t sweep;
};

struct settings {
	struct program_settings common;
	struct pg_settings database;
	struct tmdb_settings tmdb;
	struct enrich_settings enrich;
	struct lease_settings lease;
	char *http_address;
	int64_t http_port; /* 0: no status server */
};

extern const struct conf_key settings_keys[];

/* What no single key can say: the durations of a lease fit each other, and
 * TMDB itself is not called without a token. */
bool settings_check(const struct settings *s, struct error *err) MUST_CHECK;

#endif
