/*
 * Completing a connection string. TCP alone notices a vanished peer only with
 * all four of its knobs set: keepalives for an idle link, the user timeout for
 * unacknowledged data. The server's end gets the same as ours: after a
 * partition it would else keep the session of a connection that we have long
 * given up, for hours, and run out of them.
 */
#include "common/pg_conninfo.h"

#include <inttypes.h>
#include <libpq-fe.h>

#include "common/mem.h"

#define IDLE_IN_TRANSACTION_MS 10000
#define KEEPALIVES_IDLE_S      "5"
#define KEEPALIVES_INTERVAL_S  "2"
#define KEEPALIVES_COUNT       "2"
#define USER_TIMEOUT_MS        "5000"

int64_t pg_statement_timeout(int64_t deadline_ms)
{
	return deadline_ms - deadline_ms / 10;
}

static int count_options(const PQconninfoOption *o)
{
	int n = 0;

	while (o[n].keyword != NULL)
		n++;
	return n;
}

static char **find(const struct pg_conninfo *info, const char *keyword)
{
	for (int i = 0; info->keywords[i] != NULL; i++)
		if (strcmp(info->keywords[i], keyword) == 0)
			return &info->values[i];
	return NULL;
}

/* Only libpq's own keywords get here, and all of them are there. */
static void set_default(struct pg_conninfo *info, const char *keyword,
                        const char *value)
{
	char **slot = find(info, keyword);

	ensure(slot != NULL);
	if (*slot == NULL)
		*slot = xstrdup(value);
}

/* The server takes the last of equal options: the person's come last. */
static void set_options(struct pg_conninfo *info, int64_t deadline_ms)
{
	char **slot = find(info, "options");
	char *all;

	ensure(slot != NULL);
	all = xasprintf("-c statement_timeout=%" PRId64
	                " -c lock_timeout=%" PRId64
	                " -c idle_in_transaction_session_timeout=%d"
	                " -c tcp_keepalives_idle=" KEEPALIVES_IDLE_S
	                " -c tcp_keepalives_interval=" KEEPALIVES_INTERVAL_S
	                " -c tcp_keepalives_count=" KEEPALIVES_COUNT
	                " -c tcp_user_timeout=" USER_TIMEOUT_MS " %s",
	                pg_statement_timeout(deadline_ms), deadline_ms / 2,
	                IDLE_IN_TRANSACTION_MS, *slot ? *slot : "");
	free(*slot);
	*slot = all;
}

static struct pg_conninfo *copy_of(const PQconninfoOption *options)
{
	struct pg_conninfo *info = xcalloc(1, sizeof(*info));
	size_t n = (size_t)count_options(options);

	info->keywords = xcalloc(n + 1, sizeof(*info->keywords));
	info->values = xcalloc(n + 1, sizeof(*info->values));
	for (size_t i = 0; i < n; i++) {
		info->keywords[i] = xstrdup(options[i].keyword);
		if (options[i].val != NULL)
			info->values[i] = xstrdup(options[i].val);
	}
	return info;
}

bool pg_conninfo_understands(const char *url)
{
	PQconninfoOption *options = PQconninfoParse(url, NULL);
	const bool understood = options != NULL;

	PQconninfoFree(options);
	return understood;
}

struct pg_conninfo *pg_conninfo_new(const char *url,
                                    const char *application_name,
                                    int64_t connect_timeout_ms,
                                    int64_t deadline_ms)
{
	char seconds[32];
	struct pg_conninfo *info;
	PQconninfoOption *options = PQconninfoParse(url, NULL);

	ensure(options != NULL);
	info = copy_of(options);
	PQconninfoFree(options);
	(void)snprintf(seconds, sizeof(seconds), "%" PRId64,
	               (connect_timeout_ms + 999) / 1000);
	set_default(info, "connect_timeout", seconds);
	set_default(info, "keepalives_idle", KEEPALIVES_IDLE_S);
	set_default(info, "keepalives_interval", KEEPALIVES_INTERVAL_S);
	set_default(info, "keepalives_count", KEEPALIVES_COUNT);
	set_default(info, "tcp_user_timeout", USER_TIMEOUT_MS);
	set_default(info, "application_name", application_name);
	set_default(info, "client_encoding", "UTF8");
	set_options(info, deadline_ms);
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

/* "a,b,c" -> "b,c,a" */
static void rotate_list(char **list)
{
	char *comma, *rotated;

	if (list == NULL || *list == NULL)
		return;
	comma = strchr(*list, ',');
	if (comma == NULL)
		return;
	rotated = xasprintf("%s,%.*s", comma + 1, (int)(comma - *list), *list);
	free(*list);
	*list = rotated;
}

void pg_conninfo_rotate(struct pg_conninfo *info)
{
	rotate_list(find(info, "host"));
	rotate_list(find(info, "hostaddr"));
	rotate_list(find(info, "port"));
}
