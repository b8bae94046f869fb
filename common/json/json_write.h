#ifndef COMMON_JSON_JSON_WRITE_H
#define COMMON_JSON_JSON_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/buf.h"

/*
 * JSON out, into a buf. Commas, quoting and UTF-8 are taken care of (bytes
 * that are not UTF-8 become U+FFFD); unbalanced calls are caught by ensure()
 * in json_writer_end().
 *
 *	struct json_writer *w = json_writer_new(&b);
 *	json_object_begin(w);
 *	json_key(w, "id"); json_int(w, 7);
 *	json_object_end(w);
 *	json_writer_end(&w);
 */
struct json_writer;

struct json_writer *json_writer_new(struct buf *out);
void json_writer_end(struct json_writer **w);

void json_object_begin(struct json_writer *w);
void json_object_end(struct json_writer *w);
void json_array_begin(struct json_writer *w);
void json_array_end(struct json_writer *w);
void json_key(struct json_writer *w, const char *key);
void json_string(struct json_writer *w, const char *s); /* NULL: null */
void json_int(struct json_writer *w, int64_t value);
void json_double(struct json_writer *w, double value);
void json_bool(struct json_writer *w, bool value);
void json_null(struct json_writer *w);

#endif
