/*
 * Which file it is, and its pieces fed to index_file.c as that has room for
 * them.
 */
#include "enrich-daemon/index/index_download.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/base/mem.h"
#include "enrich-daemon/client/fetch.h"

#define DAY_S 86400

struct index_download {
	const struct tmdb_settings *settings;
	void (*ready)(void *arg);
	void *arg;
	struct fetch *fetch;

	/* The download. */
	int64_t deadline_ms;
	int days_back;           /* 0: the export of today */
	char date[11];           /* its date, YYYY-MM-DD */
	struct fetch_call *call; /* NULL: it has ended, */
	bool failed;             /* badly, for this reason */
	struct error why;
	struct index_file *file;
};

static void download_start(struct index_download *d);

/* --- the network ---------------------------------------------------------- */

static bool download_piece_cb(void *arg, const void *piece, size_t len)
{
	struct index_download *d = arg;

	/* Once it is broken, who asks for the next row ends the download. */
	if (index_file_state(d->file) == INDEX_ROW ||
	    index_file_state(d->file) == INDEX_BROKEN)
		return false;
	index_file_feed(d->file, piece, len);
	d->ready(d->arg);
	return true;
}

static void download_ended_cb(void *arg, const struct fetch_answer *answer)
{
	struct index_download *d = arg;

	d->call = NULL;
	if ((answer->status == 403 || answer->status == 404) &&
	    d->days_back == 0) {
		/* Made at about 8 o'clock; stores of files say either. */
		d->days_back = 1;
		download_start(d);
		return;
	}
	d->failed = answer->error != NULL;
	if (d->failed)
		(void)error_set(&d->why, "%s", answer->error);
	d->ready(d->arg);
}

static void download_start(struct index_download *d)
{
	const char *base = d->settings->index_url;
	const time_t when = time(NULL) - (time_t)d->days_back * DAY_S;
	size_t len = strlen(base);
	char name[11];
	struct tm tm;
	char *url;

	ensure(gmtime_r(&when, &tm) != NULL);
	ensure(strftime(name, sizeof(name), "%m_%d_%Y", &tm) > 0);
	ensure(strftime(d->date, sizeof(d->date), "%Y-%m-%d", &tm) > 0);
	while (len > 0 && base[len - 1] == '/')
		len--;
	url = xasprintf("%.*s/movie_ids_%s.json.gz", (int)len, base, name);
	d->call = fetch_file(d->fetch, &(struct fetch_file_options){
					       .url = url,
					       .deadline_ms = d->deadline_ms,
					       .piece = download_piece_cb,
					       .ended = download_ended_cb,
					       .arg = d,
				       });
	free(url);
}

/* --- rows ----------------------------------------------------------------- */

enum index_read index_download_next(struct index_download *d,
                                    struct index_row *row_r, struct error *err)
{
	enum index_read what;

	if (d->failed) {
		*err = d->why;
		return INDEX_BROKEN;
	}
	what = index_file_next(d->file, row_r, err);
	if (what == INDEX_ROW || what == INDEX_BROKEN)
		return what;
	if (d->call != NULL) {
		fetch_resume(d->call);
		return INDEX_HUNGRY;
	}
	if (what == INDEX_HUNGRY) {
		(void)error_set(err, "the file was cut off");
		return INDEX_BROKEN;
	}
	return INDEX_END;
}

const char *index_download_date(const struct index_download *d)
{
	return d->date;
}

/* --- life ----------------------------------------------------------------- */

struct index_download *index_download_new(struct event_base *base,
                                          const struct tmdb_settings *settings,
                                          void (*ready)(void *arg), void *arg)
{
	struct index_download *d = xcalloc(1, sizeof(*d));

	d->settings = settings;
	d->ready = ready;
	d->arg = arg;
	d->fetch = fetch_new(base, settings);
	return d;
}

void index_download_begin(struct index_download *d, int64_t deadline_ms)
{
	d->deadline_ms = deadline_ms;
	d->days_back = 0;
	d->file = index_file_new();
	download_start(d);
}

void index_download_end(struct index_download *d)
{
	fetch_cancel(&d->call);
	index_file_free(&d->file);
	d->failed = false;
	d->date[0] = '\0';
}

void index_download_free(struct index_download **dp)
{
	struct index_download *d = *dp;

	if (d == NULL)
		return;
	*dp = NULL;
	index_download_end(d);
	fetch_free(&d->fetch);
	free(d);
}
