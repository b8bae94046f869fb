/*
 * yajl finds the tokens; here they become a tree, and limits are kept. yajl
 * lets overlong forms and lone surrogates pass, so strings are checked again.
 */
#include "common/json/json_read.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_parse.h>

#include "common/base/mem.h"
#include "common/base/str.h"

/* The first double beyond int64_t. */
#define INT64_END 9223372036854775808.0

/* An open array or object. */
struct level {
	struct json *container;
	struct json *last; /* child, NULL when there is none yet */
	const char *key;   /* of the member whose value is next */
};

struct reader {
	struct arena *arena;
	const struct json_limits *limits;
	struct error *err;
	bool refused; /* by us: err is filled */
	struct json *root;
	size_t nodes;
	int depth;
	struct level *levels; /* depth_max of them */
};

static bool refuse(struct reader *r, const char *why)
{
	r->refused = true;
	return error_set(r->err, "JSON: %s", why);
}

/* A new node at its place in the tree; NULL when a limit is reached. */
static struct json *node_add(struct reader *r, enum json_type type)
{
	if (r->nodes >= r->limits->nodes_max) {
		(void)refuse(r, "too many values");
		return NULL;
	}
	struct json *node = arena_alloc(r->arena, sizeof(*node));
	r->nodes++;
	node->type = type;
	if (r->depth == 0) {
		r->root = node;
		return node;
	}

	struct level *level = &r->levels[r->depth - 1];
	node->key = level->key;
	level->container->len++;
	if (level->last == NULL)
		level->container->first = node;
	else
		level->last->next = node;
	level->last = node;
	return node;
}

static bool container_open(struct reader *r, enum json_type type)
{
	if (r->depth >= r->limits->depth_max)
		return refuse(r, "nested too deep");
	struct json *node = node_add(r, type);
	if (node == NULL)
		return false;
	r->levels[r->depth++] = (struct level){ .container = node };
	return true;
}

static bool container_close(struct reader *r)
{
	r->depth--;
	return true;
}

/* NULL when it is no text that a C string can hold. */
static const char *text_copy(struct reader *r, struct str text)
{
	if (!str_is_utf8(text)) {
		(void)refuse(r, "a string is not valid UTF-8 or holds \\u0000");
		return NULL;
	}
	return arena_strndup(r->arena, text.p, text.n);
}

static bool string_add(struct reader *r, struct str text)
{
	const char *copy = text_copy(r, text);
	if (copy == NULL)
		return false;

	struct json *node = node_add(r, JSON_STRING);
	if (node == NULL)
		return false;
	node->string = copy;
	node->len = text.n;
	return true;
}

static bool key_set(struct reader *r, struct str text)
{
	const char *copy = text_copy(r, text);

	r->levels[r->depth - 1].key = copy;
	return copy != NULL;
}

static bool number_add(struct reader *r, struct str text)
{
	struct json *node = node_add(r, JSON_NUMBER);
	if (node == NULL)
		return false;

	node->is_integer =
		str_to_int64(text, INT64_MIN, INT64_MAX, &node->integer);
	node->number = strtod(arena_strndup(r->arena, text.p, text.n), NULL);
	if (!isfinite(node->number))
		return refuse(r, "a number is out of range");
	if (!node->is_integer && node->number >= -INT64_END &&
	    node->number < INT64_END && trunc(node->number) == node->number) {
		node->is_integer = true;
		node->integer = (int64_t)node->number;
	}
	return true;
}

static bool bool_add(struct reader *r, bool value)
{
	struct json *node = node_add(r, JSON_BOOL);
	if (node == NULL)
		return false;
	node->boolean = value;
	return true;
}

/* --- what yajl calls; 0 makes it stop --- */

static int null_cb(void *arg)
{
	return node_add(arg, JSON_NULL) != NULL;
}

static int bool_cb(void *arg, int value)
{
	return bool_add(arg, value != 0);
}

static int number_cb(void *arg, const char *text, size_t len)
{
	return number_add(arg, (struct str){ text, len });
}

static int string_cb(void *arg, const unsigned char *text, size_t len)
{
	return string_add(arg, (struct str){ (const char *)text, len });
}

static int key_cb(void *arg, const unsigned char *text, size_t len)
{
	return key_set(arg, (struct str){ (const char *)text, len });
}

static int object_open_cb(void *arg)
{
	return container_open(arg, JSON_OBJECT);
}

static int array_open_cb(void *arg)
{
	return container_open(arg, JSON_ARRAY);
}

static int close_cb(void *arg)
{
	return container_close(arg);
}

static const yajl_callbacks callbacks = {
	.yajl_null = null_cb,
	.yajl_boolean = bool_cb,
	.yajl_number = number_cb,
	.yajl_string = string_cb,
	.yajl_start_map = object_open_cb,
	.yajl_map_key = key_cb,
	.yajl_end_map = close_cb,
	.yajl_start_array = array_open_cb,
	.yajl_end_array = close_cb,
};

/* --- parsing --- */

/* yajl's words for it are "lexical error: invalid char in json text.\n". */
static void explain(struct reader *r, yajl_handle handle)
{
	const size_t at = yajl_get_bytes_consumed(handle);
	unsigned char *text = yajl_get_error(handle, 0, NULL, 0);
	const struct str why = str_trim(str_of((const char *)text));

	(void)error_set(r->err, "JSON: %.*s (at byte %zu)", (int)why.n, why.p,
	                at);
	yajl_free_error(handle, text);
}

static bool run(struct reader *r, const char *text, size_t len)
{
	yajl_handle handle = yajl_alloc(&callbacks, NULL, r);

	ensure(handle != NULL);
	yajl_status status =
		yajl_parse(handle, (const unsigned char *)text, len);
	if (status == yajl_status_ok)
		status = yajl_complete_parse(handle);
	if (status != yajl_status_ok && !r->refused)
		explain(r, handle);
	yajl_free(handle);
	return status == yajl_status_ok;
}

const struct json *json_parse(struct arena *arena, const char *text, size_t len,
                              const struct json_limits *limits,
                              struct error *err)
{
	struct reader r = { .arena = arena, .limits = limits, .err = err };

	if (len > limits->bytes_max) {
		(void)error_set(err, "JSON: %zu bytes are more than %zu", len,
		                limits->bytes_max);
		return NULL;
	}
	r.levels = arena_alloc(arena,
	                       (size_t)limits->depth_max * sizeof(*r.levels));
	return run(&r, text, len) ? r.root : NULL;
}

/* --- reading the tree --- */

const struct json *json_first(const struct json *container)
{
	return container != NULL ? container->first : NULL;
}

const struct json *json_get(const struct json *object, const char *key)
{
	const struct json *member;

	if (object == NULL || object->type != JSON_OBJECT)
		return NULL;
	JSON_EACH(member, object) {
		if (strcmp(member->key, key) == 0)
			return member;
	}
	return NULL;
}

const char *json_as_string(const struct json *j, const char *otherwise)
{
	return j != NULL && j->type == JSON_STRING ? j->string : otherwise;
}

int64_t json_as_int(const struct json *j, int64_t otherwise)
{
	return j != NULL && j->type == JSON_NUMBER && j->is_integer ? j->integer
	                                                            : otherwise;
}

double json_as_double(const struct json *j, double otherwise)
{
	return j != NULL && j->type == JSON_NUMBER ? j->number : otherwise;
}

bool json_as_bool(const struct json *j, bool otherwise)
{
	return j != NULL && j->type == JSON_BOOL ? j->boolean : otherwise;
}
