#ifndef COMMON_BASE_STR_H
#define COMMON_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/attr.h"

/* A view: bytes that somebody else owns and that may hold no NUL. */
struct str {
	const char *p;
	size_t n;
};

#define STR_LIT(s) ((struct str){ (s), sizeof(s) - 1 })

struct str str_of(const char *s);
bool str_eq(struct str a, struct str b);
bool str_is(struct str a, const char *s);
bool str_starts(struct str a, const char *prefix);
bool str_ends(struct str a, const char *suffix);
/* Without blanks, tabs, CR and LF at both ends. */
struct str str_trim(struct str a);
/*
 * Cuts *rest at the first sep: true and the part before it in *head, *rest
 * behind it. Without a sep the head is all of it and *rest is empty; false
 * when *rest was empty already (p == NULL).
 */
bool str_cut(struct str *rest, char sep, struct str *head);

/* 0..15, or -1. */
int str_hex_digit(char c) MUST_CHECK;

/* The whole of a must be a decimal number in min..max; no blanks, no '+'. */
bool str_to_int64(struct str a, int64_t min, int64_t max,
                  int64_t *out_r) MUST_CHECK;

/* A calendar date as YYYY-MM-DD that exists (no 2024-02-30), year 1..9999. */
bool str_is_date(struct str a) MUST_CHECK;

/* Valid UTF-8 without surrogates, overlong forms and NUL. */
bool str_is_utf8(struct str a) MUST_CHECK;
/* Bytes (1..4) of the character that a begins with; 0 when there is none that
 * str_is_utf8() would take. */
size_t str_utf8_len(struct str a) MUST_CHECK;

#endif
