/*
 * TMDB's stand-in for the tests and for `make run` without a token: serves a
 * catalogue, counts what it is asked, and misbehaves on command. See README.md.
 */

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "common/base/attr.h"
#include "common/base/buf.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "tests/tmdb-stub/answer.h"
#include "tests/tmdb-stub/calls.h"
#include "tests/tmdb-stub/catalogue.h"
#include "tests/tmdb-stub/changes.h"
#include "tests/tmdb-stub/export.h"
#include "tests/tmdb-stub/pulse.h"
#include "tests/tmdb-stub/rules.h"

#define BODY_MAX (64 << 20)

struct stub {
	struct event_base *base;
	struct evhttp *http;
	struct catalogue *catalogue;
	const char *catalogue_path;
	const char *address;
	int port;
};

/* An answer on its way: it waits for the delay, then goes or misbehaves. */
struct pending {
	struct evhttp_request *rq;
	struct evhttp_connection *connection;
	struct event *timer;
	struct fault fault;
	int status;
	const char *type;
	char etag[24]; /* "": none */
	struct buf body;
};

static void pending_free(struct pending *p)
{
	event_free(p->timer);
	buf_deinit(&p->body);
	free(p);
}

/* In seconds, or when that is. */
static void add_retry_after(struct evkeyvalq *headers, const struct fault *f)
{
	const time_t when = time(NULL) + f->retry_after;
	char text[64];
	struct tm utc;

	ensure(gmtime_r(&when, &utc) != NULL);
	if (f->retry_dated)
		(void)strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S GMT",
		               &utc);
	else
		(void)snprintf(text, sizeof(text), "%d", f->retry_after);
	evhttp_add_header(headers, "Retry-After", text);
}

static void send_answer(struct pending *p, const char *type)
{
	struct evkeyvalq *headers = evhttp_request_get_output_headers(p->rq);
	struct evbuffer *body = evhttp_request_get_output_buffer(p->rq);

	evhttp_add_header(headers, "Content-Type", type);
	if (p->etag[0] != '\0')
		evhttp_add_header(headers, "ETag", p->etag);
	if (p->status == 429 && p->fault.retry_after > 0)
		add_retry_after(headers, &p->fault);
	evbuffer_add(body, p->body.data, p->body.len);
	evhttp_send_reply(p->rq, p->status, NULL, NULL);
}

static void send_html(struct pending *p, int status, const char *type)
{
	p->status = status;
	buf_reset(&p->body);
	buf_add_str(&p->body, "<html><body><h1>Service</h1></body></html>");
	send_answer(p, type);
}

static void send_alien_json(struct pending *p)
{
	buf_reset(&p->body);
	buf_add_str(&p->body, "{\"detail\":\"Not Found\"}");
	send_answer(p, p->type);
}

/* A complete answer whose body is gzip, though nothing says so. */
static void send_gzip(struct pending *p)
{
	struct buf packed;

	buf_init(&packed, BODY_MAX);
	export_pack(&p->body, &packed);
	buf_deinit(&p->body);
	p->body = packed;
	send_answer(p, p->type);
}

/* Breaks the connection; with half an answer sent before when truncated. */
static void break_connection(struct pending *p, bool truncated)
{
	struct bufferevent *bev =
		evhttp_connection_get_bufferevent(p->connection);
	int fd = bufferevent_getfd(bev);
	struct linger linger = { 1, 0 };
	char head[128];

	if (truncated) {
		snprintf(head, sizeof(head),
		         "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
		         "Content-Length: %zu\r\n\r\n",
		         p->body.len);
		if (send(fd, head, strlen(head), MSG_NOSIGNAL) > 0)
			(void)!send(fd, p->body.data, p->body.len / 2,
			            MSG_NOSIGNAL);
	} else {
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	}
	evhttp_connection_free(p->connection);
}

static void answer_cb(evutil_socket_t fd, short what, void *arg)
{
	struct pending *p = arg;

	(void)fd;
	(void)what;
	switch (p->fault.kind) {
	case FAULT_NONE:
	case FAULT_429:
	case FAULT_500:
	case FAULT_401:
	case FAULT_404:
	case FAULT_400:
		send_answer(p, p->type);
		break;
	case FAULT_503:
		send_html(p, 503, "text/html");
		break;
	case FAULT_ALIEN_400:
		send_html(p, 400, "text/html");
		break;
	case FAULT_ALIEN_404:
		send_alien_json(p);
		break;
	case FAULT_HTML:
		send_html(p, 200, "text/html");
		break;
	case FAULT_LATIN1:
		send_html(p, 200, "text/html; charset=\xe9");
		break;
	case FAULT_ODD_ETAG:
		snprintf(p->etag, sizeof(p->etag), "W/\"\xe9\"");
		send_answer(p, p->type);
		break;
	case FAULT_BAD_JSON:
		p->body.len /= 2;
		send_answer(p, p->type);
		break;
	case FAULT_GZIP:
		send_gzip(p);
		break;
	case FAULT_TRUNCATED:
	case FAULT_RESET:
		break_connection(p, p->fault.kind == FAULT_TRUNCATED);
		break;
	case FAULT_SILENT:
		/* Two minutes are longer than anybody should wait. */
		p->fault.kind = FAULT_RESET;
		event_add(p->timer, &(struct timeval){ 120, 0 });
		return;
	}
	pending_free(p);
}

