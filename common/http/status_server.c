/* Three read-only pages for probes and Prometheus. */
#include "common/http/status_server.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/buf.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/str.h"
#include "common/http/http_exchange.h"
#include "common/http/http_reply.h"
#include "common/http/http_service.h"
#include "common/json/json_write.h"
#include "common/process/metrics.h"

#define BODY_MAX     (1U << 20)
#define CONNECTIONS  32
#define IDLE_MS      10000
#define HEAD_MS      5000
#define TYPE_JSON    "application/json"
#define TYPE_PROBLEM "application/problem+json"
#define TYPE_METRICS "text/plain; version=0.0.4; charset=utf-8"

struct status_server {
	struct http_service *http;
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
	return (struct answer){ 200, TYPE_JSON };
}

static struct answer readyz(const struct status_server *s, struct buf *out)
{
	const char *why = "unknown";

	if (s->ready(&why)) {
		write_status(out, "ready", NULL);
		return (struct answer){ 200, TYPE_JSON };
	}
	write_status(out, "not ready", why);
	return (struct answer){ 503, TYPE_JSON };
}

static struct answer metrics(const struct status_server *s, struct buf *out)
{
	(void)s;
	metrics_write(out);
	return (struct answer){ 200, TYPE_METRICS };
}

static const struct {
	const char *path;
	page *page;
} pages[] = {
	{ "/healthz", healthz },
	{ "/readyz", readyz },
	{ "/metrics", metrics },
};

static page *page_of(struct str path)
{
	for (size_t i = 0; i < ARRAY_LEN(pages); i++) {
		if (str_is(path, pages[i].path))
			return pages[i].page;
	}
	return NULL;
}

static void reply(struct http_exchange *x, int status, const char *type,
                  const struct buf *body)
{
	http_reply_field(x, "Content-Type", type);
	http_reply_field(x, "Cache-Control", "no-store");
	http_reply_field(x, "X-Content-Type-Options", "nosniff");
	http_reply_copy(x, status, body->data, body->len);
}

static void reply_problem(struct http_exchange *x, int status,
                          const char *detail)
{
	struct buf body;

	buf_init(&body, BODY_MAX);
	struct json_writer *w = json_writer_new(&body);
	json_object_begin(w);
	json_key(w, "status");
	json_int(w, status);
	json_key(w, "detail");
	json_string(w, detail);
	json_object_end(w);
	json_writer_end(&w);
	reply(x, status, TYPE_PROBLEM, &body);
	buf_deinit(&body);
}

/* No page takes a body. */
static bool head_cb(struct http_exchange *x, size_t *body_max_r, void *arg)
{
	const struct http_head *head = http_exchange_head(x);

	(void)arg;
	*body_max_r = 0;
	if (page_of(head->path) == NULL) {
		reply_problem(x, 404, "There is nothing here.");
		return false;
	}
	if (strcmp(head->method, "GET") != 0 &&
	    strcmp(head->method, "HEAD") != 0) {
		http_reply_field(x, "Allow", "GET, HEAD");
		reply_problem(x, 405, "Only GET is possible here.");
		return false;
	}
	return true;
}

static void request_cb(struct http_exchange *x, void *arg)
{
	const struct status_server *s = arg;
	struct buf body;

	buf_init(&body, BODY_MAX);
	const struct answer answer =
		page_of(http_exchange_head(x)->path)(s, &body);
	if (buf_overflowed(&body))
		reply_problem(x, 500, "The page is larger than 1 MiB.");
	else
		reply(x, answer.status, answer.type, &body);
	buf_deinit(&body);
}

static void refused_cb(struct http_exchange *x, enum http_refusal why,
                       const char *detail, void *arg)
{
	(void)arg;
	reply_problem(x, http_refusal_status(why), detail);
}

struct status_server *status_server_new(struct event_base *base,
                                        const char *address, int port,
                                        bool (*ready)(const char **why_r),
                                        struct error *err)
{
	struct status_server *s = xcalloc(1, sizeof(*s));
	const struct http_service_options options = {
		.what = "http.address",
		.address = address,
		.port = port,
		.limits = { .idle = IDLE_MS,
		            .head = HEAD_MS,
		            .body_rate = 1,
		            .connections = CONNECTIONS },
		.head = head_cb,
		.request = request_cb,
		.refused = refused_cb,
		.arg = s,
	};

	s->ready = ready;
	s->http = http_service_new(base, &options, err);
	if (s->http == NULL) {
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
	http_service_free(&s[0]->http);
	free(*s);
	*s = NULL;
}
