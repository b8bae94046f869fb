#ifndef API_SERVER_HTTP_ACCESS_LOG_H
#define API_SERVER_HTTP_ACCESS_LOG_H

#include <stddef.h>

struct request;

/* Registers the metrics; once, at the start. */
void access_log_register(void);
/* For each reply, once: the log line of the request and its metrics. */
void access_log_request(struct request *rq, int status, size_t bytes);

#endif
