/*
 * Subscribers of one member share a topic, which asks the database when there
 * is reason to:
 *
 *	a first subscriber           at once
 *	a change was heard of        a second later, so that a burst of changes
 *	                             is one question and the answer, when it
 *	                             says "done", is younger than any version
 *	                             the cache still trusts (CACHE_TRUST_MS)
 *	films are pending            every five seconds, should no change be
 *	                             heard
 *
 * Subscribers are notified when the answer is not the one they had before.
 */
#include "api-server/progress/topics.h"

#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include <event2/event.h>

#include "api-server/http/event_stream.h"
#include "api-server/http/reply.h"
#include "api-server/http/request.h"
#include "api-server/http/request_run.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/json/json_read.h"
#include "common/pg/pg_pool.h"
#include "common/process/metrics.h"
#include "gen/sql.h"

#define CHANGED_MS 1000
#define POLL_MS    5000
#define BEAT_S     15
/* Progress is one small object. */
#define PROGRESS_MAX 65536

struct subscriber {
	struct topic *topic;
	struct event_stream *stream;
	bool notified; /* has had at least one event */
	LIST_ENTRY(subscriber) link;
};

LIST_HEAD(subscriber_list, subscriber);

/* One member's progress; lives while it has subscribers or a question. */
struct topic {
	struct topics *owner;
	int64_t member;
	char *last; /* the last event; NULL: none yet */
	struct event *due;
	bool changed; /* due is set for a change */
	bool asking;
	struct subscriber_list subscribers;
	LIST_ENTRY(topic) link;
};

LIST_HEAD(topic_list, topic);

struct topics {
	struct event_base *base;
	struct pg_pool *pool;
	int max;
	int count;
	bool draining;
	struct event *beat;
	struct topic_list topics;
};

static void topic_ask(struct topic *t);
static void topic_answered_cb(void *arg, const struct pg_outcome *outcome);
static void topic_due_cb(evutil_socket_t fd, short what, void *arg);
static void topic_free_if_idle(struct topic *t);
static void subscriber_gone_cb(void *arg);
static void beat_cb(evutil_socket_t fd, short what, void *arg);

static struct metric subscribers_now = {
	.kind = METRIC_GAUGE,
	.name = "rewatch_event_subscribers",
	.help = "Clients that follow the enrichment.",
};

struct topics *topics_new(struct event_base *base, struct pg_pool *pool,
                          int max)
{
	const struct timeval every = { .tv_sec = BEAT_S };
	struct topics *all = xcalloc(1, sizeof(*all));

	all->base = base;
	all->pool = pool;
	all->max = max;
	LIST_INIT(&all->topics);
	all->beat = event_new(base, -1, EV_PERSIST, beat_cb, all);
	ensure(all->beat != NULL && event_add(all->beat, &every) == 0);
	metric_register(&subscribers_now);
	return all;
}

void topics_free(struct topics **all)
{
	if (*all == NULL)
		return;
	ensure(LIST_EMPTY(&all[0]->topics));
	event_free(all[0]->beat);
	free(*all);
	*all = NULL;
}

/* --- topics --- */

static struct topic *topic_find(struct topics *all, int64_t member)
{
	struct topic *t;

	for (t = LIST_FIRST(&all->topics); t != NULL; t = LIST_NEXT(t, link)) {
		if (t->member == member)
			return t;
	}
	return NULL;
}

static struct topic *topic_new(struct topics *all, int64_t member)
{
	struct topic *t = xcalloc(1, sizeof(*t));

	t->owner = all;
	t->member = member;
	t->due = evtimer_new(all->base, topic_due_cb, t);
	ensure(t->due != NULL);
	LIST_INIT(&t->subscribers);
	LIST_INSERT_HEAD(&all->topics, t, link);
	return t;
}

static void topic_free_if_idle(struct topic *t)
{
	if (t->asking || !LIST_EMPTY(&t->subscribers))
		return;
	LIST_REMOVE(t, link);
	event_free(t->due);
	free(t->last);
	free(t);
}

static void topic_due_in(struct topic *t, int64_t ms)
{
	const struct timeval in = { ms / 1000, (ms % 1000) * 1000 };

	evtimer_add(t->due, &in);
}

static void topic_due_cb(evutil_socket_t fd, short what, void *arg)
{
	struct topic *t = arg;

	(void)fd;
	(void)what;
	topic_ask(t);
}

static void topic_ask(struct topic *t)
{
	struct pg_tx *tx;

	if (t->asking)
		return;
	t->asking = true;
	t->changed = false;
	evtimer_del(t->due);
	tx = pg_tx_new();
	pg_tx_member(tx, t->member);
	pg_tx_add(tx, &SQL_ENRICHMENT_PROGRESS);
	pg_pool_run(t->owner->pool, tx, topic_answered_cb, t);
}

static void subscriber_free(struct subscriber *s)
{
	struct topic *t = s->topic;

	LIST_REMOVE(s, link);
	metric_set(&subscribers_now, --t->owner->count);
	free(s);
}

