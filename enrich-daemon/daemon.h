#ifndef ENRICH_DAEMON_DAEMON_H
#define ENRICH_DAEMON_DAEMON_H

#include <stdbool.h>

#include "common/base/attr.h"
#include "common/base/error.h"
#include "common/process/program.h"

struct event_base;

/* The parts of the daemon put together; what program_main() calls. */
bool daemon_check(const void *settings, struct error *err) MUST_CHECK;
bool daemon_start(struct event_base *base, void *settings,
                  struct error *err) MUST_CHECK;
void daemon_reload(void);
void daemon_drain(void);
bool daemon_drained(void);
void daemon_stop(void);
void daemon_option(const char *name);

/* For struct program. */
extern const struct program_option daemon_options[];

#endif
