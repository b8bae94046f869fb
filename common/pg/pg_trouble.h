#ifndef COMMON_PG_PG_TROUBLE_H
#define COMMON_PG_PG_TROUBLE_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>

#include "common/pg/pg_result.h"

/*
 * Private to common/pg/. Why a connection is not there, and saying so: a reason
 * is logged once, however often it is met, and however many connections to the
 * same database meet it.
 */
#define PG_WHY_MAX 512

struct pg_trouble {
	/* To be read. */
	char why[PG_WHY_MAX]; /* the latest; "" at first */
	bool goodbye;         /* the server has ended the session */

	/* pg_trouble.c's */
	char sqlstate_class[3]; /* of the goodbye, or "" */
	char said[PG_WHY_MAX];  /* as met last */
	char *said_by_all;      /* as logged last by any of them; borrowed */
};

/* said_by_all: PG_WHY_MAX bytes, a string; outlives t. */
void pg_trouble_init(struct pg_trouble *t, char *said_by_all);
/* A new attempt: what an earlier server said does not count. */
void pg_trouble_forget(struct pg_trouble *t);

/* A message without a result: at the end of a session it says why. */
void pg_trouble_hear(struct pg_trouble *t, const PGresult *notice);
/* Unless the server's goodbye has said why. Of several lines the first. */
void pg_trouble_set(struct pg_trouble *t, const char *message);

/* It was connected, and in that state. */
void pg_trouble_log_lost(struct pg_trouble *t, const char *state);
/* It did not come to that. */
void pg_trouble_log_failed(struct pg_trouble *t);

/* For metrics: the class of an SQLSTATE, or the kind's name. sqlstate: of the
 * transaction, or "". */
void pg_trouble_cause(const struct pg_trouble *t, enum pg_error_kind kind,
                      const char *sqlstate, char *cause, size_t size);

#endif
