/* Words for the operator, and not too many of them. */
#include "common/pg/pg_trouble.h"

#include <stdio.h>
#include <string.h>

#include "common/base/log.h"
#include "common/pg/pg_error.h"

void pg_trouble_init(struct pg_trouble *t, char *said_by_all)
{
	*t = (struct pg_trouble){ 0 };
	t->said_by_all = said_by_all;
}

void pg_trouble_forget(struct pg_trouble *t)
{
	t->goodbye = false;
	t->sqlstate_class[0] = '\0';
}

void pg_trouble_hear(struct pg_trouble *t, const PGresult *notice)
{
	const char *severity =
		PQresultErrorField(notice, PG_DIAG_SEVERITY_NONLOCALIZED);
	const char *message =
		PQresultErrorField(notice, PG_DIAG_MESSAGE_PRIMARY);
	const char *sqlstate = PQresultErrorField(notice, PG_DIAG_SQLSTATE);

	log_debug("database notice", log_str("severity", severity),
	          log_str("message", message));
	if (severity == NULL || message == NULL)
		return;
	if (strcmp(severity, "FATAL") != 0 && strcmp(severity, "PANIC") != 0)
		return;
	t->goodbye = true;
	(void)snprintf(t->sqlstate_class, sizeof(t->sqlstate_class), "%s",
	               sqlstate != NULL ? sqlstate : "");
	(void)snprintf(t->why, sizeof(t->why), "%s", message);
}

void pg_trouble_set(struct pg_trouble *t, const char *message)
{
	const char *advice = pg_error_advice(message);
	const int line = (int)strcspn(message, "\n");

	if (t->goodbye)
		return;
	if (advice != NULL)
		(void)snprintf(t->why, sizeof(t->why), "%.*s: %s", line,
		               message, advice);
	else
		(void)snprintf(t->why, sizeof(t->why), "%.*s", line, message);
}

void pg_trouble_log_lost(struct pg_trouble *t, const char *state)
{
	log_warn("database connection lost", log_str("why", t->why),
	         log_str("state", state));
	t->said[0] = '\0';
	t->said_by_all[0] = '\0';
}

void pg_trouble_log_failed(struct pg_trouble *t)
{
	const bool said = strcmp(t->said, t->why) == 0;

	memcpy(t->said, t->why, sizeof(t->said));
	if (said || strcmp(t->said_by_all, t->why) == 0) {
		log_debug("no database connection", log_str("why", t->why));
		return;
	}
	memcpy(t->said_by_all, t->why, sizeof(t->why));
	log_warn("no database connection, trying again",
	         log_str("why", t->why));
}

void pg_trouble_cause(const struct pg_trouble *t, enum pg_error_kind kind,
                      const char *sqlstate, char *cause, size_t size)
{
	if (t->sqlstate_class[0] != '\0')
		(void)snprintf(cause, size, "%s", t->sqlstate_class);
	else if (sqlstate[0] != '\0' && kind != PG_ERROR_DEADLINE)
		(void)snprintf(cause, size, "%.2s", sqlstate);
	else
		(void)snprintf(cause, size, "%s", pg_error_name(kind));
}
