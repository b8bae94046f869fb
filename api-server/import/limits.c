/* What follows from the limits of an upload. */
#include "api-server/import/limits.h"

/* A chunk of rows, as merge.c cuts them, or a piece of a ZIP. */
#define CHUNK_BYTES ((size_t)4 << 20)
/* The fields of a row, and these again as parameters, where each byte may be
 * escaped, or become a character of three. */
#define COPIES 6
/* What is noted of a name: its path (LISTING_PATH_BYTES_MAX) some times over, and
 * what is said of it. */
#define NAME_BYTES 4096

size_t import_reserve_rows(const struct import_limits *limits)
{
	return CHUNK_BYTES + COPIES * (size_t)limits->row_bytes_max;
}

size_t import_reserve_names(const struct import_limits *limits)
{
	return import_reserve_rows(limits) +
	       NAME_BYTES * (size_t)limits->entries_max;
}