static int fault_status(enum fault_kind kind)
{
	static const struct {
		enum fault_kind kind;
		int status;
	} table[] = { { FAULT_400, 400 },       { FAULT_ALIEN_400, 400 },
		      { FAULT_ALIEN_404, 404 }, { FAULT_429, 429 },
		      { FAULT_500, 500 },       { FAULT_401, 401 },
		      { FAULT_404, 404 },       { FAULT_503, 503 },
		      { FAULT_RESET, 0 },       { FAULT_SILENT, 0 },
		      { FAULT_TRUNCATED, 0 } };

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		if (table[i].kind == kind)
			return table[i].status;
	}
	return -1;
}

static int answer(const struct stub *s, const char *path,
                  const struct evkeyvalq *query, struct buf *out)
{
	if (strcmp(path, "/3/search/movie") == 0)
		return answer_search(s->catalogue, false, query, out);
	if (strcmp(path, "/3/search/tv") == 0)
		return answer_search(s->catalogue, true, query, out);
	if (strcmp(path, "/3/movie/changes") == 0)
		return answer_changes(false, query, out);
	if (strcmp(path, "/3/tv/changes") == 0)
		return answer_changes(true, query, out);
	if (strncmp(path, "/3/movie/", 9) == 0)
		return answer_details(s->catalogue, false,
		                      strtoll(path + 9, NULL, 10), query, out);
	if (strncmp(path, "/3/tv/", 6) == 0)
		return answer_details(s->catalogue, true,
		                      strtoll(path + 6, NULL, 10), query, out);
	if (strncmp(path, "/3/find/", 8) == 0)
		return answer_find(s->catalogue, path + 8, out);
	if (strcmp(path, "/3/configuration") == 0)
		return answer_configuration(out);
	if (strncmp(path, EXPORT_PATH, strlen(EXPORT_PATH)) == 0)
		return export_write(s->catalogue, path, out);
	return answer_error(404, out);
}

static const char *type_of(int status, const char *path)
{
	return status == 200 && strncmp(path, EXPORT_PATH,
	                                strlen(EXPORT_PATH)) == 0
	               ? "application/gzip"
	               : "application/json;charset=utf-8";
}

/* Details have an ETag; to whoever has them already, they are not sent. */
static void tag(struct pending *p, const char *path)
{
	const char *had = evhttp_find_header(
		evhttp_request_get_input_headers(p->rq), "If-None-Match");
	uint64_t hash = UINT64_C(14695981039346656037);

	if (p->status != 200 || strncmp(path, "/3/search/", 10) == 0)
		return;
	for (size_t i = 0; i < p->body.len; i++)
		hash = (hash ^ (unsigned char)p->body.data[i]) *
		       UINT64_C(1099511628211);
	snprintf(p->etag, sizeof(p->etag), "W/\"%016" PRIx64 "\"", hash);
	if (had == NULL || strcmp(had, p->etag) != 0)
		return;
	p->status = 304;
	buf_reset(&p->body);
}

static void serve_tmdb(const struct stub *s, struct evhttp_request *rq,
                       const char *path, const struct evkeyvalq *query)
{
	struct pending *p = xcalloc(1, sizeof(*p));
	int delay = rules_delay_ms();
	int status;

	p->rq = rq;
	p->connection = evhttp_request_get_connection(rq);
	p->fault = rules_pick(path);
	buf_init(&p->body, BODY_MAX);
	p->status = answer(s, path, query, &p->body);
	status = fault_status(p->fault.kind);
	if (status > 0)
		p->status = answer_error(status, &p->body);
	else if (p->fault.kind == FAULT_NONE)
		tag(p, path);
	p->type = type_of(p->status, path);
	calls_add(evhttp_request_get_uri(rq), status >= 0 ? status : p->status);
	p->timer = evtimer_new(s->base, answer_cb, p);
	event_add(p->timer,
	          &(struct timeval){ delay / 1000, delay % 1000 * 1000L });
}

