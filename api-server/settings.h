#ifndef API_SERVER_SETTINGS_H
#define API_SERVER_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "api-server/import/limits.h"
#include "common/base/attr.h"
#include "common/base/error.h"
#include "common/conf/conf.h"
#include "common/pg/pg_pool.h"
#include "common/process/program.h"

/*
 * What config/api-server.yaml sets; every key is explained there. Sizes are
 * bytes, durations milliseconds. Strings are never NULL.
 */
enum access_mode {
	ACCESS_SINGLE_USER /* one member, loopback only */
};

struct http_settings {
	char *address;
	int64_t port;
	int64_t timeout;
	int64_t head_timeout;
	int64_t body_rate; /* bytes a second */
	int64_t bodies_max;
	int64_t connections;
	int64_t connections_per_address;
};

struct import_settings {
	int64_t upload_max; /* bytes of a body */
	struct import_limits limits;
	int64_t concurrent; /* imports and undos at once */
	int64_t deadline;   /* of the transaction */
};

struct settings {
	struct program_settings program;
	struct pg_settings pg;
	int access_mode; /* enum access_mode */
	bool published_on_loopback;
	struct http_settings http;
	struct import_settings import;
	char *web_root;
	int64_t events_max;
	int64_t cache_bytes_max;
};

extern const struct conf_key settings_keys[];

/* Whether what one limit lets in another would always refuse. */
bool import_settings_check(const struct import_settings *import,
                           struct error *err) MUST_CHECK;

#endif
