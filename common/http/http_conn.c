/* The life of a connection, and the deadlines of its client. */
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>

#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/base/mem.h"
#include "common/http/http_metrics.h"
#include "common/http/http_private.h"

/* Read ahead of what is asked of it. */
#define INPUT_MAX     ((size_t)4 * HTTP_HEAD_MAX)
#define LINGER_MS     5000
#define CONTINUE_LINE "HTTP/1.1 100 Continue\r\n\r\n"

static void read_head(struct conn *c);
static void read_body(struct conn *c);
static void expect_silence(struct conn *c);
static void throw_away(struct conn *c);
static int64_t wait_for_head(const struct conn *c);
static int64_t wait_for_body(const struct conn *c);
static int64_t wait_for_leave(const struct conn *c);
static void late_head(struct conn *c);
static void late_body(struct conn *c);

/* What a state reads, how long it waits for the client, and what then. */
static const struct {
	void (*read)(struct conn *c);          /* NULL: nothing is read */
	int64_t (*wait)(const struct conn *c); /* ms; NULL: not for it */
	void (*late)(struct conn *c);
} states[CONN_STATES] = {
	[CONN_WAITING] = { read_head, wait_for_head, late_head },
	[CONN_BODY] = { read_body, wait_for_body, late_body },
	[CONN_STREAMING] = { expect_silence, NULL, NULL },
	[CONN_LINGERING] = { throw_away, wait_for_leave, conn_free },
};

static struct timeval timeval_of(int64_t ms)
{
	return (struct timeval){ ms / 1000, (ms % 1000) * 1000 };
}

static void set_deadline(struct conn *c)
{
	int64_t ms = 0;

	if (c->state == CONN_PENDING ||
	    (states[c->state].wait == NULL && !c->broken)) {
		evtimer_del(c->deadline);
		return;
	}
	if (!c->broken)
		ms = states[c->state].wait(c);
	const struct timeval wait = timeval_of(ms);
	evtimer_add(c->deadline, &wait);
}

static bool is_spare(enum conn_state state)
{
	return state == CONN_WAITING || state == CONN_LINGERING;
}

void conn_enter(struct conn *c, enum conn_state state)
{
	struct http_service *s = c->service;

	if (is_spare(c->state))
		TAILQ_REMOVE(&s->spare, c, spare);
	if (state == CONN_WAITING)
		TAILQ_INSERT_TAIL(&s->spare, c, spare);
	else if (state == CONN_LINGERING)
		TAILQ_INSERT_HEAD(&s->spare, c, spare);
	c->state = state;
	if (states[state].read != NULL)
		bufferevent_enable(c->bev, EV_READ);
	else
		bufferevent_disable(c->bev, EV_READ);
	set_deadline(c);
}

void conn_free(struct conn *c)
{
	struct http_service *s = c->service;

	if (is_spare(c->state))
		TAILQ_REMOVE(&s->spare, c, spare);
	TAILQ_REMOVE(&s->conns, c, link);
	if (c->refused)
		s->refused--;
	else
		s->count--;
	http_metrics_connections(-1);
	exchange_free(&c->x);
	event_free(c->deadline);
	/* libevent would close it in its next turn, when the descriptor may
	 * be wanted already. */
	bufferevent_disable(c->bev, EV_READ | EV_WRITE);
	const int fd = bufferevent_getfd(c->bev);
	bufferevent_free(c->bev);
	close(fd);
	free(c);
}

bool conn_is_busy(const struct conn *c)
{
	return c->state != CONN_LINGERING &&
	       (c->state != CONN_WAITING || c->begun_ms != 0);
}

/* --- a request comes in --- */

/* The answer to it is the last. */
void conn_refuse(struct conn *c, enum http_refusal why, const char *detail)
{
	const struct http_service_options *o = &c->service->options;

	if (c->x == NULL)
		c->x = exchange_new(c);
	c->x->close = true;
	/* What it took is for others at once. */
	body_free(c->x);
	o->refused(c->x, why, detail, o->arg);
	ensure(c->state == CONN_SENDING);
}

static void pass_on(struct conn *c)
{
	const struct http_service_options *o = &c->service->options;

	c->x->whole = true;
	conn_enter(c, CONN_PENDING);
	o->request(c->x, o->arg);
}

/* What has come buys time for more, but none to be silent in. */
static void move_due(struct conn *c, size_t bytes)
{
	const struct http_limits *limits = &c->service->options.limits;
	const int64_t bought =
		c->due_ms + (int64_t)bytes * 1000 / limits->body_rate;
	const int64_t most = clock_ms() + limits->idle;

	c->due_ms = bought < most ? bought : most;
}

