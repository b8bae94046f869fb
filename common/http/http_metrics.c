/* Counts of connections. */
#include "common/http/http_metrics.h"

#include "common/process/metrics.h"

static struct metric connections = {
	.kind = METRIC_GAUGE,
	.name = "rewatch_http_connections",
	.help = "Open connections of HTTP clients.",
};
static struct metric cut = {
	.kind = METRIC_COUNTER,
	.name = "rewatch_http_connections_cut_total",
	.help = "Connections of HTTP clients ended or refused, by reason.",
	.label = "reason",
};

static const char *const reasons[HTTP_CUTS] = {
	[HTTP_CUT_SLOW_HEAD] = "slow_head",
	[HTTP_CUT_SLOW_BODY] = "slow_body",
	[HTTP_CUT_SLOW_READER] = "slow_reader",
	[HTTP_CUT_FOR_ROOM] = "for_room",
	[HTTP_CUT_FULL] = "full",
	[HTTP_CUT_PER_ADDRESS] = "per_address",
};

void http_metrics_register(void)
{
	metric_register(&connections);
	metric_register(&cut);
	for (int i = 0; i < HTTP_CUTS; i++)
		metric_add_label(&cut, reasons[i], 0);
}

void http_metrics_connections(int more)
{
	metric_add(&connections, more);
}

void http_metrics_cut(enum http_cut why)
{
	metric_add_label(&cut, reasons[why], 1);
}
