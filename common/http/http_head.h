#ifndef COMMON_HTTP_HTTP_HEAD_H
#define COMMON_HTTP_HTTP_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/attr.h"
#include "common/base/error.h"
#include "common/base/str.h"

/*
 * The head of an HTTP/1.x request: request line and header fields. Read
 * strictly (RFC 9112, and where it lets a server choose, the refusal): two
 * programs on the way must not be able to read one head in two ways. Pure.
 */
#define HTTP_HEAD_MAX   16384 /* bytes, the empty line included */
#define HTTP_FIELDS_MAX 100
#define HTTP_LENGTH_MAX (INT64_C(1) << 50)

/* What a request is refused for before anybody has looked at its meaning. */
enum http_refusal {
	HTTP_BAD_REQUEST,
	HTTP_TOO_SLOW,
	HTTP_BODY_TOO_LARGE,
	HTTP_TARGET_TOO_LONG,
	HTTP_BAD_EXPECTATION,
	HTTP_HEAD_TOO_LARGE,
	HTTP_UNKNOWN_METHOD,
	HTTP_UNKNOWN_CODING,
	HTTP_UNKNOWN_VERSION,
	HTTP_NO_ROOM, /* too many bytes or connections of all clients */
	HTTP_STOPPING,
	HTTP_REFUSALS
};

/* RFC 9110, 15. */
int http_refusal_status(enum http_refusal why);

struct http_field {
	const char *name;
	const char *value;
};

/* All text points into the bytes that were parsed, with a NUL behind each. */
struct http_head {
	const char *method; /* constant text: GET, HEAD, POST ... */
	struct str path;    /* "/...", encoded, or "*" of OPTIONS */
	const char *query;  /* behind the '?'; NULL: none */
	int64_t length;     /* of the body; 0: none, or chunked */
	bool chunked;
	bool old;        /* HTTP/1.0 */
	bool keep_alive; /* the client may ask again on this connection */
	bool expects;    /* waits for "100 Continue" before its body */
	int nfields;
	struct http_field fields[HTTP_FIELDS_MAX];
};

/*
 * Bytes of the head that p begins with, its empty line included; 0 when it has
 * not all come. The first `seen` bytes were looked at by an earlier call.
 */
size_t http_head_end(const char *p, size_t n, size_t seen);

/*
 * Reads the n bytes of a whole head; text is written to. False: why_r and err
 * say what is wrong, and what could be read until then is in head (method NULL
 * when not even that).
 */
bool http_head_parse(struct http_head *head, char *text, size_t n,
                     enum http_refusal *why_r, struct error *err) MUST_CHECK;

/* NULL when absent. Of several of one name the first. */
const char *http_head_field(const struct http_head *head, const char *name);

#endif
