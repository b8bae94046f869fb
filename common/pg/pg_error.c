/*
 * SQLSTATE -> what it means for us. The first row whose prefix fits decides;
 * what is in no row is the statement's own fault.
 */
#include "common/pg/pg_error.h"

#include <stddef.h>
#include <string.h>

#include "common/base/attr.h"

static const struct {
	const char *prefix;
	struct pg_verdict verdict;
} verdicts[] = {
	/* Rolled back and worth another try as it is. */
	{ "40001", { PG_ERROR_TRANSIENT, false } }, /* serialization */
	{ "40P01", { PG_ERROR_TRANSIENT, false } }, /* deadlock */
	{ "55P03", { PG_ERROR_TRANSIENT, false } }, /* lock_timeout */
	{ "57014", { PG_ERROR_TRANSIENT, false } }, /* statement_timeout */
	{ "53", { PG_ERROR_TRANSIENT, false } },    /* disk full, no memory */
	/* Rolled back too, but this session will never do better. */
	{ "25006", { PG_ERROR_TRANSIENT, true } }, /* landed on a standby */
	{ "25P02", { PG_ERROR_TRANSIENT, true } }, /* in a failed transaction */
	{ "0A000", { PG_ERROR_TRANSIENT, true } }, /* cached plan is stale */
	{ "26000", { PG_ERROR_TRANSIENT, true } }, /* statement forgotten */
	{ "42P05", { PG_ERROR_TRANSIENT, true } }, /* statement is there already
	                                            */
	/* The session ends with these. */
	{ "57P", { PG_ERROR_LOST, true } },   /* shutdown, crash, idle timeout
	                                       */
	{ "25P03", { PG_ERROR_LOST, true } }, /* idle in transaction */
	{ "08", { PG_ERROR_LOST, true } },    /* connection, protocol */
	/* The server is not well: a fresh backend may be. */
	{ "58", { PG_ERROR_REFUSED, true } }, /* system error */
	{ "XX", { PG_ERROR_REFUSED, true } }, /* internal, corrupted */
};

static const char *const names[] = {
	[PG_OK] = "ok",
	[PG_ERROR_REFUSED] = "refused",
	[PG_ERROR_TRANSIENT] = "transient",
	[PG_ERROR_LOST] = "lost",
	[PG_ERROR_DEADLINE] = "deadline",
	[PG_ERROR_BUSY] = "busy",
	[PG_ERROR_DOWN] = "down",
};

static const struct {
	const char *said; /* a part of the message */
	const char *advice;
} advices[] = {
	{ "unsupported startup parameter: options",
	  "a pooler is between us and Postgres: take options= out of the "
	  "address, or use Postgres' own port" },
	/* With target_session_attrs, which is ours when there are several. */
	{ "session is read-only",
	  "the server is a standby or read-only, and takes no changes" },
};

struct pg_verdict pg_error_verdict(const char *sqlstate)
{
	if (sqlstate[0] == '\0')
		return (struct pg_verdict){ PG_ERROR_LOST, true };
	for (size_t i = 0; i < ARRAY_LEN(verdicts); i++) {
		const char *prefix = verdicts[i].prefix;
		if (strncmp(sqlstate, prefix, strlen(prefix)) == 0)
			return verdicts[i].verdict;
	}
	return (struct pg_verdict){ PG_ERROR_REFUSED, false };
}

const char *pg_error_name(enum pg_error_kind kind)
{
	return names[kind];
}

const char *pg_error_advice(const char *message)
{
	for (size_t i = 0; i < ARRAY_LEN(advices); i++)
		if (strstr(message, advices[i].said) != NULL)
			return advices[i].advice;
	return NULL;
}
