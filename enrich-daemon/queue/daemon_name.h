#ifndef ENRICH_DAEMON_QUEUE_DAEMON_NAME_H
#define ENRICH_DAEMON_QUEUE_DAEMON_NAME_H

#include <stddef.h>

/*
 * The name a daemon registers under: "HOST/1", "HOST/2", ... The same one
 * after a restart, so that it frees what its predecessor held without waiting
 * for the lease to end; another one than that of any other daemon alive on
 * this host.
 */
struct daemon_name {
	char host[256];
	char text[300];
	int lock; /* an abstract socket; the kernel lets go when we die */
};

void daemon_name_init(struct daemon_name *n);
void daemon_name_deinit(struct daemon_name *n);
/* Another host uses our name (cloned, or containers with the same host name):
 * takes one that nobody has. */
void daemon_name_change(struct daemon_name *n);

#endif
