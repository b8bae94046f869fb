/* What follows from the limits of an upload. */
#include "api-server/import/limits.h"

/* A chunk of rows, as merge.c cuts them; a head of a ZIP. */
#define CHUNK_BYTES ((size_t)8 << 20)
/* What is noted of a name: its path, what is said of it. */
#define NAME_BYTES 2048
/* The fields of a row, and these again as parameters, where each byte may be
 * escaped, or become a character of three. */
#define COPIES 6

size_t import_reserve_bytes(const struct import_limits *limits)
{
	return CHUNK_BYTES + NAME_BYTES * (size_t)limits->entries_max +
	       COPIES * (size_t)limits->row_bytes_max;
}
