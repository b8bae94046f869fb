/*
 * Match choices. Each is one transaction that ends with the film as
 * GET /v1/films/{id} shows it; the order of the statements is that of
 * sql/queries/choice/.
 */
#include "api-server/handlers/route_tables.h"

#include <inttypes.h>

#include "api-server/handlers/match_choice.h"
#include "api-server/handlers/params.h"
#include "api-server/http/reply.h"
#include "api-server/http/request.h"
#include "api-server/http/request_run.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/json/json_read.h"
#include "gen/sql.h"

#define BODY_BYTES_MAX 4096

static const struct request_expect refusals[] = {
	{ "RW002", "not-found", false },
	{ 0 },
};

static int64_t film_of(const struct request *rq)
{
	return request_param_int(rq, "id", 0);
}

static void changed(struct request *rq, const struct pg_outcome *outcome)
{
	const struct pg_rows *film = outcome->results[outcome->count - 1];
	const struct match_choice *choice = request_data(rq);

	ensure(pg_count(film) == 1);
	log_info(choice != NULL ? "match chosen" : "choice of match cleared",
	         REQUEST_LOG(rq), log_int("film", film_of(rq)),
	         log_str("choice", choice != NULL ? choice->ref : NULL));
	reply_json(rq, 200, pg_text(film, 0, "body"),
	           pg_text_len(film, 0, "body"));
}

/* The member is locked by a statement of its own: the next one sees what an
 * import has left that it waited for. */
static void add_begin(struct pg_tx *tx, const struct request *rq)
{
	pg_tx_add(tx, &SQL_IMPORT_LOCK);
	pg_tx_add(tx, &SQL_CHOICE_BEGIN);
	PG_INT(tx, SQL_CHOICE_BEGIN, FILM, film_of(rq));
}

static void add_show(struct pg_tx *tx, const struct request *rq)
{
	pg_tx_add(tx, &SQL_FILM_SHOW);
	PG_INT(tx, SQL_FILM_SHOW, FILM, film_of(rq));
}

static void choose(struct request *rq, const struct match_choice *choice)
{
	const char *ref = choice->ref[0] != '\0' ? choice->ref : NULL;
	struct pg_tx *tx = request_tx(rq);

	add_begin(tx, rq);
	pg_tx_add(tx, &SQL_CHOICE_ADD_TARGET);
	PG_TEXT(tx, SQL_CHOICE_ADD_TARGET, REF, ref);
	pg_tx_add(tx, &SQL_CHOICE_SET);
	PG_INT(tx, SQL_CHOICE_SET, FILM, film_of(rq));
	PG_TEXT(tx, SQL_CHOICE_SET, REF, ref);
	pg_tx_add(tx, &SQL_CHOICE_ENQUEUE);
	PG_INT(tx, SQL_CHOICE_ENQUEUE, FILM, film_of(rq));
	add_show(tx, rq);
	request_run_expecting(rq, tx, changed, refusals);
}

/* {"choice": TEXT} and nothing else; NULL: a problem has been replied. */
static const char *choice_text(struct request *rq)
{
	const struct json *body;
	const char *text;

	if (!request_json(rq, &body))
		return NULL;
	text = json_as_string(json_get(body, "choice"), NULL);
	if (text != NULL && body->len == 1)
		return text;
	reply_problem(rq, "bad-json",
	              "The body must be an object with the one member "
	              "\"choice\", a string, like {\"choice\": "
	              "\"tmdb:550\"}.");
	return NULL;
}

static void put_match(struct request *rq)
{
	struct match_choice *choice =
		arena_alloc(request_arena(rq), sizeof(*choice));
	const char *text = choice_text(rq);
	struct error err;

	if (text == NULL)
		return;
	if (!match_choice_read(str_of(text), choice, &err)) {
		reply_problem(rq, "bad-choice", "%s.", err.message);
		return;
	}
	request_set_data(rq, choice);
	choose(rq, choice);
}

static void delete_match(struct request *rq)
{
	struct pg_tx *tx = request_tx(rq);

	add_begin(tx, rq);
	pg_tx_add(tx, &SQL_CHOICE_CLEAR);
	PG_INT(tx, SQL_CHOICE_CLEAR, FILM, film_of(rq));
	add_show(tx, rq);
	request_run_expecting(rq, tx, changed, refusals);
}

static const struct param id_params[] = { { .name = "id", IS_ID } };

const struct route match_routes[] = {
	{ .method = "PUT",
	  .path = "/v1/films/{id}/match",
	  ROUTE_PARAMS(id_params),
	  .handle = put_match,
	  .body_max = BODY_BYTES_MAX },
	{ .method = "DELETE",
	  .path = "/v1/films/{id}/match",
	  ROUTE_PARAMS(id_params),
	  .handle = delete_match },
	{ 0 },
};
