/*
 * A request goes through these steps, at most one way each:
 *
 *	look -- good --------> reply
 *	     -- unverified --> read the library's version --> look again
 *	     -- none --------> compute: version and body in one transaction
 *	                       --> finish the body --> keep it, reply
 *
 * Reading a version and computing an answer are both a computation here: there
 * is one reading a member and one answer a key at a time, and requests that
 * come meanwhile wait for it. A computation that began before a change was
 * heard of is closed: who came later would get what was true before.
 */
#include "api-server/cache/shared_answer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "api-server/cache/cache.h"
#include "api-server/http/body.h"
#include "api-server/http/body_task.h"
#include "api-server/http/params.h"
#include "api-server/http/reply.h"
#include "api-server/http/request.h"
#include "api-server/http/request_run.h"
#include "api-server/http/route.h"
#include "common/base/arena.h"
#include "common/base/clock.h"
#include "common/base/mem.h"
#include "common/base/str.h"
#include "common/pg/pg_listen.h"
#include "common/pg/pg_pool.h"
#include "common/process/metrics.h"
#include "gen/sql.h"

/* Requests that wait for a computation, altogether. */
#define WAITERS_MAX 256

/* In the request's arena. */
struct waiter {
	struct request *rq;
	const char *key;
	TAILQ_ENTRY(waiter) link;
};

TAILQ_HEAD(waiter_list, waiter);

struct computation {
	struct shared_answers *owner;
	int64_t member;
	char *key;     /* of an answer; NULL: the version is read */
	bool closed;   /* takes no more waiters */
	bool outdated; /* the library has changed since: not kept */
	uint64_t epoch;
	int64_t asked_ms;
	struct body *body;                /* computed, and being finished, */
	char version[CACHE_VERSION_SIZE]; /* of this version */
	struct waiter_list waiters;
	LIST_ENTRY(computation) link;
};

LIST_HEAD(computation_list, computation);

struct shared_answers {
	struct shared_answers_options options;
	struct cache *cache;
	struct pg_listen *listen;
	struct computation_list computations;
	int waiters;
};

static void look(struct shared_answers *s, struct waiter *w, bool checked);
static void version_done_cb(void *arg, const struct pg_outcome *outcome);
static void answer_done_cb(void *arg, const struct pg_outcome *outcome);
static void finished_cb(void *arg);
static void notified_cb(void *arg, const char *channel, const char *payload);
static void connected_cb(void *arg);
static void disconnected_cb(void *arg);
static double read_bytes(void);

static struct metric lookups = {
	.kind = METRIC_COUNTER,
	.name = "rewatch_cache_lookups_total",
	.help = "Requests of cached routes: hit, checked, computed, shared.",
	.label = "how",
};
static struct metric bytes = {
	.kind = METRIC_GAUGE,
	.name = "rewatch_cache_bytes",
	.help = "Size of the kept bodies.",
	.read = read_bytes,
};
static const struct cache *metered; /* for read_bytes() */

struct shared_answers *
shared_answers_new(struct event_base *base,
                   const struct shared_answers_options *options)
{
	static const char *const channels[] = { "library", "enriched", NULL };
	struct shared_answers *s = xcalloc(1, sizeof(*s));

	s->options = *options;
	s->cache = cache_new(options->bytes_max);
	LIST_INIT(&s->computations);
	s->listen = pg_listen_new(
		base, &(struct pg_listen_options){
			      .settings = options->pg,
			      .application_name = "rewatch api listen",
			      .channels = channels,
			      .on_notify = notified_cb,
			      .on_connect = connected_cb,
			      .on_disconnect = disconnected_cb,
			      .arg = s });
	metered = s->cache;
	metric_register(&lookups);
	metric_register(&bytes);
	return s;
}

void shared_answers_free(struct shared_answers **s)
{
	if (*s == NULL)
		return;
	ensure(LIST_EMPTY(&s[0]->computations));
	pg_listen_free(&s[0]->listen);
	metered = NULL;
	cache_free(&s[0]->cache);
	free(*s);
	*s = NULL;
}

void shared_answers_serve(struct shared_answers *s, struct request *rq)
{
	struct arena *arena = request_arena(rq);
	struct waiter *w = arena_alloc(arena, sizeof(*w));

	w->rq = rq;
	w->key = params_key(request_route(rq)->sql, request_values(rq), arena);
	look(s, w, false);
}

