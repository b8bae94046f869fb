/*
 * host=, hostaddr= and port= are lists that belong together.
 */
#include "common/pg/pg_hosts.h"

#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "common/base/mem.h"
#include "common/pg/pg_conninfo.h"

static const char *const keywords[PG_HOST_FIELDS] = {
	[PG_HOST_NAME] = "host",
	[PG_HOST_ADDRESS] = "hostaddr",
	[PG_HOST_PORT] = "port",
};

static size_t items(const char *list)
{
	size_t n = 1;

	if (list == NULL || *list == '\0')
		return 0;
	for (; *list != '\0'; list++)
		if (*list == ',')
			n++;
	return n;
}

/* The caller's; "" of an empty list. */
static char *item(const char *list, size_t i)
{
	if (items(list) == 0)
		return xstrdup("");
	for (; i > 0; i--)
		list = strchr(list, ',') + 1;
	return xasprintf("%.*s", (int)strcspn(list, ","), list);
}

static void host_deinit(struct pg_host *host)
{
	for (int f = 0; f < PG_HOST_FIELDS; f++)
		free(host->field[f]);
}

void pg_hosts_add(struct pg_hosts *hosts, const struct pg_host *host,
                  const char *address)
{
	if (hosts->count == PG_HOSTS_MAX)
		return;
	for (int f = 0; f < PG_HOST_FIELDS; f++)
		hosts->all[hosts->count].field[f] =
			xstrdup(f == PG_HOST_ADDRESS && address != NULL
		                        ? address
		                        : host->field[f]);
	hosts->count++;
}

static bool lists_fit(const char *const lists[PG_HOST_FIELDS], size_t count)
{
	for (int f = 0; f < PG_HOST_FIELDS; f++) {
		const size_t n = items(lists[f]);

		if (n != 0 && n != count && !(f == PG_HOST_PORT && n == 1))
			return false;
	}
	return true;
}

struct pg_hosts *pg_hosts_new(const struct pg_conninfo *info)
{
	struct pg_hosts *hosts = xcalloc(1, sizeof(*hosts));
	const char *lists[PG_HOST_FIELDS];
	size_t count;

	for (int f = 0; f < PG_HOST_FIELDS; f++)
		lists[f] = pg_conninfo_get(info, keywords[f]);
	count = items(lists[PG_HOST_ADDRESS]);
	if (count == 0)
		count = items(lists[PG_HOST_NAME]);
	if (!lists_fit(lists, count))
		return hosts;
	for (size_t i = 0; i < count; i++) {
		struct pg_host host;

		for (int f = 0; f < PG_HOST_FIELDS; f++)
			host.field[f] =
				item(lists[f], items(lists[f]) == 1 ? 0 : i);
		pg_hosts_add(hosts, &host, NULL);
		host_deinit(&host);
	}
	return hosts;
}

struct pg_hosts *pg_hosts_copy(const struct pg_hosts *hosts)
{
	struct pg_hosts *copy = xcalloc(1, sizeof(*copy));

	for (size_t i = 0; i < hosts->count; i++)
		pg_hosts_add(copy, &hosts->all[i], NULL);
	return copy;
}

void pg_hosts_free(struct pg_hosts **hosts)
{
	if (*hosts == NULL)
		return;
	for (size_t i = 0; i < (*hosts)->count; i++)
		host_deinit(&(*hosts)->all[i]);
	free(*hosts);
	*hosts = NULL;
}

static bool is_number(const char *name)
{
	const struct addrinfo hints = { .ai_flags = AI_NUMERICHOST,
		                        .ai_socktype = SOCK_STREAM };
	struct addrinfo *found;

	if (getaddrinfo(name, NULL, &hints, &found) != 0)
		return false;
	freeaddrinfo(found);
	return true;
}

bool pg_host_is_name(const struct pg_host *host)
{
	const char *name = host->field[PG_HOST_NAME];

	return host->field[PG_HOST_ADDRESS][0] == '\0' && name[0] != '\0' &&
	       name[0] != '/' && name[0] != '@' && !is_number(name);
}

bool pg_hosts_have_names(const struct pg_hosts *hosts)
{
	for (size_t i = 0; i < hosts->count; i++)
		if (pg_host_is_name(&hosts->all[i]))
			return true;
	return false;
}

static char *joined(const struct pg_hosts *hosts, int f, size_t first)
{
	char *list = xstrdup(hosts->all[first % hosts->count].field[f]);

	for (size_t i = 1; i < hosts->count; i++) {
		char *longer = xasprintf(
			"%s,%s", list,
			hosts->all[(first + i) % hosts->count].field[f]);

		free(list);
		list = longer;
	}
	return list;
}

struct pg_conninfo *pg_hosts_conninfo(const struct pg_hosts *hosts,
                                      const struct pg_conninfo *info,
                                      size_t first)
{
	struct pg_conninfo *copy = pg_conninfo_copy(info);

	for (int f = 0; f < PG_HOST_FIELDS && hosts->count > 0; f++) {
		char *list = joined(hosts, f, first);

		/* A list that nobody gave stays away when it has nothing. */
		if (items(pg_conninfo_get(info, keywords[f])) > 0 ||
		    list[strspn(list, ",")] != '\0')
			pg_conninfo_set(copy, keywords[f], list);
		free(list);
	}
	/* One of several may be a standby, after a failover the first. */
	if (hosts->count > 1)
		pg_conninfo_set_default(copy, "target_session_attrs",
		                        "read-write");
	return copy;
}
