/* Loopback names and origins. */
#include "api-server/http/guard.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "common/base/attr.h"

#define HOST_MAX 256

bool guard_is_loopback(const char *address)
{
	struct in_addr v4;
	struct in6_addr v6;

	if (inet_pton(AF_INET, address, &v4) == 1)
		return ntohl(v4.s_addr) >> 24 == 127;
	if (inet_pton(AF_INET6, address, &v6) == 1)
		return IN6_IS_ADDR_LOOPBACK(&v6);
	return strcasecmp(address, "localhost") == 0;
}

/* Cuts the port and the brackets of an IPv6 address off. */
static bool host_name(const char *host, char *out, size_t size)
{
	const bool bracket = host[0] == '[';
	const char *begin = bracket ? host + 1 : host;
	const size_t len = strcspn(begin, bracket ? "]" : ":");
	const char *rest = begin + len;

	if (bracket && *rest++ != ']')
		return false;
	if (*rest != '\0' && *rest++ != ':')
		return false;
	if (rest[strspn(rest, "0123456789")] != '\0' || len >= size)
		return false;
	memcpy(out, begin, len);
	out[len] = '\0';
	return true;
}

bool guard_host_is_loopback(const char *host)
{
	char name[HOST_MAX];

	return host_name(host, name, sizeof(name)) && guard_is_loopback(name);
}

bool guard_same_origin(const char *origin, const char *host)
{
	static const char *const schemes[] = { "http://", "https://" };

	for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
		const size_t n = strlen(schemes[i]);
		if (strncasecmp(origin, schemes[i], n) == 0)
			return strcasecmp(origin + n, host) == 0;
	}
	return false;
}
