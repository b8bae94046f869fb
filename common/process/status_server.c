/* Three read-only pages for probes and Prometheus. */
#include "common/process/status_server.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/buf.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/json/json_write.h"
#include "common/process/metrics.h"

#define BODY_MAX     (1U << 20)
#define HEADERS_MAX  8192
#define TIMEOUT_S    10
#define TYPE_JSON    "application/json"
#define TYPE_PROBLEM "application/problem+json"
#define TYPE_METRICS "text/plain; version=0.0.4; charset=utf-8"

struct status_server {
	struct evhttp *http;
	bool (*ready)(const char **why_r);
};

/* What a page comes to; the body is added to out. */
struct answer {
	int status;
	const char *type;
};

typedef struct answer page(const struct status_server *s, struct buf *out);

static void write_status(struct buf *out, const char *status,
                         const char *reason)
{
	struct json_writer *w = json_writer_new(out);

	json_object_begin(w);
	json_key(w, "status");
	json_string(w, status);
	if (reason != NULL) {
		json_key(w, "reason");
		json_string(w, reason);
	}
	json_object_end(w);
	json_writer_end(&w);
}

static struct answer healthz(const struct status_server *s, struct buf *out)
{
	(void)s;
	write_status(out, "ok", NULL);
	return (struct answer){ HTTP_OK, TYPE_JSON };
}

static struct answer readyz(const struct status_server *s, struct buf *out)
{
	const char *why = "unknown";

	if (s->ready(&why)) {
		write_status(out, "ready", NULL);
		return (struct answer){ HTTP_OK, TYPE_JSON };
	}
	write_status(out, "not ready", why);
	return (struct answer){ HTTP_SERVUNAVAIL, TYPE_JSON };
}

static struct answer metrics(const struct status_server *s, struct buf *out)
{
	(void)s;
	metrics_write(out);
	return (struct answer){ HTTP_OK, TYPE_METRICS };
}

static struct answer not_found(const struct status_server *s, struct buf *out)
{
	(void)s;
	buf_add_str(out, "{\"type\":\"about:blank\",\"title\":\"Not Found\","
	                 "\"status\":404}");
	return (struct answer){ HTTP_NOTFOUND, TYPE_PROBLEM };
}

static const struct {
	const char *path;
	page *page;
} pages[] = {
	{ "/healthz", healthz },
	{ "/readyz", readyz },
	{ "/metrics", metrics },
};

static page *page_of(const char *path)
{
	for (size_t i = 0; path != NULL && i < ARRAY_LEN(pages); i++) {
		if (strcmp(pages[i].path, path) == 0)
			return pages[i].page;
	}
	return not_found;
}

static void reply(struct evhttp_request *request, struct answer answer,
                  const struct buf *body)
{
	struct evkeyvalq *headers = evhttp_request_get_output_headers(request);
	struct evbuffer *out = evhttp_request_get_output_buffer(request);

	ensure(evhttp_add_header(headers, "Content-Type", answer.type) == 0);
	ensure(evhttp_add_header(headers, "Cache-Control", "no-store") == 0);
	ensure(evbuffer_add(out, body->data, body->len) == 0);
	evhttp_send_reply(request, answer.status, NULL, NULL);
}

static void handle(const struct status_server *s,
                   struct evhttp_request *request)
{
	const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(request);
	struct buf body;

	buf_init(&body, BODY_MAX);
	struct answer answer = page_of(evhttp_uri_get_path(uri))(s, &body);
	if (buf_overflowed(&body))
		answer.status = HTTP_INTERNAL;
	reply(request, answer, &body);
	buf_deinit(&body);
}

static void request_cb(struct evhttp_request *request, void *arg)
{
	const struct status_server *s = arg;

	handle(s, request);
}

struct status_server *status_server_new(struct event_base *base,
                                        const char *address, int port,
                                        bool (*ready)(const char **why_r),
                                        struct error *err)
{
	struct status_server *s = xcalloc(1, sizeof(*s));

	s->ready = ready;
	s->http = evhttp_new(base);
	ensure(s->http != NULL);
	evhttp_set_allowed_methods(s->http, EVHTTP_REQ_GET | EVHTTP_REQ_HEAD);
	evhttp_set_max_headers_size(s->http, HEADERS_MAX);
	evhttp_set_max_body_size(s->http, 0);
	evhttp_set_timeout(s->http, TIMEOUT_S);
	evhttp_set_gencb(s->http, request_cb, s);
	if (evhttp_bind_socket(s->http, address, (ev_uint16_t)port) != 0) {
		(void)error_set(err, "cannot listen on %s port %d: %s", address,
		                port, strerror(errno));
		status_server_free(&s);
		return NULL;
	}
	log_info("status server listens", log_str("address", address),
	         log_int("port", port));
	return s;
}

void status_server_free(struct status_server **s)
{
	if (*s == NULL)
		return;
	evhttp_free((*s)->http);
	free(*s);
	*s = NULL;
}
