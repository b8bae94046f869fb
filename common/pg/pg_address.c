/* From the url of the settings to what libpq is given. */
#include "common/pg/pg_address.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/pg/pg_conninfo.h"
#include "common/pg/pg_hosts.h"
#include "common/pg/pg_pool.h"
#include "common/pg/pg_resolver.h"

void pg_address_init(struct pg_address *a,
                     const struct pg_address_options *options)
{
	*a = (struct pg_address){ .options = *options };
}

void pg_address_deinit(struct pg_address *a)
{
	pg_resolver_free(&a->resolver);
	pg_hosts_free(&a->found);
	pg_hosts_free(&a->hosts);
	pg_conninfo_free(&a->info);
	free(a->url);
	a->url = NULL;
}

static void read_settings(struct pg_address *a)
{
	const struct pg_settings *settings = a->options.settings;

	if (a->url != NULL && strcmp(a->url, settings->url) == 0)
		return;
	pg_address_deinit(a);
	a->url = xstrdup(settings->url);
	a->deadline_ms = settings->deadline;
	a->info = pg_conninfo_new(a->url, a->options.application_name,
	                          settings->connect_timeout);
	a->hosts = pg_hosts_new(a->info);
	a->turn = 0;
}

enum pg_address_result pg_address_begin(struct pg_address *a)
{
	read_settings(a);
	if (!pg_hosts_have_names(a->hosts))
		return PG_ADDRESS_FOUND;
	if (a->resolver == NULL)
		a->resolver = pg_resolver_new(
			a->options.base, pg_hosts_copy(a->hosts),
			a->options.on_found, a->options.arg);
	if (a->resolver != NULL)
		return pg_address_read(a);
	(void)snprintf(a->why, sizeof(a->why),
	               "no thread or no file descriptor is left to look up "
	               "the database's host: raise the process's limits");
	return PG_ADDRESS_FAILED;
}

enum pg_address_result pg_address_read(struct pg_address *a)
{
	if (!pg_resolver_is_done(a->resolver))
		return PG_ADDRESS_WAIT;
	pg_hosts_free(&a->found);
	a->found = pg_resolver_take(a->resolver, a->why, sizeof(a->why));
	pg_resolver_free(&a->resolver);
	return a->found != NULL ? PG_ADDRESS_FOUND : PG_ADDRESS_FAILED;
}

struct pg_conninfo *pg_address_conninfo(const struct pg_address *a)
{
	return pg_hosts_conninfo(a->found != NULL ? a->found : a->hosts,
	                         a->info, a->turn);
}

void pg_address_turn(struct pg_address *a)
{
	a->turn++;
}
