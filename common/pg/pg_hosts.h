#ifndef COMMON_PG_PG_HOSTS_H
#define COMMON_PG_PG_HOSTS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/attr.h"

struct pg_conninfo;

/*
 * Private to common/pg/. The hosts of a connection string, one by one. Pure.
 */
enum pg_host_field {
	PG_HOST_NAME,
	PG_HOST_ADDRESS,
	PG_HOST_PORT,
	PG_HOST_FIELDS
};

struct pg_host {
	char *field[PG_HOST_FIELDS]; /* "": libpq's default */
};

/* More are left out. */
#define PG_HOSTS_MAX 64

struct pg_hosts {
	struct pg_host all[PG_HOSTS_MAX];
	size_t count;
};

/* None when the string names none, or when its lists do not fit each other,
 * which libpq explains best. */
struct pg_hosts *pg_hosts_new(const struct pg_conninfo *info) MUST_CHECK;
struct pg_hosts *pg_hosts_copy(const struct pg_hosts *hosts) MUST_CHECK;
void pg_hosts_free(struct pg_hosts **hosts);

/* Copies what it is given. address: NULL, or in place of host's own. */
void pg_hosts_add(struct pg_hosts *hosts, const struct pg_host *host,
                  const char *address);
/* Is that host known by its name alone, not by a number or a socket? */
bool pg_host_is_name(const struct pg_host *host) MUST_CHECK;
bool pg_hosts_have_names(const struct pg_hosts *hosts) MUST_CHECK;

/* A copy of the string with these hosts, beginning with the one `first` places
 * behind the first, round and round. Of several the one that takes changes is
 * wanted, unless the string says otherwise (target_session_attrs). */
struct pg_conninfo *pg_hosts_conninfo(const struct pg_hosts *hosts,
                                      const struct pg_conninfo *info,
                                      size_t first) MUST_CHECK;

#endif
