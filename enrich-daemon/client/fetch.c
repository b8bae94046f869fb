/*
 * curl's multi interface on libevent: curl says which sockets and which timer
 * it waits for, the loop tells it when they are ready.
 */
#include "enrich-daemon/client/fetch.h"

#include <curl/curl.h>
#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/attr.h"
#include "common/base/buf.h"
#include "common/base/clock.h"
#include "common/base/mem.h"
#include "enrich-daemon/client/fetch_fields.h"
#include "enrich-daemon/client/inflate.h"

#define BODY_MAX      ((size_t)4 * 1024 * 1024)
#define STREAMS_MAX   40L
#define KEY_LEN       32
#define USER_AGENT    "rewatch/" REWATCH_VERSION
#define KEEPALIVE_SEC 15L
/* One to TMDB, two between curl and its thread, one to a server of names. */
#define SOCKETS_OF_A_CALL 4
/* More is nonsense; the breaker has a limit of its own. */

struct fetch {
	struct event_base *base;
	const struct tmdb_settings *settings;
	CURLM *multi;
	struct event *timer;
	TAILQ_HEAD(fetch_list, fetch_call) calls;
	int64_t timed_out_ms; /* when a call last did; 0: none has */
};

struct fetch_call {
	TAILQ_ENTRY(fetch_call) link;
	struct fetch *fetch;
	CURL *easy;
	struct buf body;
	struct buf etag;
	struct curl_slist *headers;
	bool conditional; /* may be answered with 304 */
	char reason[CURL_ERROR_SIZE];
	fetch_callback *callback;
	/* A file: takes it instead of body. */
	bool (*piece)(void *arg, const void *data, size_t len);
	void *arg;
};

static void fetch_collect(struct fetch *f);

/* --- the loop ------------------------------------------------------------ */

static void fetch_socket_event_cb(evutil_socket_t fd, short what, void *arg)
{
	struct fetch *f = arg;
	int mask = (what & EV_READ ? CURL_CSELECT_IN : 0) |
	           (what & EV_WRITE ? CURL_CSELECT_OUT : 0);
	int running;

	(void)curl_multi_socket_action(f->multi, fd, mask, &running);
	fetch_collect(f);
}

static void fetch_timer_event_cb(evutil_socket_t fd, short what, void *arg)
{
	struct fetch *f = arg;
	int running;

	(void)fd;
	(void)what;
	(void)curl_multi_socket_action(f->multi, CURL_SOCKET_TIMEOUT, 0,
	                               &running);
	fetch_collect(f);
}

/* curl wants to know of this socket, otherwise than before, or no more. */
static int fetch_socket_cb(CURL *easy, curl_socket_t fd, int what, void *arg,
                           void *socket_arg)
{
	struct fetch *f = arg;
	struct event *event = socket_arg;
	short mask =
		(short)((what & CURL_POLL_IN ? EV_READ : 0) |
	                (what & CURL_POLL_OUT ? EV_WRITE : 0) | EV_PERSIST);

	(void)easy;
	if (event != NULL)
		event_free(event);
	event = NULL;
	if (what != CURL_POLL_REMOVE) {
		event = event_new(f->base, fd, mask, fetch_socket_event_cb, f);
		ensure(event != NULL && event_add(event, NULL) == 0);
	}
	(void)curl_multi_assign(f->multi, fd, event);
	return 0;
}

static int fetch_timer_cb(CURLM *multi, long ms, void *arg)
{
	struct fetch *f = arg;
	struct timeval delay = { ms / 1000, ms % 1000 * 1000 };

	(void)multi;
	if (ms < 0)
		(void)event_del(f->timer);
	else
		ensure(event_add(f->timer, &delay) == 0);
	return 0;
}

/* --- one call ------------------------------------------------------------ */

static size_t fetch_body_cb(char *data, size_t size, size_t n, void *arg)
{
	struct fetch_call *call = arg;

	buf_add(&call->body, data, size * n);
	return buf_overflowed(&call->body) ? 0 : size * n;
}

/* Of an answer without the file nothing is wanted. */
static size_t fetch_piece_cb(char *data, size_t size, size_t n, void *arg)
{
	struct fetch_call *call = arg;
	long status = 0;

	curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
	if (status != 200)
		return 0;
	return call->piece(call->arg, data, size * n) ? size * n
	                                              : CURL_WRITEFUNC_PAUSE;
}

