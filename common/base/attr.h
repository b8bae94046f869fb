#ifndef COMMON_BASE_ATTR_H
#define COMMON_BASE_ATTR_H

/* The compiler checks what these promise. */

#define MUST_CHECK             __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#define NORETURN               __attribute__((noreturn))
#define ARRAY_LEN(a)           (sizeof(a) / sizeof((a)[0]))

#endif
