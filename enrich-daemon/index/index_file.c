/*
 * Unpacks a little, cuts a line, reads it, and so on.
 */
#include "enrich-daemon/index/index_file.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/base/mem.h"
#include "common/json/json_read.h"
#include "enrich-daemon/match/film_name.h"
#include "enrich-daemon/tmdb/tmdb_json.h"
#define ZLIB_CONST
#include <zlib.h>

#define WINDOW_GZIP (15 + 16)
#define OUT_BYTES   32768
#define LINE_BYTES  8192
/* A hundred times what the export has, and ten times as many lines: whatever is
 * larger is something else. */
#define BYTES_MAX    (INT64_C(10) << 30)
#define LINES_MAX    10000000
#define BAD_MAX      1000 /* lines; and fewer than a hundredth of all */
#define BAD_FRACTION 100
#define TOO_MUCH     "it unpacks to far more than an export has"

struct index_file {
	z_stream z;
	unsigned char in[INDEX_PIECE_MAX];
	char out[OUT_BYTES];
	size_t out_at, out_len;
	struct buf line;
	struct arena *arena; /* of the last row */
	enum index_read state;
	bool unpacked; /* all of it */
	int64_t bytes; /* so far */
	int64_t lines, rows, bad;
	struct error broken; /* INDEX_BROKEN: why; before: the first bad line */
};

struct index_file *index_file_new(void)
{
	struct index_file *f = xcalloc(1, sizeof(*f));

	ensure(inflateInit2(&f->z, WINDOW_GZIP) == Z_OK);
	buf_init(&f->line, LINE_BYTES);
	f->state = INDEX_HUNGRY;
	return f;
}

void index_file_free(struct index_file **fp)
{
	struct index_file *f = *fp;

	if (f == NULL)
		return;
	*fp = NULL;
	(void)inflateEnd(&f->z);
	buf_deinit(&f->line);
	arena_free(&f->arena);
	free(f);
}

enum index_read index_file_state(const struct index_file *f)
{
	return f->state;
}

static void file_break(struct index_file *f, const char *why)
{
	(void)error_set(&f->broken, "%s", why);
	f->state = INDEX_BROKEN;
}

/* --- a line --------------------------------------------------------------- */

enum line_kind {
	LINE_ROW,
	LINE_LEFT_OUT,
	LINE_BAD
};

static enum line_kind line_take(const struct json *j, struct index_row *row,
                                struct error *err)
{
	const char *name = json_as_string(json_get(j, "original_title"), "");

	*row = (struct index_row){
		.id = json_as_int(json_get(j, "id"), 0),
		.name = name,
		.popularity = tmdb_real(json_get(j, "popularity"),
		                        TMDB_POPULARITY_MAX),
	};
	if (row->id <= 0 || json_get(j, "original_title") == NULL) {
		(void)error_set(err, "it has no id or no original_title");
		return LINE_BAD;
	}
	if (*name == '\0' || strlen(name) > FILM_NAME_MAX ||
	    json_as_bool(json_get(j, "adult"), false) ||
	    json_as_bool(json_get(j, "video"), false))
		return LINE_LEFT_OUT;
	return LINE_ROW;
}

static enum line_kind line_read(struct index_file *f, struct index_row *row,
                                struct error *err)
{
	static const struct json_limits limits = { .bytes_max = LINE_BYTES,
		                                   .nodes_max = 100,
		                                   .depth_max = 4 };

	if (buf_overflowed(&f->line)) {
		(void)error_set(err, "it is over %d bytes long", LINE_BYTES);
		return LINE_BAD;
	}
	if (f->line.len == 0)
		return LINE_LEFT_OUT;
	arena_free(&f->arena);
	f->arena = arena_new();
	const struct json *j =
		json_parse(f->arena, f->line.data, f->line.len, &limits, err);
	return j == NULL ? LINE_BAD : line_take(j, row, err);
}

/* The line is complete: is it a row? */
static bool line_end(struct index_file *f, struct index_row *row)
{
	struct error err;
	const enum line_kind kind = line_read(f, row, &err);

	buf_reset(&f->line);
	f->lines++;
	f->rows += kind == LINE_ROW ? 1 : 0;
	if (kind == LINE_BAD && f->bad++ == 0)
		(void)error_set(&f->broken,
		                "not an export of TMDB: line %" PRId64 ": %s",
		                f->lines, err.message);
	if (f->bad > BAD_MAX)
		f->state = INDEX_BROKEN;
	else if (f->lines > LINES_MAX)
		file_break(f, TOO_MUCH);
	return kind == LINE_ROW && f->state != INDEX_BROKEN;
}

/* --- the stream ----------------------------------------------------------- */

/* All lines were read. */
static void file_end(struct index_file *f)
{
	if (f->z.avail_in > 0)
		file_break(f, "there is something behind the end of the gzip");
	else if (f->bad * BAD_FRACTION > f->lines)
		f->state = INDEX_BROKEN;
	else if (f->rows == 0)
		file_break(f, "there is no film in it");
	else
		f->state = INDEX_END;
}

/* Unpacks as much as there is room for. */
static void file_unpack(struct index_file *f)
{
	f->z.next_out = (unsigned char *)f->out;
	f->z.avail_out = OUT_BYTES;
	const int status = inflate(&f->z, Z_NO_FLUSH);

	f->out_at = 0;
	f->out_len = OUT_BYTES - f->z.avail_out;
	f->bytes += (int64_t)f->out_len;
	f->unpacked = status == Z_STREAM_END;
	if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR)
		file_break(f,
		           f->bytes == 0 ? "not gzip" : "the gzip is broken");
	else if (f->bytes > BYTES_MAX)
		file_break(f, TOO_MUCH);
	else if (f->out_len == 0 && !f->unpacked)
		f->state = INDEX_HUNGRY;
}

/* Takes what is unpacked up to the end of the line; true: it was there. */
static bool file_cut_line(struct index_file *f)
{
	const char *at = f->out + f->out_at;
	const size_t left = f->out_len - f->out_at;
	const char *end = memchr(at, '\n', left);
	const size_t len = end != NULL ? (size_t)(end - at) : left;

	buf_add(&f->line, at, len);
	f->out_at += end != NULL ? len + 1 : len;
	return end != NULL;
}

void index_file_feed(struct index_file *f, const void *piece, size_t len)
{
	ensure(len <= INDEX_PIECE_MAX);
	if (len == 0 || f->state == INDEX_BROKEN)
		return;
	if (f->state == INDEX_END) {
		file_break(f, "there is something behind the end of the gzip");
		return;
	}
	ensure(f->state == INDEX_HUNGRY && f->z.avail_in == 0);
	memcpy(f->in, piece, len);
	f->z.next_in = f->in;
	f->z.avail_in = (unsigned int)len;
	f->state = INDEX_ROW;
}

enum index_read index_file_next(struct index_file *f, struct index_row *row_r,
                                struct error *err)
{
	while (f->state == INDEX_ROW) {
		bool whole = false;

		if (f->out_at < f->out_len)
			whole = file_cut_line(f);
		else if (!f->unpacked)
			file_unpack(f);
		else if (f->line.len > 0 || buf_overflowed(&f->line))
			whole = true; /* the last one, without its newline */
		else
			file_end(f);
		if (whole && line_end(f, row_r))
			return INDEX_ROW;
	}
	if (f->state == INDEX_BROKEN)
		*err = f->broken;
	return f->state;
}
