/* The daily export of what there is: a line of JSON a title, packed. */

#include "tests/tmdb-stub/export.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "common/base/attr.h"
#include "common/base/mem.h"
#include "tests/tmdb-stub/answer.h"
#include "tests/tmdb-stub/span.h"

#define LINES_MAX ((size_t)64 << 20)

struct export
{
	bool tv;
	const char *const *members; /* NULL at the end */
	struct buf lines;
};

static const char *const movie_members[] = { "adult",          "id",
	                                     "original_title", "popularity",
	                                     "video",          NULL };
static const char *const tv_members[] = { "id", "original_name", "popularity",
	                                  NULL };

static const struct {
	const char *prefix;
	bool tv;
	const char *const *members;
} files[] = {
	{ EXPORT_PATH "movie_ids_", false, movie_members },
	{ EXPORT_PATH "tv_series_ids_", true, tv_members },
};

static void write_line_cb(const struct title *t, void *arg)
{
	struct export *e = arg;
	char before = '{';

	if (t->tv != e->tv)
		return;
	for (const char *const *member = e->members; *member != NULL;
	     member++) {
		const struct str value = span_get(t->body, *member);

		if (value.p == NULL)
			continue;
		buf_printf(&e->lines, "%c\"%s\":", before, *member);
		buf_add(&e->lines, value.p, value.n);
		before = ',';
	}
	buf_add_str(&e->lines, "}\n");
}

void export_pack(const struct buf *plain, struct buf *out)
{
	z_stream z = { 0 };
	const size_t max = plain->len + 1024;
	unsigned char *packed = xmalloc(max);

	ensure(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8,
	                    Z_DEFAULT_STRATEGY) == Z_OK);
	z.next_in = (unsigned char *)plain->data;
	z.avail_in = (unsigned)plain->len;
	z.next_out = packed;
	z.avail_out = (unsigned)max;
	ensure(deflate(&z, Z_FINISH) == Z_STREAM_END);
	buf_reset(out);
	buf_add(out, packed, z.total_out);
	deflateEnd(&z);
	free(packed);
}

int export_write(const struct catalogue *c, const char *path, struct buf *out)
{
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		if (strncmp(path, files[i].prefix, strlen(files[i].prefix)) !=
		    0)
			continue;
		struct export e = { .tv = files[i].tv,
			            .members = files[i].members };

		buf_init(&e.lines, LINES_MAX);
		catalogue_each(c, write_line_cb, &e);
		export_pack(&e.lines, out);
		buf_deinit(&e.lines);
		return 200;
	}
	return answer_error(404, out);
}
