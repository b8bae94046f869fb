#ifndef API_SERVER_SERVER_H
#define API_SERVER_SERVER_H

#include <stdbool.h>

#include "common/base/error.h"

struct event_base;

/* The API server as the steps of common/process/program.h; there is one a
 * process. */
bool server_check(const void *settings, struct error *err);
bool server_start(struct event_base *base, void *settings, struct error *err);
void server_drain(void);
bool server_drained(void);
void server_stop(void);
void server_reload(void);

#endif
