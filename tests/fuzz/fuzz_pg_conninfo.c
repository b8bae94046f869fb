/* A person's connection string: whatever it is, it is taken apart without
 * harm, and its hosts are as many as libpq would see. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/pg/pg_conninfo.h"
#include "common/pg/pg_hosts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void judge_hosts(const struct pg_conninfo *info)
{
	struct pg_hosts *hosts = pg_hosts_new(info);
	struct pg_hosts *again;
	struct pg_conninfo *turned;

	ensure(hosts->count <= PG_HOSTS_MAX);
	for (size_t i = 0; i < hosts->count; i++) {
		for (int f = 0; f < PG_HOST_FIELDS; f++)
			ensure(hosts->all[i].field[f] != NULL);
		(void)pg_host_is_name(&hosts->all[i]);
	}
	if (hosts->count > 0) {
		/* Turned all the way round they are the same. */
		turned = pg_hosts_conninfo(hosts, info, hosts->count);
		again = pg_hosts_new(turned);
		ensure(again->count == hosts->count);
		for (size_t i = 0; i < hosts->count; i++)
			ensure(strcmp(again->all[i].field[PG_HOST_NAME],
			              hosts->all[i].field[PG_HOST_NAME]) == 0);
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
		ensure(pg_conninfo_get(info, "application_name") != NULL);
		judge_hosts(info);
		pg_conninfo_free(&info);
	}
	free(url);
	return 0;
}
