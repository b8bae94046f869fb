/*
 * Fuzzes common/json/json_read with small limits. What is accepted must survive
 * being written by common/json/json_write and read again.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "common/json/json_read.h"
#include "common/json/json_write.h"

/* A number of one byte may be written with 24, a byte as \u0001. */
#define BYTES_MAX   4096
#define WRITTEN_MAX 98304

static const struct json_limits limits = { .bytes_max = BYTES_MAX,
	                                   .nodes_max = 256,
	                                   .depth_max = 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_json(struct json_writer *w, const struct json *j)
{
	const struct json *child;

	switch (j->type) {
	case JSON_NULL:
		json_null(w);
		break;
	case JSON_BOOL:
		json_bool(w, j->boolean);
		break;
	case JSON_NUMBER:
		if (j->is_integer)
			json_int(w, j->integer);
		else
			json_double(w, j->number);
		break;
	case JSON_STRING:
		json_string(w, j->string);
		break;
	case JSON_ARRAY:
		json_array_begin(w);
		JSON_EACH(child, j)
			write_json(w, child);
		json_array_end(w);
		break;
	case JSON_OBJECT:
		json_object_begin(w);
		JSON_EACH(child, j) {
			json_key(w, child->key);
			write_json(w, child);
		}
		json_object_end(w);
		break;
	}
}

static void check_node(const struct json *j)
{
	if (j->type == JSON_STRING) {
		const struct str text = { j->string, j->len };
		ensure(strlen(j->string) == j->len);
		ensure(str_is_utf8(text));
	}
	if (j->type == JSON_NUMBER && j->is_integer)
		ensure((double)j->integer == j->number);
}

static void check_same(const struct json *a, const struct json *b)
{
	check_node(a);
	ensure(a->type == b->type && a->len == b->len);
	ensure(a->boolean == b->boolean && a->number == b->number);
	ensure(a->is_integer == b->is_integer && a->integer == b->integer);
	ensure((a->key == NULL) == (b->key == NULL));
	ensure(a->key == NULL || strcmp(a->key, b->key) == 0);
	if (a->type == JSON_STRING)
		ensure(strcmp(a->string, b->string) == 0);

	for (a = json_first(a), b = json_first(b); a != NULL;) {
		ensure(b != NULL);
		check_same(a, b);
		a = a->next;
		b = b->next;
	}
	ensure(b == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct json_limits wide = { .bytes_max = WRITTEN_MAX,
		                          .nodes_max = limits.nodes_max,
		                          .depth_max = limits.depth_max };
	struct arena *arena = arena_new();
	struct error err;
	const struct json *j =
		json_parse(arena, (const char *)data, size, &limits, &err);

	if (j != NULL) {
		struct buf b;
		buf_init(&b, wide.bytes_max);
		struct json_writer *w = json_writer_new(&b);
		write_json(w, j);
		json_writer_end(&w);
		ensure(!buf_overflowed(&b));
		const struct json *again =
			json_parse(arena, b.data, b.len, &wide, &err);
		ensure(again != NULL);
		check_same(j, again);
		buf_deinit(&b);
	}
	arena_free(&arena);
	return 0;
}
