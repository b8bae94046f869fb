#ifndef TESTS_UNIT_ZIP_MAKE_H
#define TESTS_UNIT_ZIP_MAKE_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <zlib.h>

#include "common/base/buf.h"
#include "common/base/mem.h"
#include "common/base/str.h"

/*
 * Writes ZIP archives byte by byte, honest and dishonest ones. Like those of
 * Letterboxd the entries are deflated and have their sizes behind them, in a
 * data descriptor, unless said otherwise.
 */
#define ZIP_STORED   0
#define ZIP_DEFLATED 8

#define ZIP_FLAG_ENCRYPTED  0x0001
#define ZIP_FLAG_DESCRIPTOR 0x0008
#define ZIP_FLAG_UTF8       0x0800

#define ZIP_SYMLINK (UINT32_C(0120777) << 16)
#define ZIP_FOLDER  (UINT32_C(0040755) << 16)

struct zip_make_entry {
	const char *name;
	struct str content;
	bool stored;
	int method;         /* 0: as stored says */
	int flags;          /* 0: data descriptor, UTF-8 name */
	uint32_t mode;      /* external attributes; 0: an ordinary file */
	uint32_t wrong_crc; /* added to the right one */
	uint32_t size;      /* what is claimed; 0: the truth */
};

struct zip_make {
	struct buf bytes;
	struct buf directory;
	unsigned count;
};

static inline void zip_make_init(struct zip_make *z)
{
	buf_init(&z->bytes, (size_t)1 << 28);
	buf_init(&z->directory, (size_t)1 << 28);
	z->count = 0;
}

static inline void zip_make_deinit(struct zip_make *z)
{
	buf_deinit(&z->bytes);
	buf_deinit(&z->directory);
}

static inline void zip_make_u16(struct buf *b, unsigned value)
{
	const unsigned char bytes[] = { (unsigned char)value,
		                        (unsigned char)(value >> 8) };

	buf_add(b, bytes, sizeof(bytes));
}

static inline void zip_make_u32(struct buf *b, uint32_t value)
{
	zip_make_u16(b, value & 0xffff);
	zip_make_u16(b, value >> 16);
}

/* As an array of its own: the caller frees it. */
static inline char *zip_make_deflate(struct str content, size_t *len_r)
{
	z_stream stream = { 0 };
	const size_t bound = content.n + content.n / 1000 + 64;
	unsigned char *out = xmalloc(bound);
	unsigned char *in = xmalloc(content.n + 1);

	memcpy(in, content.p, content.n);
	ensure(deflateInit2(&stream, 9, Z_DEFLATED, -15, 9,
	                    Z_DEFAULT_STRATEGY) == Z_OK);
	stream.next_in = in;
	stream.avail_in = (uInt)content.n;
	stream.next_out = out;
	stream.avail_out = (uInt)bound;
	ensure(deflate(&stream, Z_FINISH) == Z_STREAM_END);
	*len_r = bound - stream.avail_out;
	ensure(deflateEnd(&stream) == Z_OK);
	free(in);
	return (char *)out;
}

/* The fields that the local header and the directory share. */
static inline void zip_make_common(struct buf *b,
                                   const struct zip_make_entry *e, int flags,
                                   const uint32_t crc_and_sizes[3])
{
	const int method = e->method > 0 ? e->method
	                   : e->stored   ? ZIP_STORED
	                                 : ZIP_DEFLATED;

	zip_make_u16(b, 20);
	zip_make_u16(b, (unsigned)flags);
	zip_make_u16(b, (unsigned)method);
	zip_make_u32(b, UINT32_C(0x5a210000)); /* 2025-01-01 00:00 */
	for (int i = 0; i < 3; i++)
		zip_make_u32(b, crc_and_sizes[i]);
	zip_make_u16(b, (unsigned)strlen(e->name));
	zip_make_u16(b, 0);
}

static inline void zip_make_directory(struct zip_make *z,
                                      const struct zip_make_entry *e, int flags,
                                      const uint32_t crc_and_sizes[3],
                                      size_t offset)
{
	struct buf *b = &z->directory;

	buf_add(b, "PK\1\2", 4);
	zip_make_u16(b, 0x0314); /* made on Unix */
	zip_make_common(b, e, flags, crc_and_sizes);
	zip_make_u16(b, 0);
	zip_make_u32(b, 0);
	zip_make_u32(b, e->mode);
	zip_make_u32(b, (uint32_t)offset);
	buf_add_str(b, e->name);
	z->count++;
}

static inline void zip_make_add(struct zip_make *z,
                                const struct zip_make_entry *e)
{
	static const uint32_t later[3];
	const int flags =
		e->flags != 0 ? e->flags : ZIP_FLAG_DESCRIPTOR | ZIP_FLAG_UTF8;
	const bool descriptor = (flags & ZIP_FLAG_DESCRIPTOR) != 0;
	const size_t offset = z->bytes.len;
	size_t packed_len = e->content.n;
	char *packed = NULL;

	if (!e->stored)
		packed = zip_make_deflate(e->content, &packed_len);
	const uint32_t facts[3] = {
		(uint32_t)crc32(0, (const unsigned char *)e->content.p,
		                (uInt)e->content.n) +
			e->wrong_crc,
		(uint32_t)packed_len,
		e->size > 0 ? e->size : (uint32_t)e->content.n
	};

	buf_add(&z->bytes, "PK\3\4", 4);
	zip_make_common(&z->bytes, e, flags, descriptor ? later : facts);
	buf_add_str(&z->bytes, e->name);
	buf_add(&z->bytes, packed != NULL ? packed : e->content.p, packed_len);
	if (descriptor) {
		buf_add(&z->bytes, "PK\7\10", 4);
		for (int i = 0; i < 3; i++)
			zip_make_u32(&z->bytes, facts[i]);
	}
	zip_make_directory(z, e, flags, facts, offset);
	free(packed);
}

static inline void zip_make_file(struct zip_make *z, const char *name,
                                 const char *content)
{
	zip_make_add(z, &(struct zip_make_entry){
				.name = name,
				.content = str_of(content),
			});
}

/* The archive, owned by z. */
static inline struct str zip_make_end(struct zip_make *z)
{
	const size_t offset = z->bytes.len;

	buf_add(&z->bytes, z->directory.data, z->directory.len);
	buf_add(&z->bytes, "PK\5\6", 4);
	zip_make_u32(&z->bytes, 0);
	zip_make_u16(&z->bytes, z->count);
	zip_make_u16(&z->bytes, z->count);
	zip_make_u32(&z->bytes, (uint32_t)z->directory.len);
	zip_make_u32(&z->bytes, (uint32_t)offset);
	zip_make_u16(&z->bytes, 0);
	ensure(!buf_overflowed(&z->bytes));
	return (struct str){ z->bytes.data, z->bytes.len };
}

/* From the init to the end: an archive of one file, and of one more behind it
 * where that is not NULL. */
static inline struct str zip_make_of(struct zip_make *z, const char *name,
                                     const char *content,
                                     const struct zip_make_entry *more)
{
	zip_make_init(z);
	zip_make_file(z, name, content);
	if (more != NULL)
		zip_make_add(z, more);
	return zip_make_end(z);
}

#endif