static void subscriber_notify(struct subscriber *s)
{
	s->notified = true;
	if (event_stream_send(s->stream, "progress", s->topic->last))
		return;
	log_info("subscriber reads too slowly",
	         log_int("member", s->topic->member));
	event_stream_cut(&s->stream);
	subscriber_free(s);
}

static void topic_notify(struct topic *t, const char *progress)
{
	const bool same = t->last != NULL && strcmp(t->last, progress) == 0;
	struct subscriber *s = LIST_FIRST(&t->subscribers);

	if (!same) {
		free(t->last);
		t->last = xstrdup(progress);
	}
	while (s != NULL) {
		struct subscriber *next = LIST_NEXT(s, link);
		if (!same || !s->notified)
			subscriber_notify(s);
		s = next;
	}
}

/* What cannot be read counts as pending: it is asked for again. */
static bool is_pending(const char *progress)
{
	const struct json_limits limits = { PROGRESS_MAX, 100, 4 };
	struct arena *arena = arena_new();
	struct error err;
	const struct json *json =
		json_parse(arena, progress, strlen(progress), &limits, &err);
	const bool pending = json_as_int(json_get(json, "pending"), 1) > 0;

	arena_free(&arena);
	return pending;
}

static void topic_answered(struct topic *t, const struct pg_outcome *outcome)
{
	const bool known =
		outcome->error == PG_OK && pg_count(outcome->results[0]) == 1;

	t->asking = false;
	if (known)
		topic_notify(t, pg_text(outcome->results[0], 0, "body"));
	if (t->changed)
		topic_due_in(t, CHANGED_MS);
	else if (!known || is_pending(t->last))
		topic_due_in(t, POLL_MS);
	topic_free_if_idle(t);
}

static void topic_answered_cb(void *arg, const struct pg_outcome *outcome)
{
	struct topic *t = arg;

	topic_answered(t, outcome);
}

/* --- subscribers --- */

static void subscriber_gone_cb(void *arg)
{
	struct subscriber *s = arg;
	struct topic *t = s->topic;

	subscriber_free(s);
	topic_free_if_idle(t);
}

static bool topics_have_room(struct topics *all, struct request *rq)
{
	if (all->draining)
		reply_problem(rq, "shutting-down", NULL);
	else if (all->count >= all->max)
		reply_problem(rq, "busy",
		              "%d clients follow the enrichment already "
		              "(events.max). Ask GET /v1/enrichment instead.",
		              all->count);
	return !all->draining && all->count < all->max;
}

void topics_subscribe(struct topics *all, struct request *rq)
{
	const int64_t member = request_member(rq);

	if (!topics_have_room(all, rq))
		return;
	if (request_is_head(rq)) {
		reply_empty(rq, 200);
		return;
	}

	struct topic *t = topic_find(all, member);
	struct subscriber *s = xcalloc(1, sizeof(*s));

	if (t == NULL)
		t = topic_new(all, member);
	s->topic = t;
	s->stream = event_stream_start(rq, subscriber_gone_cb, s);
	LIST_INSERT_HEAD(&t->subscribers, s, link);
	metric_set(&subscribers_now, ++all->count);
	if (t->last != NULL)
		subscriber_notify(s);
	topic_ask(t);
}

void topics_changed(struct topics *all, int64_t member)
{
	struct topic *t;

	for (t = LIST_FIRST(&all->topics); t != NULL; t = LIST_NEXT(t, link)) {
		if ((member != 0 && t->member != member) || t->changed)
			continue;
		t->changed = true;
		if (!t->asking)
			topic_due_in(t, CHANGED_MS);
	}
}

static void topic_end(struct topic *t)
{
	struct subscriber *s = LIST_FIRST(&t->subscribers);

	while (s != NULL) {
		struct subscriber *next = LIST_NEXT(s, link);
		event_stream_end(&s->stream);
		subscriber_free(s);
		s = next;
	}
	topic_free_if_idle(t);
}

static void topic_beat(struct topic *t)
{
	struct subscriber *s = LIST_FIRST(&t->subscribers);

	while (s != NULL) {
		struct subscriber *next = LIST_NEXT(s, link);
		if (!event_stream_beat(s->stream)) {
			event_stream_cut(&s->stream);
			subscriber_free(s);
		}
		s = next;
	}
	topic_free_if_idle(t);
}

static void each_topic(struct topics *all, void (*visit)(struct topic *t))
{
	struct topic *t = LIST_FIRST(&all->topics);

	while (t != NULL) {
		struct topic *next = LIST_NEXT(t, link);
		visit(t);
		t = next;
	}
}

void topics_drain(struct topics *all)
{
	all->draining = true;
	each_topic(all, topic_end);
}

static void beat_cb(evutil_socket_t fd, short what, void *arg)
{
	struct topics *all = arg;

	(void)fd;
	(void)what;
	each_topic(all, topic_beat);
}