static void read_body(struct conn *c)
{
	const size_t before = c->x->body_len;
	const enum body_result result = body_read(c->x);

	move_due(c, c->x->body_len - before);
	switch (result) {
	case BODY_MORE:
		return;
	case BODY_WHOLE:
		pass_on(c);
		return;
	case BODY_BAD:
		conn_refuse(c, HTTP_BAD_REQUEST,
		            "The chunks of the body cannot be read.");
		return;
	case BODY_TOO_LARGE:
		conn_refuse(c, HTTP_BODY_TOO_LARGE,
		            "The body is larger than what is taken here.");
		return;
	case BODY_NO_ROOM:
		conn_refuse(c, HTTP_NO_ROOM,
		            "Too much is being sent to this server at the "
		            "moment. Send it again in a few seconds.");
		return;
	}
}

/* The gate: what the head says decides whether the body is read. */
static void judge(struct conn *c)
{
	const struct http_service_options *o = &c->service->options;
	struct http_exchange *x = c->x;
	const bool has_body = x->head.length > 0 || x->head.chunked;

	x->whole = !has_body;
	if (!o->head(x, &x->body_max, o->arg)) {
		ensure(c->state == CONN_SENDING);
		return;
	}
	if (!has_body) {
		pass_on(c);
		return;
	}
	if (x->head.length > (int64_t)x->body_max ||
	    (x->head.chunked && x->body_max == 0)) {
		conn_refuse(c, HTTP_BODY_TOO_LARGE,
		            "The body is larger than what is taken here.");
		return;
	}
	if (x->head.expects)
		bufferevent_write(c->bev, CONTINUE_LINE, strlen(CONTINUE_LINE));
	c->due_ms = c->begun_ms + c->service->options.limits.head;
	conn_enter(c, CONN_BODY);
	read_body(c);
}

static void take_head(struct conn *c, size_t len)
{
	struct http_exchange *x = exchange_new(c);
	enum http_refusal why;
	struct error err;

	c->x = x;
	x->text = xmalloc(len);
	evbuffer_remove(bufferevent_get_input(c->bev), x->text, len);
	if (http_head_parse(&x->head, x->text, len, &why, &err))
		judge(c);
	else
		conn_refuse(c, why, err.message);
}

static void head_too_large(struct conn *c, const char *p, size_t n)
{
	if (memchr(p, '\n', n) == NULL)
		conn_refuse(c, HTTP_TARGET_TOO_LONG,
		            "The address is longer than 16 KiB.");
	else
		conn_refuse(c, HTTP_HEAD_TOO_LARGE,
		            "The headers are larger than 16 KiB.");
}

/* RFC 9112, 2.2: some clients send an empty line behind a body; that is none. */
static bool begins_a_head(struct evbuffer *in)
{
	char two[2];
	ev_ssize_t n;

	while ((n = evbuffer_copyout(in, two, 2)) == 2 &&
	       memcmp(two, "\r\n", 2) == 0)
		evbuffer_drain(in, 2);
	return n > 0 && !(n == 1 && two[0] == '\r');
}

static void read_head(struct conn *c)
{
	struct evbuffer *in = bufferevent_get_input(c->bev);

	if (c->begun_ms == 0 && !begins_a_head(in))
		return;
	if (c->begun_ms == 0) {
		c->begun_ms = clock_ms();
		set_deadline(c);
	}

	const size_t have = evbuffer_get_length(in);
	const size_t n = have < HTTP_HEAD_MAX ? have : HTTP_HEAD_MAX;
	const char *p = (const char *)evbuffer_pullup(in, (ev_ssize_t)n);
	const size_t len = http_head_end(p, n, c->seen);
	c->seen = n;
	if (len > 0)
		take_head(c, len);
	else if (n == HTTP_HEAD_MAX)
		head_too_large(c, p, n);
}

/* Whoever follows a stream has nothing to say, and gets no reply to it. */
static void expect_silence(struct conn *c)
{
	if (evbuffer_get_length(bufferevent_get_input(c->bev)) >= INPUT_MAX)
		conn_free(c);
}

static void throw_away(struct conn *c)
{
	struct evbuffer *in = bufferevent_get_input(c->bev);

	evbuffer_drain(in, evbuffer_get_length(in));
}

/* --- a reply has gone out --- */

static void next_request(struct conn *c)
{
	c->begun_ms = 0;
	c->seen = 0;
	conn_enter(c, CONN_WAITING);
	/* A client that did not wait has sent it already. */
	read_head(c);
}

