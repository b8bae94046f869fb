/*
 * One line after the other. What several servers read differently is refused:
 * lines that end in LF alone, folded fields, blanks before a colon, NUL and
 * other control characters, lengths that are given twice or beside a coding.
 */
#include "common/http/http_head.h"

#include <string.h>
#include <strings.h>

/* CONNECT and TRACE are for proxies. */
static const char *const methods[] = { "GET",    "HEAD",  "POST",   "PUT",
	                               "DELETE", "PATCH", "OPTIONS" };

static const int statuses[HTTP_REFUSALS] = {
	[HTTP_BAD_REQUEST] = 400,     [HTTP_TOO_SLOW] = 408,
	[HTTP_BODY_TOO_LARGE] = 413,  [HTTP_TARGET_TOO_LONG] = 414,
	[HTTP_BAD_EXPECTATION] = 417, [HTTP_HEAD_TOO_LARGE] = 431,
	[HTTP_UNKNOWN_METHOD] = 501,  [HTTP_UNKNOWN_CODING] = 501,
	[HTTP_UNKNOWN_VERSION] = 505, [HTTP_NO_ROOM] = 503,
	[HTTP_STOPPING] = 503,
};

struct reader {
	struct http_head *head;
	enum http_refusal why;
	struct error *err;
	const char *host;
	const char *length;
	const char *coding;
};

static bool read_request_line(struct reader *r, char *line, size_t n);
static bool read_field(struct reader *r, char *line, size_t n);
static bool read_fields_of_connection(struct reader *r);

/* Always false. */
static bool refuse(struct reader *r, enum http_refusal why, const char *text)
{
	r->why = why;
	return error_set(r->err, "%s", text);
}

int http_refusal_status(enum http_refusal why)
{
	return statuses[why];
}

size_t http_head_end(const char *p, size_t n, size_t seen)
{
	/* An end that began among the bytes seen is found again. */
	size_t i = seen > 3 ? seen - 3 : 0;

	for (; i + 1 < n; i++) {
		const char *lf = memchr(p + i, '\n', n - 1 - i);
		if (lf == NULL)
			return 0;
		i = (size_t)(lf - p);
		if (p[i + 1] == '\n')
			return i + 2;
		if (i + 2 < n && p[i + 1] == '\r' && p[i + 2] == '\n')
			return i + 3;
	}
	return 0;
}

/* The line that *text begins with, without its CRLF; false: it ends in LF
 * alone, or a CR stands elsewhere. */
static bool cut_line(char **text, size_t *n, char **line, size_t *len)
{
	char *lf = memchr(*text, '\n', *n);

	*line = *text;
	if (lf == NULL || lf == *text || lf[-1] != '\r')
		return false;
	*len = (size_t)(lf - 1 - *line);
	lf[-1] = '\0';
	*n -= (size_t)(lf + 1 - *text);
	*text = lf + 1;
	return memchr(*line, '\r', *len) == NULL;
}

static bool parse(struct reader *r, char *text, size_t n)
{
	char *line;
	size_t len;

	if (!cut_line(&text, &n, &line, &len))
		return refuse(r, HTTP_BAD_REQUEST,
		              "The request line must end in CR and LF.");
	if (!read_request_line(r, line, len))
		return false;
	for (;;) {
		if (!cut_line(&text, &n, &line, &len))
			return refuse(r, HTTP_BAD_REQUEST,
			              "Each header line must end in CR and "
			              "LF, and hold no other CR.");
		if (len == 0)
			return read_fields_of_connection(r);
		if (!read_field(r, line, len))
			return false;
	}
}

bool http_head_parse(struct http_head *head, char *text, size_t n,
                     enum http_refusal *why_r, struct error *err)
{
	struct reader r = { .head = head, .err = err };

	*head = (struct http_head){ .path = STR_LIT("") };
	if (parse(&r, text, n))
		return true;
	*why_r = r.why;
	return false;
}

const char *http_head_field(const struct http_head *head, const char *name)
{
	for (int i = 0; i < head->nfields; i++) {
		if (strcasecmp(head->fields[i].name, name) == 0)
			return head->fields[i].value;
	}
	return NULL;
}

