/*
 * A transaction as one pipeline:
 *
 *	[BEGIN] [member, timeout] { [Prepare] Execute }... Sync [ROLLBACK Sync]
 *
 * Up to the Sync the server takes it as one implicit transaction and skips
 * what follows an error, so nothing needs to be undone. Only a dry run opens
 * a transaction of its own; its ROLLBACK is behind the Sync because it must
 * run after an error as well. A pause (pg_tx_pause) is a Flush: the server answers
 * without an end.
 */
#include "common/pg/pg_pipeline.h"

#include <inttypes.h>

#include "common/base/mem.h"
#include "common/pg/pg_error.h"
#include "common/pg/pg_session.h"
#include "common/pg/pg_tx_private.h"

enum step_kind {
	STEP_COMMAND, /* the result only has to be good */
	STEP_PREPARE,
	STEP_STATEMENT, /* the result is the caller's */
	STEP_SYNC
};

struct pg_step {
	enum step_kind kind;
	int statement; /* the one it belongs to, or -1 */
	const struct sql *sql;
};

struct pg_known {
	const struct sql *sql;
	bool ready; /* else its Prepare is under way */
};

/* BEGIN, member, timeout, Sync, ROLLBACK, Sync; the hidden two prepared. */
#define EXTRA_STEPS    8
#define FIRST_CAPACITY 32

/* Handed to libpq at once, and a statement more. */
#define PIECE_BYTES ((size_t)256 * 1024)

static const struct sql set_member = {
	-1, "pg_set_member",
	"SELECT set_config('rewatch.member_id', $1::text, true)", 1, NULL
};
static const struct sql set_timeout = {
	-1, "pg_set_timeout",
	"SELECT set_config('statement_timeout', $1::text, true)", 1, NULL
};

void pg_pipeline_init(struct pg_pipeline *p, PGconn *pg,
                      int64_t session_deadline_ms)
{
	*p = (struct pg_pipeline){ .pg = pg,
		                   .session_deadline_ms = session_deadline_ms };
}

void pg_pipeline_deinit(struct pg_pipeline *p)
{
	free(p->known);
	*p = (struct pg_pipeline){ 0 };
}

static struct pg_known *find_known(struct pg_pipeline *p, const struct sql *sql)
{
	for (int i = 0; i < p->known_count; i++)
		if (p->known[i].sql == sql)
			return &p->known[i];
	return NULL;
}

static void add_known(struct pg_pipeline *p, const struct sql *sql)
{
	if (p->known_count == p->known_capacity) {
		p->known_capacity = p->known_capacity ? 2 * p->known_capacity
		                                      : FIRST_CAPACITY;
		p->known = xreallocarray(p->known, (size_t)p->known_capacity,
		                         sizeof(*p->known));
	}
	p->known[p->known_count++] = (struct pg_known){ .sql = sql };
}

/* Those whose Prepare did not succeed, or was skipped after an error. */
static void forget_unready(struct pg_pipeline *p)
{
	int kept = 0;

	for (int i = 0; i < p->known_count; i++)
		if (p->known[i].ready)
			p->known[kept++] = p->known[i];
	p->known_count = kept;
}

static void add_step(struct pg_pipeline *p, enum step_kind kind, int statement,
                     const struct sql *sql)
{
	p->steps[p->step_count++] = (struct pg_step){ kind, statement, sql };
}

static bool send_command(struct pg_pipeline *p, const char *command)
{
	add_step(p, STEP_COMMAND, -1, NULL);
	return PQsendQueryParams(p->pg, command, 0, NULL, NULL, NULL, NULL, 0);
}

static bool send_sync(struct pg_pipeline *p)
{
	add_step(p, STEP_SYNC, -1, NULL);
	return PQpipelineSync(p->pg);
}

