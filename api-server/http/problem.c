/*
 * The table of problems: what can go wrong, under which status and title.
 * The order is by status.
 */
#include "api-server/http/problem.h"

#include <string.h>

#include "common/json_write.h"
#include "common/mem.h"

const struct problem problems[] = {
	{ "bad-request", 400, "The request cannot be understood" },
	{ "bad-parameter", 400, "A parameter is unknown or wrong" },
	{ "bad-json", 400, "The body is not the JSON that is expected here" },
	{ "bad-host", 403, "This server does not answer under that name" },
	{ "cross-site", 403, "Another site may not change anything here" },
	{ "not-found", 404, "There is nothing here" },
	{ "method-not-allowed", 405, "That method is not for this address" },
	{ "conflict", 409, "The request contradicts what is there" },
	{ "too-large", 413, "The body is too large" },
	{ "unsupported-media-type", 415,
	  "That kind of body is not taken here" },
	{ "unprocessable", 422, "The content cannot be used" },
	{ "internal", 500, "The server made a mistake" },
	{ "busy", 503, "The server has too much to do" },
	{ "database-unavailable", 503, "The database does not answer" },
	{ "outcome-unknown", 503, "It is unknown whether this was done" },
	{ "try-again", 503, "The request collided with another one" },
	{ "shutting-down", 503, "The server is being stopped" },
	{ 0 }
};

const struct problem *problem_find(const char *name)
{
	const struct problem *p = problems;

	while (p->name != NULL && strcmp(p->name, name) != 0)
		p++;
	ensure(p->name != NULL);
	return p;
}

void problem_write(struct buf *out, const struct problem *problem,
                   const char *detail, const char *request_id)
{
	char *type = xasprintf("/problems/%s", problem->name);
	struct json_writer *w = json_writer_new(out);

	json_object_begin(w);
	json_key(w, "type");
	json_string(w, type);
	json_key(w, "title");
	json_string(w, problem->title);
	json_key(w, "status");
	json_int(w, problem->status);
	json_key(w, "detail");
	json_string(w, detail);
	json_key(w, "request");
	json_string(w, request_id);
	json_object_end(w);
	json_writer_end(&w);
	free(type);
}