/* --- the request line --- */

static const char *method_of(struct str word)
{
	for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
		if (str_is(word, methods[i]))
			return methods[i];
	}
	return NULL;
}

/* "http://host/path" is for proxies, and legal: the host must then be the one
 * of the Host field, see host_is(). NULL when no path follows. */
static char *skip_authority(struct reader *r, char *target)
{
	char *host = target + strlen("http://");

	if (strncasecmp(target, "http://", strlen("http://")) != 0)
		return target;
	char *path = host + strcspn(host, "/?");
	if (*path != '/')
		return NULL;
	/* Where the scheme stood there is room for the host and its NUL. */
	memmove(host - 1, host, (size_t)(path - host));
	path[-1] = '\0';
	r->host = host - 1;
	return path;
}

static bool read_target(struct reader *r, char *target)
{
	struct http_head *head = r->head;

	for (const char *c = target; *c != '\0'; c++) {
		if (*c <= ' ' || *c >= 0x7f || *c == '#')
			return refuse(r, HTTP_BAD_REQUEST,
			              "The address holds a character that "
			              "must be written as %XX.");
	}
	target = skip_authority(r, target);
	if (target != NULL && strcmp(target, "*") == 0 &&
	    strcmp(head->method, "OPTIONS") == 0) {
		head->path = STR_LIT("*");
		return true;
	}
	if (target == NULL || target[0] != '/')
		return refuse(r, HTTP_BAD_REQUEST,
		              "The address must begin with '/'.");
	char *query = strchr(target, '?');
	if (query != NULL) {
		*query++ = '\0';
		head->query = query;
	}
	head->path = str_of(target);
	return true;
}

static bool read_version(struct reader *r, const char *version)
{
	r->head->old = strcmp(version, "HTTP/1.0") == 0;
	r->head->keep_alive = !r->head->old;
	if (r->head->old || strcmp(version, "HTTP/1.1") == 0)
		return true;
	if (strncmp(version, "HTTP/", 5) != 0)
		return refuse(r, HTTP_BAD_REQUEST,
		              "The request line must end in HTTP/1.1.");
	return refuse(r, HTTP_UNKNOWN_VERSION,
	              "This server speaks HTTP/1.1 and HTTP/1.0.");
}

static bool read_request_line(struct reader *r, char *line, size_t n)
{
	char *target = memchr(line, ' ', n);
	char *version = target ? strchr(target + 1, ' ') : NULL;

	if (version == NULL || strlen(line) != n)
		return refuse(r, HTTP_BAD_REQUEST,
		              "The request line must be a method, an address "
		              "and a version, with one blank between them.");
	*target++ = '\0';
	*version++ = '\0';
	r->head->method = method_of(str_of(line));
	if (!read_version(r, version))
		return false;
	if (r->head->method == NULL)
		return refuse(r, HTTP_UNKNOWN_METHOD,
		              "This server has no such method.");
	return read_target(r, target);
}

/* --- header fields --- */

/* RFC 9110, 5.6.2. */
static bool is_token(const char *s)
{
	return *s != '\0' && s[strspn(s, "!#$%&'*+-.^_`|~0123456789"
	                                 "abcdefghijklmnopqrstuvwxyz"
	                                 "ABCDEFGHIJKLMNOPQRSTUVWXYZ")] == '\0';
}

/* RFC 9110, 5.5: anything visible, blanks, tabs and bytes above ASCII. */
static bool is_value(const char *s)
{
	for (; *s != '\0'; s++) {
		if ((*s > 0 && *s < ' ' && *s != '\t') || *s == 0x7f)
			return false;
	}
	return true;
}

static char *trim(char *s)
{
	s += strspn(s, " \t");
	for (size_t n = strlen(s); n > 0; n--) {
		if (s[n - 1] != ' ' && s[n - 1] != '\t')
			break;
		s[n - 1] = '\0';
	}
	return s;
}

