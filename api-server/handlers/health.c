/* Alive, ready, and the metrics. */
#include "api-server/handlers/route_tables.h"

#include "api-server/context.h"
#include "api-server/http/reply.h"
#include "api-server/http/request.h"
#include "common/process/metrics.h"

#define METRICS_MAX 262144
#define PROBE       .open = true, .probe = true

static void health_alive(struct request *rq);
static void health_ready(struct request *rq);
static void health_metrics(struct request *rq);

const struct route health_routes[] = {
	{ "GET", "/healthz", .handle = health_alive, PROBE },
	{ "GET", "/readyz", .handle = health_ready, PROBE },
	{ "GET", "/metrics", .handle = health_metrics, PROBE },
	{ 0 }
};

static void health_alive(struct request *rq)
{
	const struct str text = STR_LIT("{\"status\":\"alive\"}\n");

	reply_json(rq, 200, text.p, text.n);
}

static void health_ready(struct request *rq)
{
	const struct str text = STR_LIT("{\"status\":\"ready\"}\n");
	const char *why;

	if (request_context(rq)->ready(&why))
		reply_json(rq, 200, text.p, text.n);
	else
		reply_problem(rq, "database-unavailable",
		              "There is no connection to the database: %s.",
		              why);
}

static void health_metrics(struct request *rq)
{
	struct buf text;

	buf_init(&text, METRICS_MAX);
	metrics_write(&text);
	if (buf_overflowed(&text))
		reply_problem(rq, "internal",
		              "The metrics have more than %d bytes.",
		              METRICS_MAX);
	else
		reply_buf(rq, 200, "text/plain; version=0.0.4; charset=utf-8",
		          &text);
	buf_deinit(&text);
}
