/*
 * A name for this daemon: the host's, and the first number that no other
 * daemon on it has bound.
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

/* A socket bound to an abstract name that has to do with ours, or -1. */
static int instance_lock(const char *name)
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

void instance_rename(struct instance *i)
{
	(void)snprintf(i->name, sizeof(i->name), "%s/%016" PRIx64, i->host,
	               random_u64());
}

void instance_init(struct instance *i)
{
	i->lock = -1;
	if (gethostname(i->host, sizeof(i->host)) != 0 || i->host[0] == '\0')
		(void)snprintf(i->host, sizeof(i->host), "localhost");
	i->host[sizeof(i->host) - 1] = '\0';
	for (int n = 1; n <= DAEMONS_MAX; n++) {
		(void)snprintf(i->name, sizeof(i->name), "%s/%d", i->host, n);
		i->lock = instance_lock(i->name);
		if (i->lock >= 0)
			return;
	}
	instance_rename(i);
}

void instance_deinit(struct instance *i)
{
	if (i->lock >= 0)
		(void)close(i->lock);
	i->lock = -1;
}
