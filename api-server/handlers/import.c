/*
 * Imports. An upload is read on the import thread, which leaves a
 * transaction; the loop runs it and passes its report on.
 */
#include "api-server/handlers/route_tables.h"

#include <malloc.h>

#include "api-server/context.h"
#include "api-server/handlers/params.h"
#include "api-server/http/problem.h"
#include "api-server/http/reply.h"
#include "api-server/http/request.h"
#include "api-server/http/request_run.h"
#include "api-server/import/import_log.h"
#include "api-server/import/import_task.h"
#include "api-server/settings.h"
#include "common/base/arena.h"
#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "gen/sql.h"

/*
 * Imports and undos between arrival and the end of their reply. Bounded by
 * import.concurrent, since one that waits for another of its member holds a
 * connection of the pool meanwhile.
 */
static int64_t running;

/* Of a request; what the operator is to know of it in the end. */
struct attempt {
	const struct request *rq;
	struct import_log log;
	bool runs; /* counted in running */
};

static void tell_problem(const struct attempt *a)
{
	const char *detail;
	const struct problem *problem = request_problem(a->rq, &detail);

	if (problem != NULL)
		import_log_not_done(&a->log,
		                    problem->status < 500 ? IMPORT_REFUSED
		                                          : IMPORT_FAILED,
		                    problem->name, detail);
}

/* The rows were many small pieces: malloc() would keep their pages. */
static void ended_cb(void *arg)
{
	struct attempt *a = arg;

	tell_problem(a);
	if (!a->runs)
		return;
	running--;
	(void)malloc_trim(0);
}

/* Told of in the log when the request is over. */
static struct attempt *attempt_new(struct request *rq)
{
	struct attempt *a = arena_alloc(request_arena(rq), sizeof(*a));

	*a = (struct attempt){
		.rq = rq,
		.log = { .request = request_id(rq),
		         .begun_ms = clock_ms(),
		         .bytes = request_length(rq) },
	};
	request_set_data(rq, a);
	request_at_end(rq, ended_cb, a);
	return a;
}

static bool check_slot(struct request *rq)
{
	if (running < request_context(rq)->settings->import.concurrent)
		return true;
	reply_problem(rq, "busy",
	              "%lld other imports are running; send the request again "
	              "in a few seconds.",
	              (long long)running);
	return false;
}

/* Counts one more until the end of its reply; false: there are too many, and it
 * is answered. */
static bool begin(struct request *rq, struct attempt *a)
{
	if (!check_slot(rq))
		return false;
	running++;
	a->runs = true;
	return true;
}

/* --- create --- */

static const struct request_expect refusals[] = {
	{ MERGE_OWN_LIBRARY, "library-not-empty", false },
	{ MERGE_UNCONFIRMED, "unconfirmed", true },
	{ 0 },
};

static void merged(struct request *rq, const struct pg_outcome *outcome)
{
	const struct pg_rows *totals = outcome->results[outcome->count - 1];
	const struct pg_rows *report = outcome->results[outcome->count - 2];
	const bool dry_run = request_param_bool(rq, "dry_run");
	const struct attempt *a = request_data(rq);

	ensure(pg_count(report) == 1);
	import_log_done(&a->log, dry_run ? IMPORT_TRIED : IMPORT_COMMITTED,
	                totals);
	reply_json(rq, dry_run ? 200 : 201, pg_text(report, 0, "body"),
	           pg_text_len(report, 0, "body"));
}

static void finish_import(struct import_task *import)
{
	struct request *rq = import->owner;

	if (import->failed) {
		reply_problem(rq, upload_problem_name(import->problem.type),
		              "%s.", import->problem.error.message);
	} else if (import->tx != NULL) {
		struct pg_tx *tx = import->tx;

		import->tx = NULL;
		pg_tx_add(tx, &SQL_IMPORT_TOTALS);
		PG_NULL(tx, SQL_IMPORT_TOTALS, IMPORT, INT);
		request_run_expecting(rq, tx, merged, refusals);
	} else {
		reply_problem(rq, "shutting-down",
		              "The server was stopped before it read the "
		              "upload; nothing was changed.");
	}
}