static bool read_field(struct reader *r, char *line, size_t n)
{
	struct http_head *head = r->head;
	char *colon = memchr(line, ':', n);

	if (strlen(line) != n)
		return refuse(r, HTTP_BAD_REQUEST,
		              "A header line holds a NUL character.");
	if (colon != NULL)
		*colon = '\0';
	if (colon == NULL || !is_token(line))
		return refuse(r, HTTP_BAD_REQUEST,
		              "A header line must be a name, a colon and a "
		              "value, with no blank before the colon.");
	if (!is_value(colon + 1))
		return refuse(r, HTTP_BAD_REQUEST,
		              "A header holds a control character.");
	if (head->nfields == HTTP_FIELDS_MAX)
		return refuse(r, HTTP_HEAD_TOO_LARGE,
		              "The request has more than 100 headers.");
	head->fields[head->nfields++] =
		(struct http_field){ line, trim(colon + 1) };
	return true;
}

/* --- what the fields say of the connection and of the body --- */

static bool host_is(struct reader *r, const char *value)
{
	const char *const host = r->host;

	r->host = value;
	return host == NULL || strcasecmp(host, value) == 0 ||
	       refuse(r, HTTP_BAD_REQUEST,
	              "The Host header and the address name two servers.");
}

static bool length_is(struct reader *r, const char *value)
{
	if (r->length != NULL ||
	    !str_to_int64(str_of(value), 0, HTTP_LENGTH_MAX,
	                  &r->head->length) ||
	    value[0] == '-')
		return refuse(r, HTTP_BAD_REQUEST,
		              "Content-Length must be given once, and be a "
		              "number.");
	r->length = value;
	return true;
}

static bool coding_is(struct reader *r, const char *value)
{
	if (r->coding != NULL)
		return refuse(r, HTTP_BAD_REQUEST,
		              "Transfer-Encoding is given twice.");
	if (strcasecmp(value, "chunked") != 0)
		return refuse(r, HTTP_UNKNOWN_CODING,
		              "Transfer-Encoding may only be chunked.");
	r->coding = value;
	r->head->chunked = true;
	return true;
}

static bool connection_is(struct reader *r, const char *value)
{
	struct str list = str_of(value);
	struct str word;

	while (str_cut(&list, ',', &word)) {
		word = str_trim(word);
		if (word.n == 5 && strncasecmp(word.p, "close", 5) == 0)
			r->head->keep_alive = false;
		else if (word.n == 10 && r->head->old &&
		         strncasecmp(word.p, "keep-alive", 10) == 0)
			r->head->keep_alive = true;
	}
	return true;
}

static bool expectation_is(struct reader *r, const char *value)
{
	if (strcasecmp(value, "100-continue") != 0)
		return refuse(r, HTTP_BAD_EXPECTATION,
		              "Expect may only be 100-continue.");
	r->head->expects = !r->head->old;
	return true;
}

static const struct {
	const char *name;
	bool (*read)(struct reader *r, const char *value);
} fields_of_connection[] = {
	{ "Host", host_is },
	{ "Content-Length", length_is },
	{ "Transfer-Encoding", coding_is },
	{ "Connection", connection_is },
	{ "Expect", expectation_is },
};

static bool read_field_of_connection(struct reader *r,
                                     const struct http_field *field)
{
	for (size_t i = 0; i < ARRAY_LEN(fields_of_connection); i++) {
		if (strcasecmp(field->name, fields_of_connection[i].name) == 0)
			return fields_of_connection[i].read(r, field->value);
	}
	return true;
}

static int count_fields(const struct http_head *head, const char *name)
{
	int count = 0;

	for (int i = 0; i < head->nfields; i++)
		count += strcasecmp(head->fields[i].name, name) == 0;
	return count;
}

static bool read_fields_of_connection(struct reader *r)
{
	const struct http_head *head = r->head;
	const int hosts = count_fields(head, "Host");

	if (hosts > 1 || (hosts == 0 && !head->old))
		return refuse(r, HTTP_BAD_REQUEST,
		              "The request must have one Host header.");
	for (int i = 0; i < head->nfields; i++) {
		if (!read_field_of_connection(r, &head->fields[i]))
			return false;
	}
	if (r->coding != NULL && (r->length != NULL || head->old))
		return refuse(r, HTTP_BAD_REQUEST,
		              "Transfer-Encoding must stand alone: without "
		              "Content-Length, and not in HTTP/1.0.");
	return true;
}
