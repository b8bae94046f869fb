/*
 * The table of problems: what can go wrong, under which status and title.
 * The order is by status.
 */
#include "api-server/http/problem.h"

#include <string.h>

#include "common/base/mem.h"
#include "common/json/json_write.h"

const struct problem problems[] = {
	{ "bad-request", 400, "The request cannot be read" },
	{ "bad-parameter", 400, "A parameter is unknown or wrong" },
	{ "bad-json", 400, "The body is not the JSON that is expected here" },
	{ "empty-body", 400, "Nothing was uploaded" },
	{ "bad-multipart", 400, "The upload's form cannot be read" },
	{ "bad-host", 403, "This server does not answer under that name" },
	{ "cross-site", 403, "Another site may not change anything here" },
	{ "not-found", 404, "There is nothing here" },
	{ "method-not-allowed", 405, "That method is not for this address" },
	{ "too-slow", 408, "The request came too slowly" },
	{ "unconfirmed", 409, "The import waits for a confirmation" },
	{ "cannot-undo", 409, "The import cannot be undone" },
	{ "library-not-empty", 409,
	  "The sample is for an empty library; this one is in use" },
	{ "too-large", 413, "The body is too large" },
	{ "zip-bomb", 413, "The ZIP unpacks to far more than its size" },
	{ "too-many-entries", 413, "The upload holds too many files" },
	{ "too-many-lists", 413, "The export holds too many lists" },
	{ "too-many-rows", 413, "The export holds too many rows" },
	{ "too-costly", 413, "The upload takes too much memory" },
	{ "address-too-long", 414, "The address is too long" },
	{ "unsupported-media-type", 415,
	  "That kind of body is not taken here" },
	{ "unsupported-type", 415, "That kind of file is not imported" },
	{ "bad-expectation", 417, "What the request expects is not done here" },
	{ "not-a-zip", 422, "The upload is not a ZIP" },
	{ "damaged-zip", 422, "The ZIP is damaged" },
	{ "zip-encrypted", 422, "The ZIP is encrypted" },
	{ "zip-method", 422, "The ZIP is packed in an unknown way" },
	{ "bad-path", 422, "The ZIP names files outside itself" },
	{ "duplicate-file", 422, "The upload holds a file twice" },
	{ "not-an-export", 422, "The upload is not a Letterboxd export" },
	{ "unnamed-csv", 422, "It is not clear which file of an export it is" },
	{ "bad-choice", 422, "The choice does not name a title" },
	{ "unreadable-csv", 422, "A file of the export cannot be read" },
	{ "headers-too-large", 431, "The headers are too large" },
	{ "internal", 500, "The server made a mistake" },
	{ "not-implemented", 501, "This server does not do that" },
	{ "busy", 503, "The server has too much to do" },
	{ "database-unavailable", 503, "The database does not answer" },
	{ "outcome-unknown", 503, "It is unknown whether this was done" },
	{ "try-again", 503, "The database could not finish this now" },
	{ "shutting-down", 503, "The server is being stopped" },
	{ "unknown-version", 505, "This server speaks HTTP/1.1" },
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
