/* libevent's messages as events of our log. */
#include "common/process/loop_log.h"

#include <event2/event.h>
#include <stdlib.h>

#include "common/base/log.h"

static void says_cb(int severity, const char *message)
{
	if (severity == EVENT_LOG_DEBUG)
		log_debug("libevent says", log_str("message", message));
	else if (severity == EVENT_LOG_ERR)
		log_error("libevent fails", log_str("message", message));
	else
		log_warn("libevent warns", log_str("message", message));
}

/* It has said why. It would exit, through handlers that may stand on what is
 * broken. */
static void fatal_cb(int error)
{
	log_error("libevent cannot go on", log_int("error", error));
	log_end();
	abort();
}

void loop_log_begin(void)
{
	event_set_log_callback(says_cb);
	event_set_fatal_callback(fatal_cb);
}
