#ifndef ENRICH_DAEMON_QUEUE_DAEMON_NAME_H
#define ENRICH_DAEMON_QUEUE_DAEMON_NAME_H

#include <stddef.h>

/*
 * The name under which a daemon registers: "HOST/1", "HOST/2", ...
 *
 * No two daemons alive on a host have one name: each holds a lock on its own,
 * and takes the first number whose lock is free. A daemon that is started again
 * therefore has the name that it had, and frees the jobs of its predecessor by
 * it at once, where others must wait until the predecessor's lease has ended.
 */
struct daemon_name {
	char host[256];
	char text[300];
	/* An abstract socket that is bound to the name: the kernel frees it
	 * when the process ends, however it ends. -1: there is none */
	int lock;
};

/* With all numbers taken, or without sockets, the name is a random one. */
void daemon_name_init(struct daemon_name *n);
void daemon_name_deinit(struct daemon_name *n);
/* A daemon on another host has our name, as that host has our host's (a cloned
 * machine, or containers): takes a random one instead. */
void daemon_name_change(struct daemon_name *n);

#endif
