/*
 * The start of a session, a statement a step. Those that ask say in their first
 * column what is wrong. The schema comes before what rests on it, so that a
 * program in front of an old database says "run the migrations" and not that
 * some table is missing.
 */
#include "common/pg/pg_session.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/backoff.h"
#include "gen/sql.h"

int64_t pg_statement_timeout(int64_t deadline_ms)
{
	return deadline_ms - deadline_ms / 10;
}

/* --- sending --- */

static int send_statement(struct pg_session *s, const struct sql *sql,
                          const char *const *values)
{
	return PQsendQueryParams(s->pg, sql->text, sql->nparams, NULL, values,
	                         NULL, NULL, 0);
}

static int send_begin(struct pg_session *s)
{
	const char *const values[] = {
		[SQL_SESSION_BEGIN_STATEMENT_MS_TEXT] = s->statement_ms,
		[SQL_SESSION_BEGIN_LOCK_MS_TEXT] = s->lock_ms,
		[SQL_SESSION_BEGIN_MARK_TEXT] = s->mark,
	};

	return send_statement(s, &SQL_SESSION_BEGIN, values);
}

static int send_check(struct pg_session *s)
{
	const char *const values[] = {
		[SQL_SESSION_CHECK_STATEMENT_MS_TEXT] = s->statement_ms,
		[SQL_SESSION_CHECK_LOCK_MS_TEXT] = s->lock_ms,
		[SQL_SESSION_CHECK_MARK_TEXT] = s->mark,
	};

	return send_statement(s, &SQL_SESSION_CHECK, values);
}

/* Is there anything to do in that step? */
static bool is_wanted(const struct pg_session *s)
{
	switch (s->step) {
	case PG_SESSION_SCHEMA:
		return s->plan.schema_change != NULL;
	case PG_SESSION_WALL:
		return s->plan.wall != NULL;
	case PG_SESSION_SQL:
		return s->plan.sql != NULL;
	case PG_SESSION_BEGIN:
	case PG_SESSION_CHECK:
	case PG_SESSION_DONE:
		break;
	}
	return true;
}

/* From s->step on, the first that there is something to do for. */
static enum pg_session_result send_next(struct pg_session *s)
{
	int sent = 0;

	while (!is_wanted(s))
		s->step++;
	switch (s->step) {
	case PG_SESSION_BEGIN:
		sent = send_begin(s);
		break;
	case PG_SESSION_CHECK:
		sent = send_check(s);
		break;
	case PG_SESSION_SCHEMA:
		sent = send_statement(s, &SQL_SESSION_SCHEMA,
		                      &s->plan.schema_change);
		break;
	case PG_SESSION_WALL:
		sent = send_statement(s, s->plan.wall, NULL);
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
	(void)snprintf(s->statement_ms, sizeof(s->statement_ms), "%" PRId64,
	               pg_statement_timeout(plan.deadline_ms));
	(void)snprintf(s->lock_ms, sizeof(s->lock_ms), "%" PRId64,
	               plan.deadline_ms / 2);
	(void)snprintf(s->mark, sizeof(s->mark), "%016" PRIx64, random_u64());
	return send_next(s);
}

/* --- reading --- */

static enum pg_session_result refuse_schema(struct pg_session *s)
{
	(void)snprintf(s->why, sizeof(s->why),
	               "the database lacks the change \"%s\": run the "
	               "migrations (sqitch deploy)",
	               s->plan.schema_change);
	return PG_SESSION_REFUSED;
}

/* What asks got no answer. Of the schema that is one in itself: class 42 is a
 * table that is not there, or one that the role may not see. */
static enum pg_session_result take_error(struct pg_session *s,
                                         const PGresult *result)
{
	const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	if (s->step != PG_SESSION_SCHEMA || sqlstate == NULL ||
	    strncmp(sqlstate, "42", 2) != 0)
		return PG_SESSION_FAILED;
	if (strcmp(sqlstate, "42501") != 0)
		return refuse_schema(s);
	(void)snprintf(s->why, sizeof(s->why),
	               "%s for the role \"%s\": does DATABASE_URL name one of "
	               "Rewatch's, and were the migrations run with them?",
	               PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY),
	               PQuser(s->pg));
	return PG_SESSION_REFUSED;
}

/* The first row of what asks says why not. */
static enum pg_session_result take_row(struct pg_session *s,
                                       const PGresult *result)
{
	const char *first = PQgetvalue(result, 0, 0);

	switch (s->step) {
	case PG_SESSION_BEGIN:
		s->pid = (int)strtol(first, NULL, 10);
		return PG_SESSION_WAIT;
	case PG_SESSION_CHECK:
		s->pooled = PQgetvalue(result, 0, 1)[0] == 't';
		break;
	case PG_SESSION_SCHEMA:
		return refuse_schema(s);
	case PG_SESSION_WALL:
		break;
	case PG_SESSION_SQL:
	case PG_SESSION_DONE:
		return PG_SESSION_WAIT;
	}
	(void)snprintf(s->why, sizeof(s->why), "%s", first);
	return PG_SESSION_REFUSED;
}

static enum pg_session_result take_result(struct pg_session *s,
                                          const PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);

	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
		return take_error(s, result);
	return PQntuples(result) > 0 ? take_row(s, result) : PG_SESSION_WAIT;
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
			verdict = take_result(s, result);
			PQclear(result);
		}
		if (verdict != PG_SESSION_WAIT)
			return verdict;
	}
	return PG_SESSION_WAIT;
}
