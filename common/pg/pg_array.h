#ifndef COMMON_PG_PG_ARRAY_H
#define COMMON_PG_PG_ARRAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Writes a one-dimensional array literal ('{1,NULL,"a\"b"}') for a parameter
 * such as :ids::bigint[] or :names::text[]. An element that is itself a literal
 * (of :genres::text[], '{18,53}', cast per row in SQL) is added as text.
 *
 *	struct pg_array *ids = pg_array_new();
 *	pg_array_int(ids, 7);
 *	PG_ARRAY(tx, SQL_JOB_LOCK, FILMS, ids);		-- takes ownership
 */
struct pg_array;

struct pg_array *pg_array_new(void);
void pg_array_free(struct pg_array **a);
void pg_array_int(struct pg_array *a, int64_t value);
void pg_array_double(struct pg_array *a, double value);
void pg_array_bool(struct pg_array *a, bool value);
void pg_array_text(struct pg_array *a, const char *value); /* NULL: NULL */
void pg_array_text_len(struct pg_array *a, const char *value, size_t len);
void pg_array_bytes(struct pg_array *a, const void *value, size_t len);
void pg_array_null(struct pg_array *a);
/* Adds `inner` as one element (its literal), then frees it. */
void pg_array_array(struct pg_array *a, struct pg_array *inner);
/* Elements so far. */
size_t pg_array_count(const struct pg_array *a);
/* The literal, finished; borrowed until the next call or the free. */
const char *pg_array_literal(struct pg_array *a);

#endif
