/* Messages for people, made on the caller's stack. */
#include "common/base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool error_set(struct error *err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	err->message[0] = '\0';
	(void)vsnprintf(err->message, sizeof(err->message), fmt, args);
	va_end(args);
	return false;
}

bool error_prefix(struct error *err, const char *fmt, ...)
{
	const struct error old = *err;
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(err->message, sizeof(err->message), fmt, args);
	va_end(args);

	const size_t used = strlen(err->message);
	(void)snprintf(err->message + used, sizeof(err->message) - used, ": %s",
	               old.message);
	return false;
}
