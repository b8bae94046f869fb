/* What a reply leaves behind: a line in the log, counts and durations. */
#include "api-server/http/access_log.h"

#include <stdio.h>

#include "api-server/http/body.h"
#include "api-server/http/request_private.h"
#include "common/base/arena.h"
#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/process/metrics.h"

static double read_sends(void);

static struct metric requests_by_status = {
	.kind = METRIC_COUNTER,
	.name = "rewatch_http_requests_total",
	.help = "HTTP requests answered, by status; without probes and "
		"scrapes.",
	.label = "status",
};
static struct metric requests_by_route = {
	.kind = METRIC_COUNTER,
	.name = "rewatch_http_route_requests_total",
	.help = "HTTP requests answered, by route.",
	.label = "route",
};
static struct metric request_seconds = {
	.kind = METRIC_HISTOGRAM,
	.name = "rewatch_http_request_seconds",
	.help = "From the last byte of a request to the first of its reply.",
};

static struct metric sends = {
	.kind = METRIC_GAUGE,
	.name = "rewatch_http_answer_bytes",
	.help = "Size of the answers on their way to clients.",
	.read = read_sends,
};

static double read_sends(void)
{
	return (double)body_sends_bytes();
}

void access_log_register(void)
{
	metric_register(&requests_by_status);
	metric_register(&requests_by_route);
	metric_register(&request_seconds);
	metric_register(&sends);
}

static void count(const struct route *route, int status, double seconds)
{
	char status_text[16];
	char route_text[160];

	snprintf(route_text, sizeof(route_text), "%s %s",
	         route != NULL ? route->method : "-",
	         route != NULL ? route->path : "-");
	metric_add_label(&requests_by_route, route_text, 1);
	if (route != NULL && route->probe)
		return;
	snprintf(status_text, sizeof(status_text), "%d", status);
	metric_add_label(&requests_by_status, status_text, 1);
	metric_observe(&request_seconds, seconds);
}

static bool is_good_probe(const struct route *route, int status)
{
	return route != NULL && route->probe && status < 400;
}

void access_log_request(struct request *rq, int status, size_t bytes)
{
	const int64_t us = clock_us() - rq->begun_us;
	const char *path = arena_strndup(rq->arena, rq->path.p, rq->path.n);

	count(rq->route, status, (double)us / 1e6);
	if (is_good_probe(rq->route, status)) {
		log_debug("probe", log_str("path", path),
		          log_int("status", status),
		          log_dbl("ms", (double)us / 1e3));
		return;
	}
	log_info("request", log_str("method", rq->method),
	         log_str("path", path), log_int("status", status),
	         log_dbl("ms", (double)us / 1e3),
	         log_int("bytes", (int64_t)bytes),
	         log_int("member", rq->member), log_str("request", rq->id));
}
