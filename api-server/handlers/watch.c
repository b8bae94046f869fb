/*
 * Viewings, and the member's choice of the film that one is of: exports name
 * only title and year.
 */
#include "api-server/handlers/route_tables.h"

#include "api-server/handlers/params.h"
#include "api-server/http/reply.h"
#include "api-server/http/request.h"
#include "api-server/http/request_run.h"
#include "common/base/log.h"
#include "common/json/json_read.h"
#include "gen/sql.h"

#define BODY_BYTES_MAX 1024

/* --- the film of a viewing --- */

static const struct request_expect refusals[] = {
	{ "RW002", "not-found", false },
	{ "RW004", "bad-choice", true },
	{ 0 },
};

static void chosen(struct request *rq, const struct pg_outcome *outcome)
{
	(void)outcome;
	log_info("film of a viewing chosen", REQUEST_LOG(rq),
	         log_int("watch", request_param_int(rq, "id", 0)));
	reply_empty(rq, 204);
}

/* Undated viewings, ratings and empty entries follow from the viewings. */
static void choose(struct request *rq, int64_t film)
{
	struct pg_tx *tx = request_tx(rq);

	pg_tx_add(tx, &SQL_IMPORT_LOCK);
	pg_tx_add(tx, &SQL_WATCH_CHOOSE);
	PG_INT(tx, SQL_WATCH_CHOOSE, WATCH, request_param_int(rq, "id", 0));
	if (film > 0)
		PG_INT(tx, SQL_WATCH_CHOOSE, FILM, film);
	else
		PG_NULL(tx, SQL_WATCH_CHOOSE, FILM, INT);
	pg_tx_add(tx, &SQL_IMPORT_SYNC_UNDATED);
	pg_tx_add(tx, &SQL_IMPORT_RATINGS);
	pg_tx_add(tx, &SQL_IMPORT_PRUNE);
	request_run_expecting(rq, tx, chosen, refusals);
}

static void put_film(struct request *rq)
{
	const struct json *body;
	int64_t film;

	if (!request_json(rq, &body))
		return;
	film = json_as_int(json_get(body, "film"), 0);
	if (film > 0 && body->len == 1)
		choose(rq, film);
	else
		reply_problem(rq, "bad-json",
		              "The body must be an object with the one member "
		              "\"film\", the id of a film, like "
		              "{\"film\": 17}.");
}

static void delete_film(struct request *rq)
{
	choose(rq, 0);
}

/* --- routes --- */

static const struct param id_params[] = { { .name = "id", IS_ID } };

static const struct param list_params[] = {
	BIND_YEAR(SQL_WATCH_LIST, YEAR),
	BIND_DATE(SQL_WATCH_LIST, FROM),
	BIND_DATE(SQL_WATCH_LIST, TO),
	BIND_ID(SQL_WATCH_LIST, FILM),
	BIND_FLAG(SQL_WATCH_LIST, REWATCH),
	BIND_FLAG(SQL_WATCH_LIST, RATED),
	BIND_TEXT(SQL_WATCH_LIST, TAG),
	BIND_CHOICE(SQL_WATCH_LIST, SOURCE, "diary|reviews|watched|orphaned"),
	BIND_CURSOR(SQL_WATCH_LIST, AFTER),
	BIND_LIMIT(SQL_WATCH_LIST, LIMIT),
};

const struct route watch_routes[] = {
	{ .method = "GET",
	  .path = "/v1/watches",
	  ROUTE_STATEMENT(SQL_WATCH_LIST, list_params) },
	{ .method = "PUT",
	  .path = "/v1/watches/{id}/film",
	  ROUTE_PARAMS(id_params),
	  .handle = put_film,
	  .body_max = BODY_BYTES_MAX },
	{ .method = "DELETE",
	  .path = "/v1/watches/{id}/film",
	  ROUTE_PARAMS(id_params),
	  .handle = delete_film },
	{ 0 },
};
