#ifndef ENRICH_DAEMON_INDEX_INDEX_DOWNLOAD_H
#define ENRICH_DAEMON_INDEX_INDEX_DOWNLOAD_H

#include <stdint.h>

#include "common/base/attr.h"
#include "common/base/error.h"
#include "enrich-daemon/index/index_file.h"
#include "enrich-daemon/settings.h"

struct event_base;

/*
 * TMDB's daily export of films from the network, row by row: the file of today
 * or, before that is made, of yesterday. Nothing is read from the network
 * unless it is asked for rows.
 *
 *	index_download_begin(d, deadline_ms);
 *	ready: while (index_download_next(d, &row, &err) == INDEX_ROW) ...
 *	index_download_end(d);
 */
struct index_download;

/* ready: index_download_next() may have something new to say. Nothing of the
 * download may be called in it. settings is borrowed. */
struct index_download *index_download_new(struct event_base *base,
                                          const struct tmdb_settings *settings,
                                          void (*ready)(void *arg), void *arg);
void index_download_free(struct index_download **d);

/* A file may take deadline_ms. */
void index_download_begin(struct index_download *d, int64_t deadline_ms);
/* Drops what is under way; also when nothing is. */
void index_download_end(struct index_download *d);

/*
 * Between begin and end. INDEX_HUNGRY: not yet, ready() is going to be called,
 * maybe within this call. INDEX_END: the download was whole, as the file in it.
 * INDEX_BROKEN: err says why either is not.
 */
enum index_read index_download_next(struct index_download *d,
                                    struct index_row *row_r,
                                    struct error *err) MUST_CHECK;
/* The date of the export, YYYY-MM-DD; "" when none is under way. */
const char *index_download_date(const struct index_download *d);

#endif
