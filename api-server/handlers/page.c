/* Files of the page, from memory. */
#include "api-server/handlers/route_tables.h"

#include "api-server/context.h"
#include "api-server/http/files.h"
#include "api-server/http/reply.h"
#include "api-server/http/request.h"
#include "api-server/settings.h"

static void page_show(struct request *rq);

const struct route page_routes[] = { { "GET", "*", .handle = page_show,
	                               .open = true, .any_query = true },
	                             { 0 } };

static void page_show(struct request *rq)
{
	const struct context *context = request_context(rq);
	const struct str path = request_path(rq);
	struct body *body = files_find(context->files, path);

	if (body != NULL)
		reply_body(rq, 200, body);
	else if (str_is(path, "/"))
		reply_problem(rq, "not-found",
		              "The page is missing: there is no index.html in "
		              "%s (web.root). The API is under /v1.",
		              context->settings->web_root);
	else
		reply_problem(rq, "not-found", "There is no %.*s here.",
		              path.n < 200 ? (int)path.n : 200, path.p);
}
