#ifndef API_SERVER_HTTP_BODY_H
#define API_SERVER_HTTP_BODY_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/attr.h"

/*
 * A finished body: its bytes, its compressed form once somebody asked for it,
 * its entity tag. Shared by reference count between the cache, the page and
 * the replies on their way out; the bytes never change.
 *
 * A strong tag must differ between encodings: that of the compressed form has
 * BODY_GZIP_SUFFIX at its end.
 */
#define BODY_GZIP_SUFFIX "-gz"
/* Smaller ones are not worth compressing, and no answer is larger. */
#define BODY_GZIP_MIN 1024
#define BODY_GZIP_MAX ((size_t)16 << 20)

struct body {
	int refs;
	const char *content_type;  /* constant text */
	const char *cache_control; /* constant text; NULL: see reply.c */
	char *data;
	size_t len;
	char *gzip; /* NULL: not made, or not worth it */
	size_t gzip_len;
	bool gzip_tried;
	bool resident;     /* in memory anyway: a file of the page */
	int sends;         /* replies it is on its way with, */
	size_t sends_size; /* and its size when the first began */
	char etag[96];     /* without quotes; "": none */
};

/* Copies data; one reference, the caller's. */
struct body *body_new(const char *content_type, const void *data,
                      size_t len) MUST_CHECK;
struct body *body_ref(struct body *b);
/* Drops the caller's reference and sets *b to NULL; NULL is fine. */
void body_unref(struct body **b);

/*
 * A reference for a reply on its way: the body of a client that reads slowly, or
 * not at all, stays for as long. BODY_SENDS_MAX is for all of them together; what
 * to answer beyond it, whoever replies decides.
 */
#define BODY_SENDS_MAX ((size_t)64 << 20)
struct body *body_send(struct body *b);
void body_sent(struct body **b);
/* Bytes of bodies on their way; one with several replies is counted once, one that
 * is resident not at all. */
size_t body_sends_bytes(void);

/* Tag of the content, behind "version-" when a version is given. */
void body_tag(struct body *b, const char *version);
/* Makes the compressed form if it is worth it; true when there is one. */
bool body_compress(struct body *b);
/* What it costs to keep. */
size_t body_size(const struct body *b);

#endif
