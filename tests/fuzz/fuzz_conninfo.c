/* A connection string of a person, and its hosts one by one. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/pg/pg_conninfo.h"
#include "common/pg/pg_hosts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ensure_no_at(const struct pg_conninfo *info, const char *keyword)
{
	const char *value = pg_conninfo_get(info, keyword);

	ensure(value == NULL || strchr(value, '@') == NULL);
}

/* Of a URL that hides nothing and has no parameters: no part of a password is
 * what messages name. */
static void judge_url(const char *url, const struct pg_conninfo *info)
{
	if (strncmp(url, "postgres", 8) != 0 || strpbrk(url, "%?") != NULL)
		return;
	ensure_no_at(info, "host");
	ensure_no_at(info, "port");
	ensure_no_at(info, "dbname");
}

/* Whoever is first, all are there. */
static void judge_hosts(const struct pg_conninfo *info)
{
	struct pg_hosts *hosts = pg_hosts_new(info);

	ensure(hosts->count <= PG_HOSTS_MAX);
	for (size_t first = 0; first <= hosts->count; first++) {
		struct pg_conninfo *turned =
			pg_hosts_conninfo(hosts, info, first);
		struct pg_hosts *again = pg_hosts_new(turned);

		ensure(again->count == hosts->count);
		ensure(hosts->count < 2 ||
		       pg_conninfo_get(turned, "target_session_attrs") != NULL);
		pg_hosts_free(&again);
		pg_conninfo_free(&turned);
	}
	pg_hosts_free(&hosts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *url = xmalloc(size + 1);

	memcpy(url, data, size);
	url[size] = '\0';
	if (pg_conninfo_understands(url)) {
		struct pg_conninfo *info = pg_conninfo_new(url, "fuzz", 3000);

		judge_url(url, info);
		judge_hosts(info);
		pg_conninfo_free(&info);
	}
	free(url);
	return 0;
}
