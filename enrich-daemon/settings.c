/*
 * The configuration keys of the daemon.
 */
#include "enrich-daemon/settings.h"

#include <stddef.h>
#include <string.h>

#define TMDB_HOST "api.themoviedb.org"

#define DAY_MS (24 * 60 * 60 * 1000LL)

const struct conf_key settings_keys[] = {
	PROGRAM_KEYS(struct settings, common),
	PG_KEYS(struct settings, database, "1"),
	{ "tmdb.url", CONF_STRING, offsetof(struct settings, tmdb.url),
	  .def = "https://api.themoviedb.org", .max = 2048, .env = "TMDB_URL" },
	{ "tmdb.token", CONF_SECRET, offsetof(struct settings, tmdb.token),
	  .def = "", .max = 4096, .env = "TMDB_TOKEN" },
	{ "tmdb.rate", CONF_INT, offsetof(struct settings, tmdb.rate),
	  .def = "35", .min = 1, .max = 40, .reloadable = true },
	{ "tmdb.connections", CONF_INT,
	  offsetof(struct settings, tmdb.connections), .def = "16", .min = 1,
	  .max = 20 },
	{ "tmdb.timeout", CONF_DURATION,
	  offsetof(struct settings, tmdb.timeout), .def = "20s", .min = 100,
	  .max = 300000, .reloadable = true },
	{ "tmdb.connect_timeout", CONF_DURATION,
	  offsetof(struct settings, tmdb.connect_timeout), .def = "5s",
	  .min = 100, .max = 60000, .reloadable = true },
	{ "enrich.poll", CONF_DURATION, offsetof(struct settings, enrich.poll),
	  .def = "1s", .min = 20, .max = 600000, .reloadable = true },
	{ "enrich.claim_max", CONF_INT,
	  offsetof(struct settings, enrich.claim_max), .def = "100", .min = 1,
	  .max = 1000, .reloadable = true },
	{ "enrich.store_max", CONF_INT,
	  offsetof(struct settings, enrich.store_max), .def = "50", .min = 1,
	  .max = 500, .reloadable = true },
	{ "enrich.store_delay", CONF_DURATION,
	  offsetof(struct settings, enrich.store_delay), .def = "50ms",
	  .min = 0, .max = 10000, .reloadable = true },
	{ "enrich.attempts", CONF_INT,
	  offsetof(struct settings, enrich.attempts), .def = "8", .min = 1,
	  .max = 100, .reloadable = true },
	{ "enrich.backoff_base", CONF_DURATION,
	  offsetof(struct settings, enrich.backoff_base), .def = "5s", .min = 1,
	  .max = 3600000, .reloadable = true },
	{ "enrich.backoff_max", CONF_DURATION,
	  offsetof(struct settings, enrich.backoff_max), .def = "1h", .min = 1,
	  .max = 86400000, .reloadable = true },
	{ "enrich.rescues", CONF_INT, offsetof(struct settings, enrich.rescues),
	  .def = "10", .min = 1, .max = 1000, .reloadable = true },
	{ "enrich.fresh", CONF_DURATION,
	  offsetof(struct settings, enrich.fresh), .def = "150d", .min = 0,
	  .max = 180 * DAY_MS, .reloadable = true },
	{ "enrich.promote", CONF_DURATION,
	  offsetof(struct settings, enrich.promote), .def = "1s", .min = 20,
	  .max = 600000, .reloadable = true },
	{ "enrich.summary", CONF_DURATION,
	  offsetof(struct settings, enrich.summary), .def = "1m", .min = 100,
	  .max = 86400000, .reloadable = true },
	{ "lease.length", CONF_DURATION,
	  offsetof(struct settings, lease.length), .def = "30s", .min = 200,
	  .max = 600000 },
	{ "lease.heartbeat", CONF_DURATION,
	  offsetof(struct settings, lease.heartbeat), .def = "7500ms",
	  .min = 20, .max = 600000 },
	{ "lease.guard", CONF_DURATION, offsetof(struct settings, lease.guard),
	  .def = "20s", .min = 20, .max = 600000 },
	{ "lease.sweep", CONF_DURATION, offsetof(struct settings, lease.sweep),
	  .def = "5s", .min = 20, .max = 600000 },
	{ "http.address", CONF_STRING, offsetof(struct settings, http_address),
	  .def = "127.0.0.1" },
	{ "http.port", CONF_INT, offsetof(struct settings, http_port),
	  .def = "8081", .min = 0, .max = 65535 },
	{ 0 }
};

bool settings_check(const struct settings *s, struct error *err)
{
	const struct lease_settings *l = &s->lease;

	if (s->tmdb.token[0] == '\0' && strstr(s->tmdb.url, TMDB_HOST) != NULL)
		return error_set(err, "tmdb.token is not set: put TMDB's API "
		                      "Read Access Token (or API key) into "
		                      "the environment as TMDB_TOKEN, or its "
		                      "file's name as TMDB_TOKEN_FILE");
	if (l->heartbeat >= l->guard || l->guard >= l->length)
		return error_set(err, "lease.heartbeat < lease.guard < "
		                      "lease.length must hold, or leases "
		                      "are lost while all is well");
	if (s->enrich.backoff_base > s->enrich.backoff_max)
		return error_set(err, "enrich.backoff_base is above "
		                      "enrich.backoff_max");
	return true;
}
