#ifndef COMMON_PG_PG_RESULT_H
#define COMMON_PG_PG_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What a transaction came to. Borrowed for the length of the callback.
 */
enum pg_error_kind {
	PG_OK,
	PG_ERROR_REFUSED, /* a statement failed; sqlstate and message say why */
	PG_ERROR_TRANSIENT, /* serialization, deadlock, lock or statement
	                     * timeout, or cancelled at its deadline: rolled
	                     * back, may be tried again as it is */
	PG_ERROR_LOST,      /* connection lost while it ran: unknown whether it
	                     * committed */
	PG_ERROR_DEADLINE,  /* no answer in time, nor to a cancellation; the
	                     * connection was dropped: unknown whether it
	                     * committed */
	PG_ERROR_BUSY, /* the queue is full or waited too long: not begun */
	PG_ERROR_DOWN  /* no connection to the database: not begun */
};

struct pg_rows;

struct pg_outcome {
	enum pg_error_kind error;
	char sqlstate[6];    /* "" unless the server spoke */
	const char *message; /* for the log; NULL when PG_OK */
	int failed;          /* index of the statement that failed, or -1 */
	int count;           /* number of results */
	const struct pg_rows *const *results; /* one a pg_tx_add() */
};

int pg_count(const struct pg_rows *rows);
bool pg_is_null(const struct pg_rows *rows, int row, const char *column);
/* NULL reads as "", 0 and false. An unknown column, or a value that is not of
 * that type, is a programming error: ensure(). */
const char *pg_text(const struct pg_rows *rows, int row, const char *column);
size_t pg_text_len(const struct pg_rows *rows, int row, const char *column);
int64_t pg_int(const struct pg_rows *rows, int row, const char *column);
/* The row whose value it is, of rows that are sorted by that column; -1: none.
 */
int pg_find_int(const struct pg_rows *rows, const char *column, int64_t value);
double pg_double(const struct pg_rows *rows, int row, const char *column);
bool pg_bool(const struct pg_rows *rows, int row, const char *column);

/* A word for logs and metrics: "refused", "lost", ... */
const char *pg_error_name(enum pg_error_kind kind);

#endif