static size_t fetch_header_cb(const char *line, size_t size, size_t n,
                              void *arg)
{
	struct fetch_call *call = arg;
	struct str etag;

	if (fetch_fields_etag((struct str){ line, size * n }, &etag)) {
		buf_reset(&call->etag);
		buf_add(&call->etag, etag.p, etag.n);
	}
	return size * n;
}

static bool is_key(const char *token)
{
	return strlen(token) == KEY_LEN &&
	       strspn(token, "0123456789abcdefABCDEF") == KEY_LEN;
}

static char *fetch_url(const struct fetch *f, const char *path)
{
	const struct tmdb_settings *s = f->settings;
	size_t len = strlen(s->url);

	while (len > 0 && s->url[len - 1] == '/')
		len--;
	if (!is_key(s->token))
		return xasprintf("%.*s%s", (int)len, s->url, path);
	return xasprintf("%.*s%s%sapi_key=%s", (int)len, s->url, path,
	                 strchr(path, '?') == NULL ? "?" : "&", s->token);
}

static struct curl_slist *add_header(struct curl_slist *headers,
                                     const char *name, const char *value)
{
	char *line = xasprintf("%s: %s", name, value);

	headers = curl_slist_append(headers, line);
	ensure(headers != NULL);
	free(line);
	return headers;
}

/* With etag, of a call that may be answered with 304. */
static struct curl_slist *fetch_headers(const struct fetch *f, const char *etag)
{
	struct curl_slist *headers =
		add_header(NULL, "Accept", "application/json");

	if (!is_key(f->settings->token) && f->settings->token[0] != '\0') {
		char *bearer = xasprintf("Bearer %s", f->settings->token);

		headers = add_header(headers, "Authorization", bearer);
		free(bearer);
	}
	if (etag != NULL)
		headers = add_header(headers, "If-None-Match", etag);
	return headers;
}

/*
 * The other end of a connection on which a call timed out may be gone, and with
 * HTTP/2 curl keeps the connection none the less. So a connection that is older
 * than the last time-out is closed instead of used. curl counts its age in
 * whole seconds.
 */
static void fetch_distrust(const struct fetch *f, CURL *e)
{
	const int64_t ago_s = (clock_ms() - f->timed_out_ms) / 1000;

	if (f->timed_out_ms != 0)
		curl_easy_setopt(e, CURLOPT_MAXLIFETIME_CONN,
		                 (long)(ago_s > 0 ? ago_s : 1));
}

/* What every call needs. */
static void fetch_options(struct fetch_call *call, const char *url,
                          int64_t timeout_ms, struct curl_slist *headers)
{
	const struct tmdb_settings *s = call->fetch->settings;
	CURL *e = call->easy;

	curl_easy_setopt(e, CURLOPT_URL, url);
	curl_easy_setopt(e, CURLOPT_PRIVATE, call);
	curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	/* Only TLS says whether one connection takes many calls. */
	curl_easy_setopt(e, CURLOPT_PIPEWAIT,
	                 strncmp(url, "https:", 6) == 0 ? 1L : 0L);
	fetch_distrust(call->fetch, e);
	curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	/* Or who ends a call would wait for its thread, which may wait long
	 * for the servers of names; so it ends by itself. */
	curl_easy_setopt(e, CURLOPT_QUICK_EXIT, 1L);
	curl_easy_setopt(e, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(e, CURLOPT_TCP_KEEPIDLE, KEEPALIVE_SEC);
	curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS,
	                 (long)s->connect_timeout);
	curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
	curl_easy_setopt(e, CURLOPT_USERAGENT, USER_AGENT);
	curl_easy_setopt(e, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(e, CURLOPT_ERRORBUFFER, call->reason);
	curl_easy_setopt(e, CURLOPT_WRITEDATA, call);
}

static struct fetch_call *fetch_call_new(struct fetch *f,
                                         fetch_callback *callback, void *arg)
{
	struct fetch_call *call = xcalloc(1, sizeof(*call));

	call->fetch = f;
	call->callback = callback;
	call->arg = arg;
	buf_init(&call->body, BODY_MAX);
	buf_init(&call->etag, 256);
	call->easy = curl_easy_init();
	ensure(call->easy != NULL);
	return call;
}

static void fetch_begin(struct fetch_call *call)
{
	TAILQ_INSERT_TAIL(&call->fetch->calls, call, link);
	ensure(curl_multi_add_handle(call->fetch->multi, call->easy) ==
	       CURLM_OK);
}

struct fetch_call *fetch_start(struct fetch *f, const char *path,
                               const char *etag, fetch_callback *callback,
                               void *arg)
{
	struct fetch_call *call = fetch_call_new(f, callback, arg);
	char *url = fetch_url(f, path);
	CURL *e = call->easy;

	call->headers = fetch_headers(f, etag);
	call->conditional = etag != NULL;
	fetch_options(call, url, f->settings->timeout, call->headers);
	free(url);
	curl_easy_setopt(e, CURLOPT_ACCEPT_ENCODING, "");
	curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, fetch_body_cb);
	curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, fetch_header_cb);
	curl_easy_setopt(e, CURLOPT_HEADERDATA, call);
	fetch_begin(call);
	return call;
}

