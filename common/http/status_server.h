#ifndef COMMON_HTTP_STATUS_SERVER_H
#define COMMON_HTTP_STATUS_SERVER_H

#include <stdbool.h>

#include "common/base/error.h"

struct event_base;

/*
 * GET /healthz, /readyz and /metrics for a program that has no other HTTP
 * server. ready() says whether it is ready and why not. It has few connections:
 * one too many takes the place of the one that has been silent longest.
 */
struct status_server;

struct status_server *status_server_new(struct event_base *base,
                                        const char *address, int port,
                                        bool (*ready)(const char **why_r),
                                        struct error *err);
void status_server_free(struct status_server **s);

#endif
