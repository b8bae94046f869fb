#ifndef TESTS_TMDB_STUB_CALLS_H
#define TESTS_TMDB_STUB_CALLS_H

#include "common/base/buf.h"

/* What the stand-in was asked: the independent witness of the tests. */

/* One call that was received, at this moment. */
void calls_add(const char *path, int status);
/* {"calls", "max_in_a_second", "stalled_ms" (see pulse.h), "by_status":
 * {"200": n}, "searches", "details", "repeated_details"} */
void calls_write_stats(struct buf *out);
/* Lines of: milliseconds since the start, status, path. */
void calls_write_log(struct buf *out);
void calls_reset(void);

#endif