struct fetch_call *fetch_file(struct fetch *f,
                              const struct fetch_file_options *options)
{
	struct fetch_call *call =
		fetch_call_new(f, options->ended, options->arg);
	long silence_s = (long)((f->settings->timeout + 999) / 1000);

	call->piece = options->piece;
	fetch_options(call, options->url, options->deadline_ms, NULL);
	curl_easy_setopt(call->easy, CURLOPT_WRITEFUNCTION, fetch_piece_cb);
	/* HTTP/2 would let the peer send 32 MB ahead of what is taken. */
	curl_easy_setopt(call->easy, CURLOPT_HTTP_VERSION,
	                 (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(call->easy, CURLOPT_PIPEWAIT, 0L);
	/* Curl does not count the time that it is held back. */
	curl_easy_setopt(call->easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(call->easy, CURLOPT_LOW_SPEED_TIME, silence_s);
	fetch_begin(call);
	return call;
}

void fetch_resume(struct fetch_call *call)
{
	(void)curl_easy_pause(call->easy, CURLPAUSE_CONT);
}

void fetch_limit(struct fetch_call *call, int64_t ms)
{
	if (ms > 0 && ms < call->fetch->settings->timeout)
		curl_easy_setopt(call->easy, CURLOPT_TIMEOUT_MS, (long)ms);
}

void fetch_cancel(struct fetch_call **callp)
{
	struct fetch_call *call = *callp;

	if (call == NULL)
		return;
	*callp = NULL;
	TAILQ_REMOVE(&call->fetch->calls, call, link);
	(void)curl_multi_remove_handle(call->fetch->multi, call->easy);
	curl_easy_cleanup(call->easy);
	curl_slist_free_all(call->headers);
	buf_deinit(&call->body);
	buf_deinit(&call->etag);
	free(call);
}

/* --- answers ------------------------------------------------------------- */

/* What curl found, or what is wrong with it. The message is in err. */
static bool fetch_usable(struct fetch_call *call, CURLcode code, int status,
                         struct error *err)
{
	const char *type = NULL;

	if (buf_overflowed(&call->body))
		return error_set(err, "answer is over %zu bytes", BODY_MAX);
	if (call->piece != NULL && status != 0 && status != 200)
		return error_set(err, "HTTP status %d", status);
	if (code != CURLE_OK)
		return error_set(err, "%s",
		                 call->reason[0] != '\0'
		                         ? call->reason
		                         : curl_easy_strerror(code));
	if (call->piece != NULL || (status == 304 && call->conditional))
		return true;
	if (status != 200 && status != 404)
		return error_set(err, "HTTP status %d", status);
	curl_easy_getinfo(call->easy, CURLINFO_CONTENT_TYPE, &type);
	if (type == NULL || strncmp(type, "application/json", 16) != 0)
		return error_set(err, "HTTP status %d with content type %.80s",
		                 status, type == NULL ? "(none)" : type);
	return true;
}

static bool fetch_unpack(struct fetch_call *call, struct error *err)
{
	struct buf plain;
	bool ok;

	if (!inflate_is_gzip(call->body.data, call->body.len))
		return true;
	buf_init(&plain, BODY_MAX);
	ok = inflate_gzip(call->body.data, call->body.len, &plain, err);
	buf_deinit(&call->body);
	call->body = plain;
	return ok;
}

static const char *fetch_header(const struct fetch_call *call, const char *name)
{
	struct curl_header *header;

	return curl_easy_header(call->easy, name, 0, CURLH_HEADER, -1,
	                        &header) == CURLHE_OK
	               ? header->value
	               : NULL;
}

/* curl says that it could not connect or resolve, not that it had no socket for
 * it. */
static bool may_lack_something(CURLcode code)
{
	static const CURLcode codes[] = {
		CURLE_OUT_OF_MEMORY,        CURLE_FAILED_INIT,
		CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT,
		CURLE_SSL_CONNECT_ERROR,    CURLE_SSL_CACERT_BADFILE,
	};

	for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
		if (codes[i] == code)
			return true;
	}
	return false;
}

/* So it is tried: a call with a name to resolve has so many at a time. What curl
 * closed meanwhile would do for a part of them alone. */
static const char *lacking(void)
{
	int sockets[SOCKETS_OF_A_CALL];
	const char *what = NULL;
	int n = 0;

	while (n < SOCKETS_OF_A_CALL &&
	       (sockets[n] = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) >=
	               0)
		n++;
	if (n < SOCKETS_OF_A_CALL)
		what = strerror(errno);
	while (n > 0)
		(void)close(sockets[--n]);
	return what;
}

static void fetch_finish(struct fetch_call *call, CURLcode code)
{
	struct fetch_answer answer = {
		.retry_after_ms = fetch_fields_retry_after(
			fetch_header(call, "Retry-After"),
			fetch_header(call, "Date")),
	};
	struct error err;
	long status = 0;
	curl_off_t microseconds = 0;

	if (code == CURLE_OPERATION_TIMEDOUT)
		call->fetch->timed_out_ms = clock_ms();
	curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(call->easy, CURLINFO_TOTAL_TIME_T, &microseconds);
	answer.status = (int)status;
	answer.seconds = (double)microseconds / 1e6;
	if (!fetch_usable(call, code, answer.status, &err) ||
	    !fetch_unpack(call, &err))
		answer.error = err.message;
	if (status == 0 && may_lack_something(code))
		answer.unmade = code == CURLE_OUT_OF_MEMORY ? strerror(ENOMEM)
		                                            : lacking();
	answer.body = call->body.data;
	answer.len = call->body.len;
	if (call->etag.len > 0 && !buf_overflowed(&call->etag))
		answer.etag = call->etag.data;
	call->callback(call->arg, &answer);
	fetch_cancel(&call);
}

/* Takes the calls that have ended from curl. A callback may start or cancel
 * others; its own call is ours until it returns. */
static void fetch_collect(struct fetch *f)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(f->multi, &left)) != NULL) {
		struct fetch_call *call = NULL;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE,
		                  (char **)&call);
		fetch_finish(call, message->data.result);
	}
}

