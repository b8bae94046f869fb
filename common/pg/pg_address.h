#ifndef COMMON_PG_PG_ADDRESS_H
#define COMMON_PG_PG_ADDRESS_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/attr.h"

struct event_base;
struct pg_conninfo;
struct pg_hosts;
struct pg_resolver;
struct pg_settings;

/*
 * Private to common/pg_*. Where a connection's next attempt goes: the url of
 * the settings, its hosts with names looked up anew for each attempt, and which
 * of them is tried first. An attempt is
 *
 *	begin -> FOUND                           conninfo
 *	begin -> WAIT, later on_found, read ->   conninfo
 *
 * The look-up runs beside the loop and has no deadline: whoever does not want
 * to wait any longer begins again. What was looked up for an earlier attempt
 * and came too late for it is taken for the next one. Then the answer may be as
 * old as the pause between the two.
 */
enum pg_address_result {
	PG_ADDRESS_WAIT,
	PG_ADDRESS_FOUND,
	PG_ADDRESS_FAILED /* see why */
};

/* All borrowed for the life of the address. */
struct pg_address_options {
	struct event_base *base;
	const struct pg_settings *settings; /* may change meanwhile */
	const char *application_name;
	/* From the loop, when the look-up has ended; also for an attempt that
	 * was given up. */
	void (*on_found)(void *arg);
	void *arg;
};

struct pg_address {
	/* To be read. Of the settings when their url was first used: what a
	 * session is told, and what its transactions expect. */
	int64_t deadline_ms;
	char why[256]; /* when FAILED */

	/* pg_address.c's */
	struct pg_address_options options;
	char *url;                    /* NULL before the first attempt */
	struct pg_conninfo *info;     /* of the url */
	struct pg_hosts *hosts;       /* of the url */
	struct pg_hosts *found;       /* them with addresses; NULL: no names */
	struct pg_resolver *resolver; /* NULL: not asked */
	size_t turn;                  /* which host is tried first */
};

void pg_address_init(struct pg_address *a,
                     const struct pg_address_options *options);
/* on_found does not run any more. */
void pg_address_deinit(struct pg_address *a);

/* Of each attempt the first; the settings count as they are now. */
enum pg_address_result pg_address_begin(struct pg_address *a) MUST_CHECK;
/* When on_found runs and begin() said WAIT. */
enum pg_address_result pg_address_read(struct pg_address *a) MUST_CHECK;
/* When FOUND. The caller's. */
struct pg_conninfo *pg_address_conninfo(const struct pg_address *a) MUST_CHECK;

/* The first host did not answer in time: begin with the one behind it. */
void pg_address_turn(struct pg_address *a);

#endif
