/*
 * Completing a connection string. TCP alone notices a vanished peer only with
 * all four of its knobs set: keepalives for an idle link, the user timeout for
 * unacknowledged data. The server's end gets the same as ours
 * (sql/queries/session/begin.sql): after a partition it would else keep the
 * session of a connection that we have long given up, for hours, and run out of
 * them.
 */
#include "common/pg/pg_conninfo.h"

#include <inttypes.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"

#define KEEPALIVES_IDLE_S     "5"
#define KEEPALIVES_INTERVAL_S "2"
#define KEEPALIVES_COUNT      "2"
#define USER_TIMEOUT_MS       "5000"

/* Only libpq's own keywords get here, and all of them are there. */
static char **slot_of(const struct pg_conninfo *info, const char *keyword)
{
	int i = 0;

	while (info->keywords[i] != NULL &&
	       strcmp(info->keywords[i], keyword) != 0)
		i++;
	ensure(info->keywords[i] != NULL);
	return &info->values[i];
}

const char *pg_conninfo_get(const struct pg_conninfo *info, const char *keyword)
{
	return *slot_of(info, keyword);
}

void pg_conninfo_set(struct pg_conninfo *info, const char *keyword,
                     const char *value)
{
	char **slot = slot_of(info, keyword);

	free(*slot);
	*slot = xstrdup(value);
}

void pg_conninfo_set_default(struct pg_conninfo *info, const char *keyword,
                             const char *value)
{
	if (pg_conninfo_get(info, keyword) == NULL)
		pg_conninfo_set(info, keyword, value);
}

static struct pg_conninfo *new_of(size_t count)
{
	struct pg_conninfo *info = xcalloc(1, sizeof(*info));

	info->keywords = xcalloc(count + 1, sizeof(*info->keywords));
	info->values = xcalloc(count + 1, sizeof(*info->values));
	return info;
}

static void fill(const struct pg_conninfo *info, size_t i, const char *keyword,
                 const char *value)
{
	info->keywords[i] = xstrdup(keyword);
	if (value != NULL)
		info->values[i] = xstrdup(value);
}

static struct pg_conninfo *copy_of(const PQconninfoOption *options)
{
	struct pg_conninfo *info;
	size_t n = 0;

	while (options[n].keyword != NULL)
		n++;
	info = new_of(n);
	for (size_t i = 0; i < n; i++)
		fill(info, i, options[i].keyword, options[i].val);
	return info;
}

struct pg_conninfo *pg_conninfo_copy(const struct pg_conninfo *info)
{
	struct pg_conninfo *copy;
	size_t n = 0;

	while (info->keywords[n] != NULL)
		n++;
	copy = new_of(n);
	for (size_t i = 0; i < n; i++)
		fill(copy, i, info->keywords[i], info->values[i]);
	return copy;
}

/*
 * A password with an @ or / in it that is not written as %40 or %2F: libpq ends
 * it at the first of them, would take what is behind that for a host or a
 * database, and name it in messages.
 */
static bool is_cut_by_a_password(const char *url)
{
	const char *rest = strstr(url, "://");

	if (rest == NULL || strncmp(url, "postgres", 8) != 0)
		return false;
	rest += strlen("://");
	rest += strcspn(rest, "@/");
	if (*rest == '@')
		rest++;
	return memchr(rest, '@', strcspn(rest, "?")) != NULL;
}

bool pg_conninfo_understands(const char *url)
{
	PQconninfoOption *options = PQconninfoParse(url, NULL);
	const bool understood = options != NULL && !is_cut_by_a_password(url);

	PQconninfoFree(options);
	return understood;
}

struct pg_conninfo *pg_conninfo_new(const char *url,
                                    const char *application_name,
                                    int64_t connect_timeout_ms)
{
	char seconds[32];
	struct pg_conninfo *info;
	PQconninfoOption *options = PQconninfoParse(url, NULL);

	ensure(options != NULL);
	info = copy_of(options);
	PQconninfoFree(options);
	(void)snprintf(seconds, sizeof(seconds), "%" PRId64,
	               (connect_timeout_ms + 999) / 1000);
	pg_conninfo_set_default(info, "connect_timeout", seconds);
	pg_conninfo_set_default(info, "keepalives_idle", KEEPALIVES_IDLE_S);
	pg_conninfo_set_default(info, "keepalives_interval",
	                        KEEPALIVES_INTERVAL_S);
	pg_conninfo_set_default(info, "keepalives_count", KEEPALIVES_COUNT);
	pg_conninfo_set_default(info, "tcp_user_timeout", USER_TIMEOUT_MS);
	pg_conninfo_set_default(info, "application_name", application_name);
	pg_conninfo_set_default(info, "client_encoding", "UTF8");
	return info;
}

void pg_conninfo_free(struct pg_conninfo **info)
{
	if (*info == NULL)
		return;
	for (int i = 0; (*info)->keywords[i] != NULL; i++) {
		free((*info)->keywords[i]);
		free((*info)->values[i]);
	}
	free((*info)->keywords);
	free((*info)->values);
	free(*info);
	*info = NULL;
}
