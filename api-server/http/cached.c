/*
 * Cached routes. A request goes through these steps, at most one way each:
 *
 *	look -- good ----------------------------------------> reply
 *	     -- unsure --> check: what version has the library? --> look again
 *	     -- none ----> flight: version and body in one transaction --> reply
 *
 * There is one check a member and one flight a key at a time; requests that
 * come meanwhile wait for it. A flight or check that began before a change was
 * heard of takes no more passengers: they could get what was true before.
 */
#include "api-server/http/cached.h"

#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "api-server/http/body.h"
#include "api-server/http/cache.h"
#include "api-server/http/params.h"
#include "api-server/http/reply.h"
#include "api-server/http/request_private.h"
#include "common/clock.h"
#include "common/mem.h"
#include "common/metrics.h"
#include "common/pg_listen.h"
#include "common/pg_pool.h"
#include "gen/sql.h"

/* Requests that wait for a check or a flight, altogether. */
#define WAITING_MAX 256

/* A question to the database that requests wait for. */
struct question {
	struct cached *cached;
	int64_t member;
	char *key;     /* of a flight; NULL: a check */
	bool closed;   /* takes no more passengers */
	bool outdated; /* the library has changed since: not kept */
	uint64_t epoch;
	int64_t asked_ms;
	struct request_list waiting;
	LIST_ENTRY(question) link;
};

LIST_HEAD(question_list, question);

struct cached {
	struct cached_options options;
	struct cache *cache;
	struct pg_listen *listen;
	struct question_list questions;
	int waiting;
};

static void look(struct cached *c, struct request *rq, bool checked);
static void check_answered_cb(void *arg, const struct pg_outcome *outcome);
static void flight_landed_cb(void *arg, const struct pg_outcome *outcome);
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

struct cached *cached_new(struct event_base *base,
                          const struct cached_options *options)
{
	static const char *const channels[] = { "library", "enriched", NULL };
	struct cached *c = xcalloc(1, sizeof(*c));

	c->options = *options;
	c->cache = cache_new(options->bytes_max);
	LIST_INIT(&c->questions);
	c->listen = pg_listen_new(
		base, &(struct pg_listen_options){
			      .settings = options->pg,
			      .application_name = "rewatch api listen",
			      .channels = channels,
			      .on_notify = notified_cb,
			      .on_connect = connected_cb,
			      .on_disconnect = disconnected_cb,
			      .arg = c });
	metered = c->cache;
	metric_register(&lookups);
	metric_register(&bytes);
	return c;
}

void cached_free(struct cached **c)
{
	if (*c == NULL)
		return;
	ensure(LIST_EMPTY(&c[0]->questions));
	pg_listen_free(&c[0]->listen);
	metered = NULL;
	cache_free(&c[0]->cache);
	free(*c);
	*c = NULL;
}

void cached_serve(struct cached *c, struct request *rq)
{
	rq->data = params_key(rq->route->sql, rq->values, rq->arena);
	look(c, rq, false);
}

void cached_changed(struct cached *c, int64_t member)
{
	struct question *q;

	cache_drop(c->cache, member);
	for (q = LIST_FIRST(&c->questions); q != NULL; q = LIST_NEXT(q, link)) {
		if (q->member == member)
			q->closed = q->outdated = true;
	}
}

/* --- questions -------------------------------------------------------------
 */

static struct question *question_find(struct cached *c, int64_t member,
                                      const char *key)
{
	struct question *q;

	for (q = LIST_FIRST(&c->questions); q != NULL; q = LIST_NEXT(q, link)) {
		if (q->closed || q->member != member ||
		    (q->key == NULL) != (key == NULL))
			continue;
		if (key == NULL || strcmp(q->key, key) == 0)
			return q;
	}
	return NULL;
}

static struct question *question_new(struct cached *c, int64_t member,
                                     const char *key)
{
	struct question *q = xcalloc(1, sizeof(*q));

	q->cached = c;
	q->member = member;
	q->key = key != NULL ? xstrdup(key) : NULL;
	q->epoch = cache_epoch(c->cache);
	q->asked_ms = clock_ms();
	TAILQ_INIT(&q->waiting);
	LIST_INSERT_HEAD(&c->questions, q, link);
	return q;
}

static void question_board(struct question *q, struct request *rq)
{
	TAILQ_INSERT_TAIL(&q->waiting, rq, wait);
	q->cached->waiting++;
}

/* The next passenger, or NULL. */
static struct request *question_alight(struct question *q)
{
	struct request *rq = TAILQ_FIRST(&q->waiting);

	if (rq == NULL)
		return NULL;
	TAILQ_REMOVE(&q->waiting, rq, wait);
	q->cached->waiting--;
	return rq;
}

static void question_free(struct question *q)
{
	free(q->key);
	free(q);
}

static struct cache_reading question_reading(const struct question *q,
                                             const char *version)
{
	return (struct cache_reading){ version, q->epoch, q->asked_ms };
}

/* --- look, check, flight ---------------------------------------------------
 */

static struct pg_tx *version_tx(int64_t member)
{
	struct pg_tx *tx = pg_tx_new();

	pg_tx_member(tx, member);
	pg_tx_add(tx, &SQL_LIBRARY_VERSION);
	return tx;
}

