#ifndef COMMON_JSON_JSON_READ_H
#define COMMON_JSON_JSON_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/attr.h"
#include "common/base/error.h"

/*
 * JSON in: a tree in an arena (yajl's parser with our limits). Reading is
 * forgiving where the API of somebody else is: json_get() of a missing key or
 * of something that is no object gives NULL, and every json_as_*() of NULL or
 * of another type gives the stated default.
 */
enum json_type {
	JSON_NULL,
	JSON_BOOL,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT
};

struct json {
	enum json_type type;
	bool boolean;
	bool is_integer; /* JSON_NUMBER: whole (7, 7.0) and in integer */
	int64_t integer;
	double number;
	const char *string; /* JSON_STRING, NUL-terminated, no NUL inside */
	size_t len;         /* of the string; number of items or members */
	const char *key;    /* when this is a member of an object */
	const struct json *first; /* first item or member */
	const struct json *next;  /* sibling */
};

struct json_limits {
	size_t bytes_max; /* of the text */
	size_t nodes_max;
	int depth_max;
};

/*
 * NULL with err filled when text is not one JSON value within the limits.
 * A string that holds \u0000 is an error. Borrowed from the arena.
 */
const struct json *json_parse(struct arena *arena, const char *text, size_t len,
                              const struct json_limits *limits,
                              struct error *err) MUST_CHECK;

/* Of members with the same key the first; JSON_EACH gives all of them. */
const struct json *json_get(const struct json *object, const char *key);
const char *json_as_string(const struct json *j, const char *otherwise);
int64_t json_as_int(const struct json *j, int64_t otherwise);
double json_as_double(const struct json *j, double otherwise);
bool json_as_bool(const struct json *j, bool otherwise);

/* For every item of an array or member of an object; NULL has none. */
#define JSON_EACH(item, container)                                             \
	for ((item) = json_first(container); (item) != NULL;                   \
	     (item) = (item)->next)
const struct json *json_first(const struct json *container);

#endif