static void linger(struct conn *c)
{
	shutdown(bufferevent_getfd(c->bev), SHUT_WR);
	throw_away(c);
	conn_enter(c, CONN_LINGERING);
}

/* Closed with bytes unread the kernel would reset the client, and drop what it
 * has not sent yet. */
static bool has_unread(const struct conn *c)
{
	int pending = 0;

	(void)ioctl(bufferevent_getfd(c->bev), FIONREAD, &pending);
	return pending > 0 || !c->x->whole ||
	       evbuffer_get_length(bufferevent_get_input(c->bev)) > 0;
}

static void sent(struct conn *c)
{
	const bool close = c->x->close || c->service->draining;
	const bool unread = close && has_unread(c);

	exchange_free(&c->x);
	if (!close)
		next_request(c);
	else if (unread)
		linger(c);
	else
		conn_free(c);
}

/* --- too late --- */

static int64_t wait_for_head(const struct conn *c)
{
	const struct http_limits *limits = &c->service->options.limits;

	return c->begun_ms == 0 ? limits->idle : limits->head;
}

static int64_t wait_for_leave(const struct conn *c)
{
	(void)c;
	return LINGER_MS;
}

static int64_t wait_for_body(const struct conn *c)
{
	const int64_t left = c->due_ms - clock_ms();

	return left > 0 ? left : 0;
}

static void late_head(struct conn *c)
{
	if (c->begun_ms == 0) {
		conn_free(c);
		return;
	}
	http_metrics_cut(HTTP_CUT_SLOW_HEAD);
	conn_refuse(c, HTTP_TOO_SLOW,
	            "The headers of the request did not come in time.");
}

static void late_body(struct conn *c)
{
	if (wait_for_body(c) > 0) {
		set_deadline(c);
		return;
	}
	http_metrics_cut(HTTP_CUT_SLOW_BODY);
	conn_refuse(c, HTTP_TOO_SLOW,
	            "The body of the request came too slowly.");
}

static void deadline_cb(evutil_socket_t fd, short what, void *arg)
{
	struct conn *c = arg;

	(void)fd;
	(void)what;
	if (c->broken)
		conn_free(c);
	else
		states[c->state].late(c);
}

/* --- libevent's callbacks --- */

static void read_cb(struct bufferevent *bev, void *arg)
{
	struct conn *c = arg;

	(void)bev;
	/* Of what was read before the state changed nothing is taken. */
	if (states[c->state].read != NULL)
		states[c->state].read(c);
}

static void write_cb(struct bufferevent *bev, void *arg)
{
	struct conn *c = arg;

	if (c->state == CONN_SENDING &&
	    evbuffer_get_length(bufferevent_get_output(bev)) == 0)
		sent(c);
}

static void event_cb(struct bufferevent *bev, short what, void *arg)
{
	struct conn *c = arg;

	(void)bev;
	if (what & BEV_EVENT_TIMEOUT)
		http_metrics_cut(HTTP_CUT_SLOW_READER);
	/* "100 Continue" could not be sent. Whoever replies has a connection to
	 * do it on; then it ends. */
	if (c->state == CONN_PENDING)
		c->broken = true;
	else
		conn_free(c);
}

static struct conn *conn_new(struct http_service *s, int fd,
                             const struct in6_addr *peer)
{
	const struct timeval idle = timeval_of(s->options.limits.idle);
	struct conn *c = xcalloc(1, sizeof(*c));

	c->service = s;
	c->peer = *peer;
	c->bev = bufferevent_socket_new(s->base, fd, 0);
	c->deadline = evtimer_new(s->base, deadline_cb, c);
	ensure(c->bev != NULL && c->deadline != NULL);
	bufferevent_setcb(c->bev, read_cb, write_cb, event_cb, c);
	bufferevent_setwatermark(c->bev, EV_READ, 0, INPUT_MAX);
	bufferevent_set_timeouts(c->bev, NULL, &idle);
	TAILQ_INSERT_TAIL(&s->conns, c, link);
	TAILQ_INSERT_TAIL(&s->spare, c, spare);
	http_metrics_connections(1);
	return c;
}

void conn_open(struct http_service *s, int fd, const struct in6_addr *peer)
{
	s->count++;
	conn_enter(conn_new(s, fd, peer), CONN_WAITING);
}

void conn_open_refused(struct http_service *s, int fd,
                       const struct in6_addr *peer, const char *detail)
{
	struct conn *c = conn_new(s, fd, peer);

	c->refused = true;
	s->refused++;
	conn_refuse(c, HTTP_NO_ROOM, detail);
}