static bool send_prepare(struct pg_pipeline *p, const struct sql *sql,
                         int statement)
{
	if (find_known(p, sql) != NULL)
		return true;
	add_known(p, sql);
	add_step(p, STEP_PREPARE, statement, sql);
	return PQsendPrepare(p->pg, sql->name, sql->text, 0, NULL);
}

static bool send_hidden(struct pg_pipeline *p, const struct sql *sql,
                        const char *value)
{
	if (!send_prepare(p, sql, -1))
		return false;
	add_step(p, STEP_COMMAND, -1, NULL);
	return PQsendQueryPrepared(p->pg, sql->name, 1, &value, NULL, NULL, 0);
}

static bool send_statement(struct pg_pipeline *p, int number)
{
	const struct pg_statement *s = &p->tx->statements[number];

	if (!send_prepare(p, s->sql, number))
		return false;
	add_step(p, STEP_STATEMENT, number, s->sql);
	return PQsendQueryPrepared(p->pg, s->sql->name, s->sql->nparams,
	                           s->values, s->lengths, s->formats, 0);
}

static bool send_preamble(struct pg_pipeline *p)
{
	const struct pg_tx *tx = p->tx;
	char timeout[32];

	if (tx->rollback && !send_command(p, "BEGIN"))
		return false;
	if (tx->member_id && !send_hidden(p, &set_member, tx->member_id))
		return false;
	if (tx->deadline_ms == p->session_deadline_ms)
		return true;
	(void)snprintf(timeout, sizeof(timeout), "%" PRId64,
	               pg_statement_timeout(tx->deadline_ms));
	return send_hidden(p, &set_timeout, timeout);
}

/* The lengths of text parameters are not kept. */
static size_t statement_bytes(const struct pg_statement *s)
{
	size_t bytes = strlen(s->sql->text);

	for (int i = 0; i < s->sql->nparams; i++) {
		if (s->values[i] != NULL)
			bytes += s->lengths[i] > 0 ? (size_t)s->lengths[i]
			                           : strlen(s->values[i]);
	}
	return bytes;
}

static bool send_end(struct pg_pipeline *p)
{
	p->ended = true;
	if (!send_sync(p))
		return false;
	return !p->tx->rollback ||
	       (send_command(p, "ROLLBACK") && send_sync(p));
}

static bool at_pause(const struct pg_pipeline *p)
{
	return p->tx->pause > 0 && p->next == p->tx->pause;
}

bool pg_pipeline_unsent(const struct pg_pipeline *p)
{
	return p->tx != NULL && !p->ended &&
	       !(at_pause(p) && p->at < p->step_count);
}

bool pg_pipeline_ended(const struct pg_pipeline *p)
{
	return p->ended;
}

bool pg_pipeline_continue(struct pg_pipeline *p)
{
	const struct pg_tx *tx = p->tx;
	size_t bytes = 0;

	ensure(pg_pipeline_unsent(p));
	/* After an error the server would skip the rest. */
	while (p->next < tx->count && tx->outcome.error == PG_OK) {
		if (bytes >= PIECE_BYTES)
			return true;
		bytes += statement_bytes(&tx->statements[p->next]);
		if (!send_statement(p, p->next++))
			return false;
		if (at_pause(p))
			return PQsendFlushRequest(p->pg);
	}
	return send_end(p);
}

bool pg_pipeline_send(struct pg_pipeline *p, struct pg_tx *tx)
{
	size_t most = 2 * (size_t)tx->count + EXTRA_STEPS;

	ensure(p->tx == NULL);
	p->tx = tx;
	p->steps = arena_alloc(tx->arena, most * sizeof(*p->steps));
	p->step_count = 0;
	p->at = 0;
	p->next = 0;
	p->ended = false;
	return send_preamble(p) && pg_pipeline_continue(p);
}

static const char *field(const PGresult *result, int code)
{
	const char *value = PQresultErrorField(result, code);

	return value != NULL ? value : "";
}

