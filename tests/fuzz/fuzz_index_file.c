/*
 * Fuzzes TMDB's daily export: the input as a gzip as it comes, or as its
 * lines, packed here, with a byte of the packed file changed now and then; in
 * pieces whose size the input says.
 */
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#define ZLIB_CONST
#include <zlib.h>

#include "common/base/buf.h"
#include "common/base/mem.h"
#include "common/base/str.h"
#include "enrich-daemon/index/index_file.h"
#include "enrich-daemon/match/film_name.h"

#define PACKED_MAX ((size_t)1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void pack(const uint8_t *data, size_t size, struct buf *out)
{
	static unsigned char packed[PACKED_MAX];
	z_stream z = { .next_in = data,
		       .avail_in = (unsigned int)size,
		       .next_out = packed,
		       .avail_out = PACKED_MAX };

	ensure(deflateInit2(&z, 1, Z_DEFLATED, 15 + 16, 8,
	                    Z_DEFAULT_STRATEGY) == Z_OK);
	ensure(deflate(&z, Z_FINISH) == Z_STREAM_END);
	buf_add(out, packed, z.total_out);
	deflateEnd(&z);
}

/* The number of rows; how it ended in *end_r. */
static int read_all(const char *data, size_t len, size_t piece,
                    enum index_read *end_r)
{
	struct index_file *f = index_file_new();
	struct index_row row;
	struct error err;
	int rows = 0;

	*end_r = INDEX_HUNGRY;
	for (size_t at = 0; at < len && *end_r != INDEX_BROKEN; at += piece) {
		index_file_feed(f, data + at,
		                len - at < piece ? len - at : piece);
		while ((*end_r = index_file_next(f, &row, &err)) == INDEX_ROW) {
			ensure(row.id > 0 && row.name[0] != '\0' &&
			       strlen(row.name) <= FILM_NAME_MAX &&
			       str_is_utf8(str_of(row.name)) &&
			       isfinite(row.popularity) && row.popularity >= 0);
			rows++;
		}
		ensure(*end_r == index_file_state(f));
		ensure(*end_r != INDEX_BROKEN || err.message[0] != '\0');
	}
	index_file_free(&f);
	return rows;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum index_read end, end_whole;
	struct buf file;

	if (size < 4)
		return 0;
	const size_t piece = 1 + data[1] * 3;
	buf_init(&file, PACKED_MAX);
	if (data[0] % 4 == 0)
		buf_add(&file, data + 4, size - 4);
	else
		pack(data + 4, size - 4, &file);
	if (data[0] % 4 == 1 && file.len > 0) {
		char *at = file.data + (size_t)data[2] * 7 % file.len;

		*at = (char)(*at ^ data[3]);
	}
	const int rows = read_all(file.data, file.len, piece, &end);
	const int rows_whole =
		read_all(file.data, file.len, INDEX_PIECE_MAX, &end_whole);
	/* However it is cut, it is the same file. */
	ensure(end == end_whole);
	ensure(end == INDEX_BROKEN || rows == rows_whole);
	buf_deinit(&file);
	return 0;
}
