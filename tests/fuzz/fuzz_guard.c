/* Host and Origin of a stranger's page: what is let through is spelled like a
 * loopback address, and of one origin only what is equal to it. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "api-server/http/guard.h"
#include "common/base/mem.h"
#include "common/base/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *copy(struct str text)
{
	char *s = xmalloc(text.n + 1);

	if (text.n > 0)
		memcpy(s, text.p, text.n);
	s[text.n] = '\0';
	return s;
}

/* Written a second time: by what the first characters must be. */
static void judge_host(const char *host)
{
	const char *name = host + (host[0] == '[');
	const size_t digits = strspn(name, "0123456789.");

	ensure(strncasecmp(host, "localhost", 9) == 0 ||
	       (strncmp(name, "127.", 4) == 0 && digits >= 9) ||
	       host[strspn(host, "[:0.1]")] == '\0' ||
	       strchr(host, '[') == host);
	ensure(strpbrk(host, "/@?#\\ ") == NULL);
}

static void judge_origin(const char *origin, const char *host)
{
	const char *colon = strstr(origin, "://");

	ensure(colon != NULL && strcasecmp(colon + 3, host) == 0);
	ensure(strncasecmp(origin, "http", 4) == 0);
}

/* Up to the first newline the host, behind it the origin. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str origin = { (const char *)data, size };
	struct str host = STR_LIT("");

	(void)str_cut(&origin, '\n', &host);
	if (origin.p == NULL)
		origin = STR_LIT("");
	char *host_text = copy(host);
	char *origin_text = copy(origin);
	if (guard_host_is_loopback(host_text))
		judge_host(host_text);
	if (guard_same_origin(origin_text, host_text))
		judge_origin(origin_text, host_text);
	free(host_text);
	free(origin_text);
	return 0;
}