static bool is_fatal(const PGresult *result)
{
	const char *severity = field(result, PG_DIAG_SEVERITY_NONLOCALIZED);

	return strcmp(severity, "FATAL") == 0 || strcmp(severity, "PANIC") == 0;
}

/* True: the connection has to go. */
static bool take_error(struct pg_pipeline *p, const struct pg_step *step,
                       const PGresult *result)
{
	const char *sqlstate = field(result, PG_DIAG_SQLSTATE);
	struct pg_verdict verdict = pg_error_verdict(sqlstate);
	struct pg_outcome *outcome = &p->tx->outcome;

	if (is_fatal(result))
		verdict = (struct pg_verdict){ PG_ERROR_LOST, true };
	if (outcome->error != PG_OK)
		return verdict.drop;
	pg_tx_fail(p->tx, verdict.kind, "%s",
	           sqlstate[0] ? field(result, PG_DIAG_MESSAGE_PRIMARY)
	                       : PQresultErrorMessage(result));
	(void)snprintf(outcome->sqlstate, sizeof(outcome->sqlstate), "%s",
	               sqlstate);
	outcome->failed = step->statement;
	return verdict.drop;
}

static void take_success(struct pg_pipeline *p, const struct pg_step *step,
                         PGresult *result)
{
	switch (step->kind) {
	case STEP_PREPARE:
		find_known(p, step->sql)->ready = true;
		break;
	case STEP_STATEMENT:
		p->tx->rows[step->statement].result = result;
		return;
	case STEP_COMMAND:
	case STEP_SYNC:
		break;
	}
	PQclear(result);
}

/* True: the connection has to go. Owns result. */
static bool take_result(struct pg_pipeline *p, PGresult *result)
{
	const struct pg_step *step = &p->steps[p->at++];
	ExecStatusType status = PQresultStatus(result);
	bool drop = false;

	if (status == PGRES_FATAL_ERROR) {
		drop = take_error(p, step, result);
	} else if (status == PGRES_PIPELINE_ABORTED) {
		drop = p->tx->outcome.error == PG_OK;
	} else if ((status == PGRES_PIPELINE_SYNC) !=
	           (step->kind == STEP_SYNC)) {
		pg_tx_fail(p->tx, PG_ERROR_LOST, "out of step with the server");
		drop = true;
	} else if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ||
	           status == PGRES_PIPELINE_SYNC) {
		take_success(p, step, result);
		return false;
	} else {
		pg_tx_fail(p->tx, PG_ERROR_REFUSED,
		           "a statement of this kind cannot be run here (%s)",
		           PQresStatus(status));
		drop = true;
	}
	PQclear(result);
	return drop;
}

static enum pg_progress finish(struct pg_pipeline *p)
{
	struct pg_tx *tx = p->tx;

	p->tx = NULL;
	forget_unready(p);
	if (PQtransactionStatus(p->pg) != PQTRANS_IDLE) {
		pg_tx_fail(tx, PG_ERROR_REFUSED,
		           "the statements left a transaction open");
		return PG_PROGRESS_DROP;
	}
	if (tx->outcome.error == PG_OK)
		pg_tx_succeed(tx);
	return PG_PROGRESS_DONE;
}

enum pg_progress pg_pipeline_read(struct pg_pipeline *p)
{
	int separators = 0;

	while (p->at < p->step_count) {
		PGresult *result;

		if (PQisBusy(p->pg))
			return PG_PROGRESS_WAIT;
		result = PQgetResult(p->pg);
		/* A NULL ends each statement; two are one too many. */
		if (result == NULL) {
			if (++separators < 3)
				continue;
			pg_tx_fail(p->tx, PG_ERROR_LOST,
			           "out of step with the server");
			return PG_PROGRESS_DROP;
		}
		separators = 0;
		if (take_result(p, result))
			return PG_PROGRESS_DROP;
	}
	return p->ended ? finish(p) : PG_PROGRESS_WAIT;
}
