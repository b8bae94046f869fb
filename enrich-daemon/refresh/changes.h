#ifndef ENRICH_DAEMON_REFRESH_CHANGES_H
#define ENRICH_DAEMON_REFRESH_CHANGES_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/attr.h"
#include "enrich-daemon/client/breaker.h"
#include "enrich-daemon/settings.h"

struct db;
struct fetch;
struct fetch_answer;
struct lease;

/*
 * TMDB's lists of what has changed there (sql/deploy/tmdb_changes.sql), read
 * each tmdb.changes_every by one daemon for all, page by page:
 *
 *	begin    a list that is due becomes ours, as long as our lease lives
 *	call     for one page, in a slot of the rate limit like any other
 *	page     those of its titles that we have are marked, in one statement
 *		 with the page that comes next
 *	leave    given back: to others when members wait for something, to a
 *		 later time when its page could not be read
 *
 * A read that is interrupted anywhere is gone on with by whoever takes it next.
 * What was marked is asked for again by the queue (job/refresh).
 */
struct changes;

struct changes_options {
	struct db *db;
	const struct lease *lease;
	const struct settings *settings; /* borrowed */
	/* An answer came, to be judged and learned from; good: it is a page. */
	enum breaker_answer (*answered)(void *arg,
	                                const struct fetch_answer *answer,
	                                bool good);
	/* A list has been read to its end and titles are marked. */
	void (*read)(void *arg);
	void (*changed)(void *arg); /* there may be more to do */
	void *arg;
};

struct changes *changes_new(const struct changes_options *options);
/* Drops a call under way; nothing is begun any more. */
void changes_stop(struct changes *changes);
/* After changes_stop(), and after what is in a transaction has ended. */
void changes_free(struct changes **changes);

/* Does what there is to do; spare: nobody else wants to call. */
void changes_step(struct changes *changes, bool spare);
/* Waits for a slot. */
bool changes_wants_call(const struct changes *changes) MUST_CHECK;
/* The slot: only when changes_wants_call(). limit_ms: see fetch_limit(). */
void changes_call(struct changes *changes, struct fetch *fetch,
                  int64_t limit_ms);
bool changes_is_calling(const struct changes *changes) MUST_CHECK;
/* There is nothing to read as far as is known, or not now. */
bool changes_is_settled(const struct changes *changes) MUST_CHECK;

#endif
