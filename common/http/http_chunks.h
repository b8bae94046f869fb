#ifndef COMMON_HTTP_HTTP_CHUNKS_H
#define COMMON_HTTP_HTTP_CHUNKS_H

#include <stdint.h>

#include "common/base/attr.h"
#include "common/base/str.h"

/*
 * A body in chunks (RFC 9112, 7.1), taken apart as it comes. Read strictly:
 * sizes are hexadecimal digits, lines end in CR and LF. Extensions and trailers
 * are skipped: some of each. Pure. Begins as { 0 }.
 */
struct http_chunks {
	int state;
	int digits;    /* of the size that is being read */
	int skipped;   /* bytes of this extension, or of the trailers */
	uint64_t left; /* bytes of the chunk that are still to come */
};

enum http_chunks_result {
	HTTP_CHUNKS_MORE, /* all of in was read */
	HTTP_CHUNKS_DATA, /* *data_r is a part of the body; call again */
	HTTP_CHUNKS_END,  /* the body is whole; in is what stands behind it */
	HTTP_CHUNKS_BAD
};

/* Cuts what it has read off the beginning of *in. */
enum http_chunks_result http_chunks_next(struct http_chunks *chunks,
                                         struct str *in,
                                         struct str *data_r) MUST_CHECK;

#endif
