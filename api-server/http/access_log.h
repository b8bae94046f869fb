#ifndef API_SERVER_HTTP_ACCESS_LOG_H
#define API_SERVER_HTTP_ACCESS_LOG_H

#include <stddef.h>

struct request;

/* Registers the metrics; once, at the start. */
void access_log_register(void);
/*
 * For each reply, once: the log line of the request and its metrics.
 *
 * Probes and scrapes that succeed are for debugging alone, or they would be most
 * of the log. They are counted by route and in nothing else: a /readyz that says
 * no has an alert of its own, and four good scrapes a minute would hide the one
 * person whose requests fail.
 */
void access_log_request(struct request *rq, int status, size_t bytes);

#endif
