/*
 * The configuration keys of the daemon.
 */
#include "enrich-daemon/settings.h"

#include <stddef.h>
#include <string.h>

#define TMDB_HOST "api.themoviedb.org"

#define SECOND INT64_C(1000)
#define HOUR   (3600 * SECOND)
#define DAY    (24 * HOUR)

/* A number or duration between lo and hi; RELOAD: SIGHUP takes it over. */
#define RELOAD true
#define FIXED  false
#define KEY(t, name, d, lo, hi, when)                                          \
	{                                                                      \
		.path = #name, .type = CONF_##t, .reloadable = (when),         \
		.offset = offsetof(struct settings, name), .def = (d),         \
		.min = (lo), .max = (hi)                                       \
	}

const struct conf_key settings_keys[] = {
	PROGRAM_KEYS(struct settings, common),
	PG_KEYS(struct settings, database, "3"),
	{ .path = "tmdb.url",
	  .type = CONF_STRING,
	  .offset = offsetof(struct settings, tmdb.url),
	  .def = "https://api.themoviedb.org",
	  .max = 2048,
	  .env = "TMDB_URL" },
	{ .path = "tmdb.token",
	  .type = CONF_SECRET,
	  .reloadable = RELOAD,
	  .offset = offsetof(struct settings, tmdb.token),
	  .def = "",
	  .max = 4096,
	  .env = "TMDB_TOKEN" },
	KEY(INT, tmdb.rate, "35", 1, 40, RELOAD),
	KEY(INT, tmdb.connections, "16", 1, 20, FIXED),
	KEY(DURATION, tmdb.timeout, "20s", 100, 300 * SECOND, RELOAD),
	KEY(DURATION, tmdb.connect_timeout, "5s", 100, 60 * SECOND, RELOAD),
	KEY(BOOL, tmdb.changes, "true", 0, 0, RELOAD),
	KEY(DURATION, tmdb.changes_every, "1d", 100, 7 * DAY, RELOAD),
	{ .path = "tmdb.index",
	  .type = CONF_BOOL,
	  .offset = offsetof(struct settings, tmdb.index),
	  .def = "false",
	  .env = "TMDB_INDEX" },
	{ .path = "tmdb.index_url",
	  .type = CONF_STRING,
	  .offset = offsetof(struct settings, tmdb.index_url),
	  .def = "https://files.tmdb.org/p/exports",
	  .max = 2048,
	  .env = "TMDB_INDEX_URL" },
	KEY(DURATION, tmdb.index_every, "7d", 100, 150 * DAY, RELOAD),
	KEY(DURATION, tmdb.index_retry, "1h", 100, 7 * DAY, RELOAD),
	KEY(DURATION, enrich.poll, "1s", 20, 600 * SECOND, RELOAD),
	KEY(INT, enrich.claim_max, "100", 1, 1000, RELOAD),
	KEY(INT, enrich.store_max, "50", 1, 500, RELOAD),
	KEY(DURATION, enrich.store_delay, "50ms", 0, 10 * SECOND, RELOAD),
	KEY(INT, enrich.attempts, "8", 1, 100, RELOAD),
	KEY(DURATION, enrich.backoff_base, "5s", 1, HOUR, RELOAD),
	KEY(DURATION, enrich.backoff_max, "1h", 1, DAY, RELOAD),
	KEY(INT, enrich.rescues, "10", 1, 1000, RELOAD),
	KEY(DURATION, enrich.fresh, "150d", 0, 180 * DAY, RELOAD),
	KEY(DURATION, enrich.refresh_every, "1h", 100, DAY, RELOAD),
	KEY(INT, enrich.refresh_max, "500", 1, 100000, RELOAD),
	KEY(DURATION, enrich.promote, "1s", 20, 600 * SECOND, RELOAD),
	KEY(DURATION, enrich.summary, "1m", 100, DAY, RELOAD),
	KEY(DURATION, lease.length, "30s", 200, 600 * SECOND, FIXED),
	KEY(DURATION, lease.heartbeat, "7500ms", 20, 600 * SECOND, FIXED),
	KEY(DURATION, lease.guard, "20s", 20, 600 * SECOND, FIXED),
	KEY(DURATION, lease.sweep, "5s", 20, 600 * SECOND, FIXED),
	{ .path = "http.address",
	  .type = CONF_STRING,
	  .offset = offsetof(struct settings, http_address),
	  .def = "127.0.0.1",
	  .env = "REWATCH_STATUS_ADDRESS" },
	{ .path = "http.port",
	  .type = CONF_INT,
	  .offset = offsetof(struct settings, http_port),
	  .def = "8081",
	  .max = 65535,
	  .env = "REWATCH_STATUS_PORT" },
	{ 0 }
};

static bool is_address(const char *url)
{
	return strncmp(url, "http://", 7) == 0 ||
	       strncmp(url, "https://", 8) == 0;
}

/* The 3 that the paths of all calls begin with is not in it. */
static bool has_no_version(const char *url, struct error *err)
{
	const char *path = strchr(strstr(url, "://") + 3, '/');
	size_t len = path == NULL ? 0 : strlen(path);

	while (len > 0 && path[len - 1] == '/')
		len--;
	if (len < 2 || strncmp(path + len - 2, "/3", 2) != 0)
		return true;
	return error_set(err,
	                 "tmdb.url must not end in /3, which is added to it: "
	                 "write %.*s",
	                 (int)(path - url) + (int)len - 2, url);
}

bool settings_check(const struct settings *s, struct error *err)
{
	const struct lease_settings *l = &s->lease;

	if (s->tmdb.token[0] == '\0' && strstr(s->tmdb.url, TMDB_HOST) != NULL)
		return error_set(err, "tmdb.token is not set: put TMDB's API "
		                      "Read Access Token (or API key) into "
		                      "the environment as TMDB_TOKEN, or its "
		                      "file's name as TMDB_TOKEN_FILE");
	if (!is_address(s->tmdb.url) || !is_address(s->tmdb.index_url))
		return error_set(err, "tmdb.url and tmdb.index_url must begin "
		                      "with http:// or https://");
	if (!has_no_version(s->tmdb.url, err))
		return false;
	if (l->heartbeat >= l->guard || l->guard >= l->length)
		return error_set(err, "lease.heartbeat < lease.guard < "
		                      "lease.length must hold, or leases "
		                      "are lost while all is well");
	if (s->enrich.backoff_base > s->enrich.backoff_max)
		return error_set(err, "enrich.backoff_base is above "
		                      "enrich.backoff_max");
	return true;
}