static void import_done_cb(struct task *task)
{
	struct import_task *import = (struct import_task *)task;

	finish_import(import);
	import_task_free(&import);
}

static void submit(struct request *rq, const struct import_settings *settings)
{
	const struct import_task_source source = {
		.body = request_body(rq),
		.content_type = request_header(rq, "Content-Type"),
		.file_name = request_param(rq, "file_name"),
	};
	const struct merge_order order = {
		.member = request_member(rq),
		.dry_run = request_param_bool(rq, "dry_run"),
		.confirm = request_param_bool(rq, "confirm"),
		.sample = request_param_bool(rq, "sample"),
		.deadline_ms = settings->deadline,
	};
	struct import_task *import = import_task_new(&source, &settings->limits,
	                                             &order, import_done_cb);

	request_drop_body(rq);
	if (import != NULL) {
		import->owner = rq;
		if (task_thread_submit(request_context(rq)->import_thread,
		                       &import->task))
			return;
	}
	import_task_free(&import);
	reply_problem(rq, "busy",
	              "There is no room for another upload; send it again in a "
	              "few seconds.");
}

static void create(struct request *rq)
{
	struct attempt *a = request_data(rq);

	a->log.member = request_member(rq);
	a->log.bytes = request_body(rq).n;
	if (begin(rq, a))
		submit(rq, &request_context(rq)->settings->import);
}

/* An upload that would be refused is not read. */
static bool create_gate(struct request *rq, size_t *body_max_r)
{
	const struct import_settings *settings =
		&request_context(rq)->settings->import;
	struct attempt *a = attempt_new(rq);

	a->log.file = request_param(rq, "file_name");
	*body_max_r = (size_t)settings->upload_max;
	return check_slot(rq);
}

/* --- undo --- */

static const struct request_expect undo_refusals[] = {
	{ "RW002", "not-found", false },
	{ "RW004", "cannot-undo", true },
	{ 0 },
};

static void undone(struct request *rq, const struct pg_outcome *outcome)
{
	const struct pg_rows *totals = outcome->results[outcome->count - 1];
	const struct pg_rows *report = outcome->results[outcome->count - 2];
	const struct attempt *a = request_data(rq);

	ensure(pg_count(report) == 1);
	import_log_done(&a->log, IMPORT_UNDONE, totals);
	reply_json(rq, 200, pg_text(report, 0, "body"),
	           pg_text_len(report, 0, "body"));
}

/* Films that come back may have lost their jobs meanwhile. */
static void undo(struct request *rq)
{
	const struct import_settings *settings =
		&request_context(rq)->settings->import;
	const int64_t import = request_param_int(rq, "id", 0);
	struct attempt *a = attempt_new(rq);

	a->log.member = request_member(rq);
	if (!begin(rq, a))
		return;
	struct pg_tx *tx = request_tx(rq);
	pg_tx_deadline(tx, settings->deadline);
	pg_tx_add(tx, &SQL_IMPORT_SETTINGS);
	PG_INT(tx, SQL_IMPORT_SETTINGS, LOCK_MS, settings->deadline / 2);
	pg_tx_add(tx, &SQL_IMPORT_FRESH_PLANS);
	pg_tx_add(tx, &SQL_IMPORT_LOCK);
	pg_tx_add(tx, &SQL_IMPORT_UNDO_CHECK);
	PG_INT(tx, SQL_IMPORT_UNDO_CHECK, IMPORT, import);
	pg_tx_add(tx, &SQL_IMPORT_UNDO);
	PG_INT(tx, SQL_IMPORT_UNDO, IMPORT, import);
	/* What the member has chosen since then may hold on. */
	pg_tx_add(tx, &SQL_IMPORT_SYNC_UNDATED);
	pg_tx_add(tx, &SQL_IMPORT_RATINGS);
	pg_tx_add(tx, &SQL_IMPORT_PRUNE);
	pg_tx_add(tx, &SQL_IMPORT_FILMS_TO_ENRICH);
	pg_tx_add(tx, &SQL_IMPORT_ENQUEUE);
	pg_tx_add(tx, &SQL_IMPORT_REPORT);
	PG_INT(tx, SQL_IMPORT_REPORT, IMPORT, import);
	pg_tx_add(tx, &SQL_IMPORT_TOTALS);
	PG_INT(tx, SQL_IMPORT_TOTALS, IMPORT, import);
	request_run_expecting(rq, tx, undone, undo_refusals);
}