void shared_answers_drop(struct shared_answers *s, int64_t member)
{
	struct computation *c;

	cache_drop(s->cache, member);
	for (c = LIST_FIRST(&s->computations); c != NULL;
	     c = LIST_NEXT(c, link)) {
		if (c->member == member)
			c->closed = c->outdated = true;
	}
}

/* --- computations --- */

static struct computation *computation_find(struct shared_answers *s,
                                            int64_t member, const char *key)
{
	struct computation *c;

	for (c = LIST_FIRST(&s->computations); c != NULL;
	     c = LIST_NEXT(c, link)) {
		if (c->closed || c->member != member ||
		    (c->key == NULL) != (key == NULL))
			continue;
		if (key == NULL || strcmp(c->key, key) == 0)
			return c;
	}
	return NULL;
}

static struct computation *computation_new(struct shared_answers *s,
                                           int64_t member, const char *key)
{
	struct computation *c = xcalloc(1, sizeof(*c));

	c->owner = s;
	c->member = member;
	c->key = key != NULL ? xstrdup(key) : NULL;
	c->epoch = cache_epoch(s->cache);
	c->asked_ms = clock_ms();
	TAILQ_INIT(&c->waiters);
	LIST_INSERT_HEAD(&s->computations, c, link);
	return c;
}

static void wait_on(struct computation *c, struct waiter *w)
{
	TAILQ_INSERT_TAIL(&c->waiters, w, link);
	c->owner->waiters++;
}

/* Takes the next waiter out; NULL when there is none. */
static struct waiter *next_waiter(struct computation *c)
{
	struct waiter *w = TAILQ_FIRST(&c->waiters);

	if (w == NULL)
		return NULL;
	TAILQ_REMOVE(&c->waiters, w, link);
	c->owner->waiters--;
	return w;
}

static void computation_free(struct computation *c)
{
	body_unref(&c->body);
	free(c->key);
	free(c);
}

static struct version_stamp stamp_of(const struct computation *c,
                                     const char *version)
{
	return (struct version_stamp){ version, c->epoch, c->asked_ms };
}

/* --- the steps --- */

static struct pg_tx *version_tx(int64_t member)
{
	struct pg_tx *tx = pg_tx_new();

	pg_tx_member(tx, member);
	pg_tx_add(tx, &SQL_LIBRARY_VERSION);
	return tx;
}

static void read_version(struct shared_answers *s, struct waiter *w)
{
	const int64_t member = request_member(w->rq);
	struct computation *c = computation_find(s, member, NULL);

	if (c != NULL) {
		wait_on(c, w);
		return;
	}
	c = computation_new(s, member, NULL);
	wait_on(c, w);
	pg_pool_run(s->options.pool, version_tx(member), version_done_cb, c);
}

static void compute(struct shared_answers *s, struct waiter *w)
{
	const int64_t member = request_member(w->rq);
	struct computation *c = computation_find(s, member, w->key);

	if (c != NULL) {
		metric_add_label(&lookups, "shared", 1);
		wait_on(c, w);
		return;
	}
	metric_add_label(&lookups, "computed", 1);
	c = computation_new(s, member, w->key);
	wait_on(c, w);

	struct pg_tx *tx = version_tx(member);
	pg_tx_add_texts(tx, request_route(w->rq)->sql, request_values(w->rq));
	pg_pool_run(s->options.pool, tx, answer_done_cb, c);
}

static void look(struct shared_answers *s, struct waiter *w, bool checked)
{
	struct body *body;
	const enum cache_verdict verdict = cache_find(
		s->cache, request_member(w->rq), w->key, clock_ms(), &body);

	if (verdict == CACHE_GOOD) {
		metric_add_label(&lookups, checked ? "checked" : "hit", 1);
		reply_body(w->rq, 200, body);
	} else if (s->waiters >= WAITERS_MAX) {
		reply_problem(w->rq, "busy",
		              "Too many requests wait for statistics. Send "
		              "the request again in a few seconds.");
	} else if (verdict == CACHE_UNVERIFIED && !checked) {
		read_version(s, w);
	} else {
		compute(s, w);
	}
}

static void version_done(struct computation *c,
                         const struct pg_outcome *outcome)
{
	struct shared_answers *s = c->owner;
	const bool known =
		outcome->error == PG_OK && pg_count(outcome->results[0]) == 1;
	struct waiter *w;

	LIST_REMOVE(c, link);
	if (known && !c->outdated) {
		const struct version_stamp stamp =
			stamp_of(c, pg_text(outcome->results[0], 0, "version"));
		cache_verify(s->cache, c->member, &stamp);
	}
	while ((w = next_waiter(c)) != NULL) {
		if (outcome->error != PG_OK)
			request_failed(w->rq, outcome);
		else
			look(s, w, true);
	}
	computation_free(c);
}