static void check(struct cached *c, struct request *rq)
{
	struct question *q = question_find(c, rq->member, NULL);

	if (q != NULL) {
		question_board(q, rq);
		return;
	}
	q = question_new(c, rq->member, NULL);
	question_board(q, rq);
	pg_pool_run(c->options.pool, version_tx(rq->member), check_answered_cb,
	            q);
}

static void fly(struct cached *c, struct request *rq)
{
	struct question *q = question_find(c, rq->member, rq->data);

	if (q != NULL) {
		metric_add_label(&lookups, "shared", 1);
		question_board(q, rq);
		return;
	}
	metric_add_label(&lookups, "computed", 1);
	q = question_new(c, rq->member, rq->data);
	question_board(q, rq);

	struct pg_tx *tx = version_tx(rq->member);
	pg_tx_add_texts(tx, rq->route->sql, rq->values);
	pg_pool_run(c->options.pool, tx, flight_landed_cb, q);
}

static void look(struct cached *c, struct request *rq, bool checked)
{
	struct body *body;
	const enum cache_verdict verdict =
		cache_find(c->cache, rq->member, rq->data, clock_ms(), &body);

	if (verdict == CACHE_GOOD) {
		metric_add_label(&lookups, checked ? "checked" : "hit", 1);
		reply_body(rq, 200, body);
	} else if (c->waiting >= WAITING_MAX) {
		reply_problem(rq, "busy",
		              "Too many requests wait for statistics. Send "
		              "the request again in a few seconds.");
	} else if (verdict == CACHE_UNSURE && !checked) {
		check(c, rq);
	} else {
		fly(c, rq);
	}
}

static void check_answered(struct question *q, const struct pg_outcome *outcome)
{
	struct cached *c = q->cached;
	const bool known =
		outcome->error == PG_OK && pg_count(outcome->results[0]) == 1;
	struct request *rq;

	LIST_REMOVE(q, link);
	if (known && !q->outdated) {
		const struct cache_reading reading = question_reading(
			q, pg_text(outcome->results[0], 0, "version"));
		cache_verify(c->cache, q->member, &reading);
	}
	while ((rq = question_alight(q)) != NULL) {
		if (outcome->error != PG_OK)
			request_failed(rq, outcome);
		else
			look(c, rq, true);
	}
	question_free(q);
}

static void check_answered_cb(void *arg, const struct pg_outcome *outcome)
{
	struct question *q = arg;

	check_answered(q, outcome);
}

/* The body that was computed; NULL: there is none. */
static struct body *landed_body(const struct pg_outcome *outcome)
{
	const struct pg_rows *version = outcome->results[0];
	const struct pg_rows *rows = outcome->results[1];

	if (pg_count(version) == 0 || pg_count(rows) == 0 ||
	    pg_is_null(rows, 0, "body"))
		return NULL;

	struct body *body =
		body_new("application/json", pg_text(rows, 0, "body"),
	                 pg_text_len(rows, 0, "body"));
	body_tag(body, pg_text(version, 0, "version"));
	body_compress(body);
	return body;
}

static void flight_landed(struct question *q, const struct pg_outcome *outcome)
{
	struct cached *c = q->cached;
	struct body *body =
		outcome->error == PG_OK ? landed_body(outcome) : NULL;
	struct request *rq;

	LIST_REMOVE(q, link);
	if (body != NULL && !q->outdated) {
		const struct cache_reading reading = question_reading(
			q, pg_text(outcome->results[0], 0, "version"));
		cache_put(c->cache, q->member, q->key, &reading, body);
	}
	while ((rq = question_alight(q)) != NULL) {
		if (outcome->error != PG_OK)
			request_failed(rq, outcome);
		else if (body == NULL)
			reply_problem(rq, "not-found", NULL);
		else
			reply_body(rq, 200, body);
	}
	body_unref(&body);
	question_free(q);
}

static void flight_landed_cb(void *arg, const struct pg_outcome *outcome)
{
	struct question *q = arg;

	flight_landed(q, outcome);
}

/* --- what is heard ---------------------------------------------------------
 */

static void close_questions(struct cached *c)
{
	struct question *q;

	for (q = LIST_FIRST(&c->questions); q != NULL; q = LIST_NEXT(q, link))
		q->closed = true;
}

static void notified(struct cached *c, const char *channel, const char *payload)
{
	int64_t member = 0;

	if (strcmp(channel, "library") == 0 &&
	    str_to_int64(str_of(payload), 1, INT64_MAX, &member)) {
		cached_changed(c, member);
	} else {
		cache_doubt(c->cache);
		close_questions(c);
	}
	if (c->options.changed != NULL)
		c->options.changed(member);
}

static void notified_cb(void *arg, const char *channel, const char *payload)
{
	struct cached *c = arg;

	notified(c, channel, payload);
}

static void connected_cb(void *arg)
{
	struct cached *c = arg;

	cache_set_hearing(c->cache, true);
	if (c->options.connected != NULL)
		c->options.connected();
}

static void disconnected_cb(void *arg)
{
	struct cached *c = arg;

	cache_set_hearing(c->cache, false);
	if (c->options.disconnected != NULL)
		c->options.disconnected();
}

static double read_bytes(void)
{
	return metered != NULL ? (double)cache_bytes(metered) : 0;
}
