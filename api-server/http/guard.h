#ifndef API_SERVER_HTTP_GUARD_H
#define API_SERVER_HTTP_GUARD_H

#include <stdbool.h>

/*
 * What keeps other web sites away from a server without a password: a browser
 * tells under which name it came (Host) and whose page asks (Origin). Pure.
 */

/* "localhost", 127.0.0.0/8, ::1: an address to listen on. */
bool guard_is_loopback(const char *address);

/*
 * The value of Host names this machine's loopback, with or without a port: a
 * name that merely resolves to it (DNS rebinding) does not.
 */
bool guard_host_is_loopback(const char *host);

/* The page that asks comes from the host and port it talks to. */
bool guard_same_origin(const char *origin, const char *host);

#endif