/* --- clear --- */

static void cleared(struct request *rq, const struct pg_outcome *outcome)
{
	(void)outcome;
	log_info("library cleared", REQUEST_LOG(rq));
	reply_empty(rq, 204);
}

static void clear_library(struct request *rq)
{
	struct pg_tx *tx = request_tx(rq);

	pg_tx_add(tx, &SQL_IMPORT_FRESH_PLANS);
	pg_tx_add(tx, &SQL_IMPORT_LOCK);
	pg_tx_add(tx, &SQL_LIBRARY_CLEAR);
	request_run(rq, tx, cleared);
}

/* --- routes --- */

static const struct param create_params[] = {
	{ .name = "dry_run", .type = PARAM_BOOL },
	{ .name = "confirm", .type = PARAM_BOOL },
	{ .name = "sample", .type = PARAM_BOOL },
	{ .name = "file_name", .type = PARAM_TEXT, .max = 255 },
};

static const struct param list_params[] = {
	BIND_ID(SQL_IMPORT_LIST, AFTER),
	BIND_LIMIT(SQL_IMPORT_LIST, LIMIT),
};

static const struct param show_params[] = {
	BIND_PATH_ID(SQL_IMPORT_REPORT, IMPORT),
};

static const struct param films_params[] = {
	BIND_PATH_ID(SQL_IMPORT_FILMS_PAGE, IMPORT),
	BIND_CHOICE(SQL_IMPORT_FILMS_PAGE, CHANGE, "came|changed|gone"),
	BIND_CURSOR(SQL_IMPORT_FILMS_PAGE, AFTER),
	BIND_LIMIT(SQL_IMPORT_FILMS_PAGE, LIMIT),
};

static const struct param undo_params[] = {
	{ .name = "id", IS_ID },
};

/* A path or a reason as the report has it. */
#define IS_OF_REPORT .type = PARAM_TEXT, .max = 2000

static const struct param rows_params[] = {
	BIND_PATH_ID(SQL_IMPORT_ROWS, IMPORT),
	BIND_CHOICE(SQL_IMPORT_ROWS, OUTCOME, "rejected|ambiguous"),
	BIND(SQL_IMPORT_ROWS, FILE, TEXT, IS_OF_REPORT),
	BIND(SQL_IMPORT_ROWS, REASON, TEXT, IS_OF_REPORT),
	BIND_ID(SQL_IMPORT_ROWS, AFTER),
	BIND_LIMIT(SQL_IMPORT_ROWS, LIMIT),
};

const struct route import_routes[] = {
	{ .method = "POST",
	  .path = "/v1/imports",
	  ROUTE_PARAMS(create_params),
	  .handle = create,
	  .gate = create_gate },
	{ .method = "GET",
	  .path = "/v1/imports",
	  ROUTE_STATEMENT(SQL_IMPORT_LIST, list_params) },
	{ .method = "GET",
	  .path = "/v1/imports/{id}",
	  ROUTE_STATEMENT(SQL_IMPORT_REPORT, show_params) },
	{ .method = "GET",
	  .path = "/v1/imports/{id}/rows",
	  ROUTE_STATEMENT(SQL_IMPORT_ROWS, rows_params) },
	{ .method = "GET",
	  .path = "/v1/imports/{id}/films",
	  ROUTE_STATEMENT(SQL_IMPORT_FILMS_PAGE, films_params) },
	{ .method = "POST",
	  .path = "/v1/imports/{id}/undo",
	  ROUTE_PARAMS(undo_params),
	  .handle = undo },
	{ .method = "DELETE", .path = "/v1/library", .handle = clear_library },
	{ 0 },
};
