#ifndef ENRICH_DAEMON_CLIENT_FETCH_H
#define ENRICH_DAEMON_CLIENT_FETCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "enrich-daemon/settings.h"

struct event_base;

/*
 * HTTP GET of TMDB, many at a time on the loop. The only file with libcurl.
 *
 * Connections: one with HTTP/2, else tmdb.connections at most.
 *
 * Time-outs: every call ends within tmdb.timeout. When a call times out, a
 * router on the way may have forgotten its connection, and any other that is
 * older. So a connection that is older than the last time-out is closed instead
 * of used, once no call is on it: a call may still join others there.
 *
 * Retries: none here, but curl sends a call again when the kept connection it
 * was put on had been closed meanwhile.
 *
 * Names are asked for in threads of curl. A call that ends before the name
 * servers have answered leaves its thread behind, which ends with their answer.
 *
 * A call takes the settings as they are when it begins, except
 * tmdb.connections, which is read once.
 */
struct fetch;
struct fetch_call;

/* Borrowed for the length of the callback. */
struct fetch_answer {
	int status;         /* of HTTP; 0: there was no answer */
	const char *error;  /* why the body is not to be used; NULL: whole
	                    * JSON text of a 200 or 404, or a 304 */
	const char *unmade; /* with an error: what this machine lacked to make
	                     * the call ("Too many open files"), which says
	                     * nothing of TMDB; NULL: nothing */
	const char *body;   /* with an error: as much as came */
	size_t len;
	const char *etag;       /* or NULL */
	int64_t retry_after_ms; /* or -1 */
	double seconds;
};

typedef void fetch_callback(void *arg, const struct fetch_answer *answer);

/* settings is borrowed. */
struct fetch *fetch_new(struct event_base *base,
                        const struct tmdb_settings *settings);
/* Calls under way are dropped without their callbacks. */
void fetch_free(struct fetch **fetch);

/*
 * GETs path (with its query) below tmdb.url; etag, if not NULL, is of an
 * answer that need not come again, which a 304 says. The callback comes later,
 * exactly once; the call is gone then.
 */
struct fetch_call *fetch_start(struct fetch *fetch, const char *path,
                               const char *etag, fetch_callback *callback,
                               void *arg);
/* Right after fetch_start(): the call ends within ms, if tmdb.timeout is not
 * less; 0 changes nothing. */
void fetch_limit(struct fetch_call *call, int64_t ms);
/* Drops the call without its callback; sets *call to NULL. */
void fetch_cancel(struct fetch_call **call);

/*
 * A large file of another host, piece by piece, at the pace of who takes it.
 * The token is not sent there. A piece is only of a 200; one that is refused
 * (false) comes again after fetch_resume(), and meanwhile nothing is read from
 * the network. The file ends with the callback, whose answer has no body, and
 * an error when the file did not come whole: after deadline_ms at the latest,
 * or when nothing came for tmdb.timeout while it was not held back.
 */
#define FETCH_PIECE_MAX 16384

struct fetch_file_options {
	const char *url;
	int64_t deadline_ms;
	/* At most FETCH_PIECE_MAX bytes. Must not cancel the call. */
	bool (*piece)(void *arg, const void *data, size_t len);
	fetch_callback *ended;
	void *arg; /* of both */
};

struct fetch_call *fetch_file(struct fetch *fetch,
                              const struct fetch_file_options *options);
/* The piece that was refused may come, maybe within this call. */
void fetch_resume(struct fetch_call *call);

#endif
