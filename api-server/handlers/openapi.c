/* The description of the API, compiled in. */
#include "api-server/handlers/route_tables.h"

#include "api-server/http/reply.h"
#include "api-server/http/request.h"
#include "gen/embed.h"

static void openapi_show(struct request *rq);

const struct route openapi_routes[] = {
	{ .method = "GET",
	  .path = "/v1/openapi.json",
	  .handle = openapi_show,
	  .open = true },
	{ 0 },
};

static void openapi_show(struct request *rq)
{
	reply_json(rq, 200, EMBED_OPENAPI_JSON, EMBED_OPENAPI_JSON_LEN);
}