static void version_done_cb(void *arg, const struct pg_outcome *outcome)
{
	struct computation *c = arg;

	version_done(c, outcome);
}

/* The body that was computed; NULL: there is none. */
static struct body *computed_body(const struct pg_outcome *outcome)
{
	const struct pg_rows *version = outcome->results[0];
	const struct pg_rows *rows = outcome->results[1];

	if (pg_count(version) == 0 || pg_count(rows) == 0 ||
	    pg_is_null(rows, 0, "body"))
		return NULL;

	return body_new("application/json", pg_text(rows, 0, "body"),
	                pg_text_len(rows, 0, "body"));
}

static void answer_failed(struct computation *c,
                          const struct pg_outcome *outcome)
{
	struct waiter *w;

	LIST_REMOVE(c, link);
	while ((w = next_waiter(c)) != NULL) {
		if (outcome->error != PG_OK)
			request_failed(w->rq, outcome);
		else
			reply_problem(w->rq, "not-found", NULL);
	}
	computation_free(c);
}

/* While its body is finished the computation stays: who comes now waits too. */
static void answer_done(struct computation *c, const struct pg_outcome *outcome)
{
	if (outcome->error == PG_OK)
		c->body = computed_body(outcome);
	if (c->body == NULL) {
		answer_failed(c, outcome);
		return;
	}
	snprintf(c->version, sizeof(c->version), "%s",
	         pg_text(outcome->results[0], 0, "version"));
	body_finish(c->owner->options.body_thread, c->body,
	            &(struct body_finish){ .version = c->version,
	                                   .compress = true,
	                                   .done = finished_cb,
	                                   .arg = c });
}

static void finished(struct computation *c)
{
	const struct version_stamp stamp = stamp_of(c, c->version);
	struct waiter *w;

	LIST_REMOVE(c, link);
	if (!c->outdated)
		cache_put(c->owner->cache, c->member, c->key, &stamp, c->body);
	while ((w = next_waiter(c)) != NULL)
		reply_body(w->rq, 200, c->body);
	computation_free(c);
}

static void finished_cb(void *arg)
{
	struct computation *c = arg;

	finished(c);
}

static void answer_done_cb(void *arg, const struct pg_outcome *outcome)
{
	struct computation *c = arg;

	answer_done(c, outcome);
}

/* --- notifications --- */

/* The member's, or with 0 everybody's. */
static void close_computations(struct shared_answers *s, int64_t member)
{
	struct computation *c;

	for (c = LIST_FIRST(&s->computations); c != NULL;
	     c = LIST_NEXT(c, link)) {
		if (member == 0 || c->member == member)
			c->closed = true;
	}
}

static void film_changed(struct shared_answers *s, int64_t member)
{
	if (member != 0)
		cache_invalidate(s->cache, member);
	else
		cache_invalidate_all(s->cache);
	close_computations(s, member);
	s->options.changed(member);
}

static void library_changed(struct shared_answers *s, int64_t member)
{
	shared_answers_drop(s, member);
	s->options.changed(member);
}

/*
 * The channels: "library" when a member's rows changed, "enriched" when a film
 * of the member did. The payload is the members' ids with commas in between.
 * What is no id is taken for everybody's.
 */
static void notified(struct shared_answers *s, const char *channel,
                     const char *payload)
{
	const bool library = strcmp(channel, "library") == 0;
	struct str rest = str_of(payload);
	struct str word;

	while (str_cut(&rest, ',', &word)) {
		int64_t member = 0;

		if (!str_to_int64(word, 1, INT64_MAX, &member))
			film_changed(s, 0);
		else if (library)
			library_changed(s, member);
		else
			film_changed(s, member);
	}
}

static void notified_cb(void *arg, const char *channel, const char *payload)
{
	struct shared_answers *s = arg;

	notified(s, channel, payload);
}

static void connected_cb(void *arg)
{
	struct shared_answers *s = arg;

	cache_set_listening(s->cache, true);
	s->options.connected();
}

static void disconnected_cb(void *arg)
{
	struct shared_answers *s = arg;

	cache_set_listening(s->cache, false);
	s->options.disconnected();
}

static double read_bytes(void)
{
	return metered != NULL ? (double)cache_bytes(metered) : 0;
}
