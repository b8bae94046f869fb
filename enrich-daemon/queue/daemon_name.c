/*
 * The host's name, and the first number that no other daemon on it has bound.
 */
#include "enrich-daemon/queue/daemon_name.h"

#include <inttypes.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/base/backoff.h"
#include "common/base/mem.h"

#define DAEMONS_MAX 64

/* A socket that is bound to the name as an abstract address; -1: it is
 * taken. */
static int daemon_name_lock(const char *name)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int n = snprintf(address.sun_path + 1, sizeof(address.sun_path) - 1,
	                 "rewatch-enrich-daemon/%.64s", name);
	socklen_t len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
	                            (size_t)n);

	if (fd < 0)
		return -1;
	if (bind(fd, (struct sockaddr *)&address, len) == 0)
		return fd;
	(void)close(fd);
	return -1;
}

void daemon_name_change(struct daemon_name *n)
{
	(void)snprintf(n->text, sizeof(n->text), "%s/%016" PRIx64, n->host,
	               random_u64());
}

void daemon_name_init(struct daemon_name *n)
{
	n->lock = -1;
	if (gethostname(n->host, sizeof(n->host)) != 0 || n->host[0] == '\0')
		(void)snprintf(n->host, sizeof(n->host), "localhost");
	n->host[sizeof(n->host) - 1] = '\0';
	for (int i = 1; i <= DAEMONS_MAX; i++) {
		(void)snprintf(n->text, sizeof(n->text), "%s/%d", n->host, i);
		n->lock = daemon_name_lock(n->text);
		if (n->lock >= 0)
			return;
	}
	daemon_name_change(n);
}

void daemon_name_deinit(struct daemon_name *n)
{
	if (n->lock >= 0)
		(void)close(n->lock);
	n->lock = -1;
}
