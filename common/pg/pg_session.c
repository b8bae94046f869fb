/*
 * The start of a session: schema first, so that a program in front of an old
 * database says "run the migrations" and not that some column is missing.
 */
#include "common/pg/pg_session.h"

#include <stdbool.h>

static const char has_change[] =
	"SELECT EXISTS (SELECT FROM sqitch.changes"
	" WHERE project = 'rewatch' AND change = $1::text)";

/* From s->step on, the first that there is something to do for. */
static enum pg_session_result send_next(struct pg_session *s)
{
	int sent = 0;

	if (s->step == PG_SESSION_SCHEMA && s->plan.schema_change == NULL)
		s->step = PG_SESSION_SQL;
	if (s->step == PG_SESSION_SQL && s->plan.sql == NULL)
		s->step = PG_SESSION_DONE;
	switch (s->step) {
	case PG_SESSION_SCHEMA:
		sent = PQsendQueryParams(s->pg, has_change, 1, NULL,
		                         &s->plan.schema_change, NULL, NULL, 0);
		break;
	case PG_SESSION_SQL:
		sent = PQsendQuery(s->pg, s->plan.sql);
		break;
	case PG_SESSION_DONE:
		return PG_SESSION_READY;
	}
	return sent ? PG_SESSION_WAIT : PG_SESSION_FAILED;
}

enum pg_session_result pg_session_begin(struct pg_session *s, PGconn *pg,
                                        struct pg_session_plan plan)
{
	*s = (struct pg_session){ .pg = pg, .plan = plan };
	return send_next(s);
}

/* Class 42: no such table, or no right to read it. */
static bool is_not_there(const PGresult *result)
{
	const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	return sqlstate != NULL && strncmp(sqlstate, "42", 2) == 0;
}

static enum pg_session_result judge(const struct pg_session *s,
                                    const PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);
	bool schema = s->step == PG_SESSION_SCHEMA;

	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
		return schema && is_not_there(result) ? PG_SESSION_WRONG_SCHEMA
		                                      : PG_SESSION_FAILED;
	if (schema && PQgetvalue(result, 0, 0)[0] != 't')
		return PG_SESSION_WRONG_SCHEMA;
	return PG_SESSION_WAIT;
}

enum pg_session_result pg_session_read(struct pg_session *s)
{
	while (!PQisBusy(s->pg)) {
		PGresult *result = PQgetResult(s->pg);
		enum pg_session_result verdict;

		if (result == NULL) {
			s->step++;
			verdict = send_next(s);
		} else {
			verdict = judge(s, result);
			PQclear(result);
		}
		if (verdict != PG_SESSION_WAIT)
			return verdict;
	}
	return PG_SESSION_WAIT;
}