/* A control that takes JSON: it is set() or said what is wrong with it. */
static void control_set(struct evhttp_request *rq,
                        bool (*set)(struct str json, struct error *err),
                        struct buf *out)
{
	struct evbuffer *in = evhttp_request_get_input_buffer(rq);
	size_t len = evbuffer_get_length(in);
	struct error err;

	if (set((struct str){ (const char *)evbuffer_pullup(in, -1), len },
	        &err)) {
		evhttp_send_reply(rq, 204, NULL, NULL);
		return;
	}
	buf_printf(out, "{\"error\":\"%s\"}", err.message);
	evhttp_send_reply(rq, 400, NULL, NULL);
}

static bool set_rules(struct str json, struct error *err)
{
	return rules_set(json.n == 0 ? STR_LIT("{}") : json, err);
}

static void serve_control(struct evhttp_request *rq, const char *path)
{
	struct buf out;

	buf_init(&out, BODY_MAX);
	if (strcmp(path, "/_stub/rules") == 0) {
		control_set(rq, set_rules, &out);
	} else if (strcmp(path, "/_stub/changes") == 0) {
		control_set(rq, changes_set, &out);
	} else if (strcmp(path, "/_stub/reset") == 0) {
		calls_reset();
		evhttp_send_reply(rq, 204, NULL, NULL);
	} else {
		if (strcmp(path, "/_stub/log") == 0)
			calls_write_log(&out);
		else
			calls_write_stats(&out);
		evbuffer_add(evhttp_request_get_output_buffer(rq), out.data,
		             out.len);
		evhttp_send_reply(rq, 200, NULL, NULL);
	}
	buf_deinit(&out);
}

static void request_cb(struct evhttp_request *rq, void *arg)
{
	const struct stub *s = arg;
	const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(rq);
	const char *path = evhttp_uri_get_path(uri);
	const char *text = evhttp_uri_get_query(uri);
	struct evkeyvalq query;

	if (strncmp(path, "/_stub/", 7) == 0) {
		serve_control(rq, path);
		return;
	}
	evhttp_parse_query_str(text == NULL ? "" : text, &query);
	serve_tmdb(s, rq, path, &query);
	evhttp_clear_headers(&query);
}

static void stop_cb(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	event_base_loopbreak(arg);
}

static bool parse_options(struct stub *s, int argc, char **argv)
{
	static const struct option options[] = {
		{ "port", required_argument, NULL, 'p' },
		{ "address", required_argument, NULL, 'a' },
		{ "catalogue", required_argument, NULL, 'c' },
		{ "delay-ms", required_argument, NULL, 'd' },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 'p':
			s->port = (int)strtol(optarg, NULL, 10);
			break;
		case 'a':
			s->address = optarg;
			break;
		case 'c':
			s->catalogue_path = optarg;
			break;
		case 'd':
			rules_set_delay((int)strtol(optarg, NULL, 10));
			break;
		default:
			return false;
		}
	}
	return s->catalogue_path != NULL && s->port > 0;
}

static bool start(struct stub *s, struct error *err)
{
	s->catalogue = catalogue_load(s->catalogue_path, err);
	if (s->catalogue == NULL)
		return false;
	s->base = event_base_new();
	s->http = evhttp_new(s->base);
	evhttp_set_gencb(s->http, request_cb, s);
	if (evhttp_bind_socket(s->http, s->address, (uint16_t)s->port) != 0)
		return error_set(err, "cannot listen on %s:%d", s->address,
		                 s->port);
	log_info("ready", log_int("port", s->port),
	         log_int("titles", (int64_t)catalogue_count(s->catalogue)));
	return true;
}

int main(int argc, char **argv)
{
	struct stub s = { .address = "127.0.0.1" };
	struct event *term;
	struct event *interrupt;
	struct error err;

	signal(SIGPIPE, SIG_IGN);
	log_setup("tmdb-stub", LOG_FORMAT_LOGFMT, LOG_LEVEL_INFO);
	if (!parse_options(&s, argc, argv)) {
		fprintf(stderr, "usage: tmdb-stub --port N --catalogue FILE"
		                " [--address A] [--delay-ms N]\n");
		return 2;
	}
	if (!start(&s, &err)) {
		log_error("cannot start", log_str("reason", err.message));
		return 1;
	}
	term = evsignal_new(s.base, SIGTERM, stop_cb, s.base);
	interrupt = evsignal_new(s.base, SIGINT, stop_cb, s.base);
	evsignal_add(term, NULL);
	evsignal_add(interrupt, NULL);
	pulse_start(s.base);
	event_base_dispatch(s.base);
	/* Answers may be pending: the kernel takes back the rest. */
	_exit(0);
}
