/* systemd's notification protocol: one datagram to a Unix socket. */
#include "common/process/sd_notify.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/base/log.h"

/* A leading '@' stands for the NUL of an abstract socket. */
static bool address_of(const char *path, struct sockaddr_un *address,
                       socklen_t *len_r)
{
	const size_t len = strlen(path);

	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (len < 2 || len >= sizeof(address->sun_path) ||
	    (path[0] != '/' && path[0] != '@')) {
		errno = EINVAL;
		return false;
	}
	memcpy(address->sun_path, path, len);
	if (path[0] == '@')
		address->sun_path[0] = '\0';
	*len_r = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
	return true;
}

static bool send_state(const char *path, const char *state)
{
	struct sockaddr_un address;
	socklen_t len;

	if (!address_of(path, &address, &len))
		return false;
	const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return false;
	const ssize_t sent =
		sendto(fd, state, strlen(state), MSG_DONTWAIT | MSG_NOSIGNAL,
	               (const struct sockaddr *)&address, len);
	const int failed = errno;
	(void)close(fd);
	errno = failed;
	return sent >= 0;
}

void sd_notify_send(const char *state)
{
	const char *path = getenv("NOTIFY_SOCKET");

	if (path == NULL || path[0] == '\0' || send_state(path, state))
		return;
	log_warn("cannot notify systemd", log_str("socket", path),
	         log_str("error", strerror(errno)));
}
