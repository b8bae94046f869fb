#ifndef COMMON_BASE_ERROR_H
#define COMMON_BASE_ERROR_H

#include <stdbool.h>

#include "common/base/attr.h"

/*
 * Why something a person asked for failed: what, where and what to do, in one
 * sentence. Lives on the caller's stack; nothing is allocated. Functions that
 * take one return false and fill it; on true it is untouched.
 */
struct error {
	char message[512];
};

/* Always false, so that a function can `return error_set(err, ...)`. */
bool error_set(struct error *err, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Puts "fmt: " before the message that is there. Always false. */
bool error_prefix(struct error *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
