/*
 * The least an evhttp server can do, for the dashboard's ratio:
 *	bench_static PORT STATUS BYTES
 * answers every request on 127.0.0.1 with that status and so many bytes. Sends
 * without Nagle's delay, which would be all that is measured.
 */
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "common/base/mem.h"
#include "common/base/str.h"

#define BYTES_MAX (16 << 20)

struct reply {
	int status;
	char *body;
	size_t len;
};

static void reply_cb(struct evhttp_request *rq, void *arg)
{
	const struct reply *reply = arg;
	struct evbuffer *out = evhttp_request_get_output_buffer(rq);

	evhttp_add_header(evhttp_request_get_output_headers(rq), "Content-Type",
	                  "application/json");
	ensure(evbuffer_add_reference(out, reply->body, reply->len, NULL,
	                              NULL) == 0);
	evhttp_send_reply(rq, reply->status, NULL, out);
}

static int number(const char *text, int64_t min, int64_t max)
{
	int64_t value;

	if (!str_to_int64(str_of(text), min, max, &value)) {
		fprintf(stderr, "\"%s\": expected a number\n", text);
		exit(2);
	}
	return (int)value;
}

/* Accepted connections inherit what the listening socket has. */
static bool listen_on(struct evhttp *http, uint16_t port)
{
	const int on = 1;
	struct evhttp_bound_socket *bound =
		evhttp_bind_socket_with_handle(http, "127.0.0.1", port);

	return bound != NULL &&
	       setsockopt(evhttp_bound_socket_get_fd(bound), IPPROTO_TCP,
	                  TCP_NODELAY, &on, sizeof(on)) == 0;
}

int main(int argc, char **argv)
{
	struct event_base *base = event_base_new();
	struct evhttp *http = evhttp_new(base);
	struct reply reply = { 0 };

	if (argc != 4) {
		fprintf(stderr, "usage: %s PORT STATUS BYTES\n", argv[0]);
		return 2;
	}
	reply.status = number(argv[2], 200, 599);
	reply.len = (size_t)number(argv[3], 0, BYTES_MAX);
	reply.body = xmalloc(reply.len + 1);
	memset(reply.body, 'x', reply.len);
	evhttp_set_gencb(http, reply_cb, &reply);
	/* The load ends in the middle of answers. */
	(void)signal(SIGPIPE, SIG_IGN);
	if (!listen_on(http, (uint16_t)number(argv[1], 1, 65535))) {
		perror(argv[1]);
		return 1;
	}
	(void)event_base_dispatch(base);
	evhttp_free(http);
	event_base_free(base);
	free(reply.body);
	return 0;
}