/* --- all of it ----------------------------------------------------------- */

struct fetch *fetch_new(struct event_base *base,
                        const struct tmdb_settings *settings)
{
	struct fetch *f = xcalloc(1, sizeof(*f));

	ensure(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK);
	f->base = base;
	f->settings = settings;
	TAILQ_INIT(&f->calls);
	f->timer = evtimer_new(base, fetch_timer_event_cb, f);
	f->multi = curl_multi_init();
	ensure(f->timer != NULL && f->multi != NULL);
	curl_multi_setopt(f->multi, CURLMOPT_SOCKETFUNCTION, fetch_socket_cb);
	curl_multi_setopt(f->multi, CURLMOPT_SOCKETDATA, f);
	curl_multi_setopt(f->multi, CURLMOPT_TIMERFUNCTION, fetch_timer_cb);
	curl_multi_setopt(f->multi, CURLMOPT_TIMERDATA, f);
	curl_multi_setopt(f->multi, CURLMOPT_PIPELINING,
	                  (long)CURLPIPE_MULTIPLEX);
	curl_multi_setopt(f->multi, CURLMOPT_MAX_HOST_CONNECTIONS,
	                  (long)settings->connections);
	curl_multi_setopt(f->multi, CURLMOPT_MAX_CONCURRENT_STREAMS,
	                  STREAMS_MAX);
	return f;
}

void fetch_free(struct fetch **fetch)
{
	struct fetch *f = *fetch;

	if (f == NULL)
		return;
	*fetch = NULL;
	while (!TAILQ_EMPTY(&f->calls)) {
		struct fetch_call *call = TAILQ_FIRST(&f->calls);

		fetch_cancel(&call);
	}
	curl_multi_cleanup(f->multi);
	event_free(f->timer);
	free(f);
	curl_global_cleanup();
}
