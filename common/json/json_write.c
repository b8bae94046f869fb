/*
 * yajl's generator writes the bytes; the order of the calls is watched here,
 * since yajl would let {"a"} or [} pass. After a call out of order nothing
 * more is written and json_writer_end() aborts.
 */
#include "common/json/json_write.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_gen.h>

#include "common/base/mem.h"
#include "common/base/str.h"

#define DEPTH_MAX 64

/* What may come next at one level of nesting. */
enum expect {
	EXPECT_ROOT = 1,
	EXPECT_NOTHING = 2, /* behind the root value */
	EXPECT_ITEM = 4,    /* or the end of the array */
	EXPECT_KEY = 8,     /* or the end of the object */
	EXPECT_MEMBER = 16  /* the value that belongs to the key */
};

#define EXPECT_VALUE (EXPECT_ROOT | EXPECT_ITEM | EXPECT_MEMBER)

struct json_writer {
	yajl_gen gen;
	struct buf *out;
	int depth;
	bool disordered;
	enum expect expect[DEPTH_MAX];
};

static void print_cb(void *arg, const char *text, size_t len)
{
	struct buf *out = arg;

	buf_add(out, text, len);
}

struct json_writer *json_writer_new(struct buf *out)
{
	struct json_writer *w = xcalloc(1, sizeof(*w));

	w->out = out;
	w->expect[0] = EXPECT_ROOT;
	w->gen = yajl_gen_alloc(NULL);
	ensure(w->gen != NULL);
	ensure(yajl_gen_config(w->gen, yajl_gen_print_callback, print_cb, out));
	return w;
}

void json_writer_end(struct json_writer **w)
{
	ensure(!(*w)->disordered);
	ensure((*w)->depth == 0 && (*w)->expect[0] == EXPECT_NOTHING);
	yajl_gen_free((*w)->gen);
	free(*w);
	*w = NULL;
}

/* False when none of what is allowed may come now. */
static bool in_order(struct json_writer *w, int allowed)
{
	if (((int)w->expect[w->depth] & allowed) == 0)
		w->disordered = true;
	return !w->disordered;
}

/* A value begins: the level it is in expects what follows it. */
static bool value_begin(struct json_writer *w)
{
	if (!in_order(w, EXPECT_VALUE))
		return false;
	if (w->expect[w->depth] == EXPECT_ROOT)
		w->expect[w->depth] = EXPECT_NOTHING;
	else if (w->expect[w->depth] == EXPECT_MEMBER)
		w->expect[w->depth] = EXPECT_KEY;
	return true;
}

static void level_open(struct json_writer *w, enum expect inside)
{
	ensure(w->depth + 1 < DEPTH_MAX);
	w->expect[++w->depth] = inside;
}

static void written(yajl_gen_status status)
{
	ensure(status == yajl_gen_status_ok ||
	       status == yajl_gen_generation_complete);
}

void json_object_begin(struct json_writer *w)
{
	if (!value_begin(w))
		return;
	written(yajl_gen_map_open(w->gen));
	level_open(w, EXPECT_KEY);
}

void json_object_end(struct json_writer *w)
{
	if (!in_order(w, EXPECT_KEY))
		return;
	w->depth--;
	written(yajl_gen_map_close(w->gen));
}

void json_array_begin(struct json_writer *w)
{
	if (!value_begin(w))
		return;
	written(yajl_gen_array_open(w->gen));
	level_open(w, EXPECT_ITEM);
}

void json_array_end(struct json_writer *w)
{
	if (!in_order(w, EXPECT_ITEM))
		return;
	w->depth--;
	written(yajl_gen_array_close(w->gen));
}

static void write_raw(struct json_writer *w, const char *s, size_t len)
{
	written(yajl_gen_string(w->gen, (const unsigned char *)s, len));
}

/* A copy in which each wrong byte has become U+FFFD. */
static void write_mended(struct json_writer *w, struct str s)
{
	char *copy = xmalloc(s.n * 3);
	size_t used = 0;

	while (s.n > 0) {
		const size_t len = str_utf8_len(s);
		const char *from = len > 0 ? s.p : "\xef\xbf\xbd";
		const size_t n = len > 0 ? len : 3;

		memcpy(copy + used, from, n);
		used += n;
		s.p += len > 0 ? len : 1;
		s.n -= len > 0 ? len : 1;
	}
	write_raw(w, copy, used);
	free(copy);
}

static void write_string(struct json_writer *w, struct str s)
{
	if (str_is_utf8(s))
		write_raw(w, s.p, s.n);
	else
		write_mended(w, s);
}

void json_key(struct json_writer *w, const char *key)
{
	if (!in_order(w, EXPECT_KEY))
		return;
	w->expect[w->depth] = EXPECT_MEMBER;
	write_string(w, str_of(key));
}

void json_string(struct json_writer *w, const char *s)
{
	if (s == NULL)
		json_null(w);
	else if (value_begin(w))
		write_string(w, str_of(s));
}

void json_int(struct json_writer *w, int64_t value)
{
	if (value_begin(w))
		written(yajl_gen_integer(w->gen, value));
}

/* The shortest text that reads back as the same number; null for no number. */
void json_double(struct json_writer *w, double value)
{
	char text[32];

	if (!isfinite(value)) {
		json_null(w);
		return;
	}
	if (!value_begin(w))
		return;
	for (int digits = 15; digits <= 17; digits++) {
		(void)snprintf(text, sizeof(text), "%.*g", digits, value);
		if (strtod(text, NULL) == value)
			break;
	}
	written(yajl_gen_number(w->gen, text, strlen(text)));
}

void json_bool(struct json_writer *w, bool value)
{
	if (value_begin(w))
		written(yajl_gen_bool(w->gen, value));
}

void json_null(struct json_writer *w)
{
	if (value_begin(w))
		written(yajl_gen_null(w->gen));
}
