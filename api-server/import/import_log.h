#ifndef API_SERVER_IMPORT_IMPORT_LOG_H
#define API_SERVER_IMPORT_IMPORT_LOG_H

#include <stddef.h>
#include <stdint.h>

struct pg_rows;

/*
 * What the operator is told of imports: for each a line of the log, under the
 * request's id that its member was told, and the metrics.
 */
enum import_end {
	IMPORT_COMMITTED,
	IMPORT_TRIED,   /* dry_run */
	IMPORT_REFUSED, /* for something in the upload */
	IMPORT_FAILED,  /* for something else: the database, too much at once */
	IMPORT_UNDONE,
	IMPORT_ENDS
};

/* Strings are borrowed. */
struct import_log {
	const char *request;
	int64_t member;
	int64_t begun_ms; /* clock_ms() when it arrived */
	const char *file; /* as the member calls it; NULL: not said */
	size_t bytes;
};

/* Registers the metrics; once, at the start. */
void import_log_register(void);
/* IMPORT_COMMITTED, IMPORT_TRIED, IMPORT_UNDONE; totals: SQL_IMPORT_TOTALS. */
void import_log_done(const struct import_log *import, enum import_end outcome,
                     const struct pg_rows *totals);
/* reason: the type of the problem that the member was told, detail: its words.
 * IMPORT_REFUSED or IMPORT_FAILED. */
void import_log_not_done(const struct import_log *import,
                         enum import_end outcome, const char *reason,
                         const char *detail);

#endif
