/* Progress for the page while films are enriched. */
#include "api-server/handlers/route_tables.h"

#include "api-server/context.h"
#include "api-server/http/request.h"
#include "api-server/progress/topics.h"

static void events_subscribe(struct request *rq)
{
	topics_subscribe(request_context(rq)->topics, rq);
}

const struct route events_routes[] = {
	{ "GET", "/v1/enrichment/events", .handle = events_subscribe }, { 0 }
};
