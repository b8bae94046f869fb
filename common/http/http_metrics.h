#ifndef COMMON_HTTP_HTTP_METRICS_H
#define COMMON_HTTP_HTTP_METRICS_H

/* Why a connection ended that its client would have gone on with. */
enum http_cut {
	HTTP_CUT_SLOW_HEAD,
	HTTP_CUT_SLOW_BODY,
	HTTP_CUT_SLOW_READER,
	HTTP_CUT_FOR_ROOM,    /* for a newer one */
	HTTP_CUT_FULL,        /* refused: there are as many as there may be */
	HTTP_CUT_PER_ADDRESS, /* refused: of this address */
	HTTP_CUTS
};

void http_metrics_register(void);
void http_metrics_connections(int more);
void http_metrics_cut(enum http_cut why);

#endif
