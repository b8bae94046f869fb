/*
 * Loaded before the daemon (LD_PRELOAD), gives it a TMDB of another name:
 * tmdb.test is this machine, whose certificate, in the file named by
 * TMDB_CERTIFICATE, is to be trusted beside no other. While the file named by
 * SILENT_NAMES is there the servers of names are silent, as for a resolver
 * that waits SILENCE_S for them.
 */
#include <curl/curl.h>
#include <dlfcn.h>
#include <netdb.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SILENCE_S 40
#define LOOK_MS   100

typedef int resolver(const char *, const char *, const struct addrinfo *,
                     struct addrinfo **);

/* False: there was no answer. */
static bool is_answered(void)
{
	static const struct timespec while_silent = { 0, LOOK_MS * 1000000L };
	const char *silent = getenv("SILENT_NAMES");

	for (int ms = 0; ms < SILENCE_S * 1000; ms += LOOK_MS) {
		if (silent == NULL || access(silent, F_OK) != 0)
			return true;
		(void)nanosleep(&while_silent, NULL);
	}
	return false;
}

/* The C library names the parameters as only it may. */
/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name) */
__attribute__((visibility("default"))) int
getaddrinfo(const char *restrict name, const char *restrict service,
            const struct addrinfo *restrict hints,
            struct addrinfo **restrict found)
{
	const void *address = dlsym(RTLD_NEXT, "getaddrinfo");
	resolver *next;

	memcpy(&next, &address, sizeof(next));
	if (name == NULL || strcmp(name, "tmdb.test") != 0)
		return next(name, service, hints, found);
	return is_answered() ? next("127.0.0.1", service, hints, found)
	                     : EAI_AGAIN;
}
/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */

__attribute__((visibility("default"))) CURL *curl_easy_init(void)
{
	const void *address = dlsym(RTLD_NEXT, "curl_easy_init");
	const char *trusted = getenv("TMDB_CERTIFICATE");
	CURL *(*next)(void);
	CURL *easy;

	memcpy(&next, &address, sizeof(next));
	easy = next();
	if (trusted != NULL)
		curl_easy_setopt(easy, CURLOPT_CAINFO, trusted);
	return easy;
}
