/* ETag and Retry-After. */
#include "enrich-daemon/client/fetch_fields.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include <curl/curl.h>

#define ETAG "etag:"

static bool is_visible(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] <= ' ' || s.p[i] > '~')
			return false;
	}
	return true;
}

bool fetch_fields_etag(struct str line, struct str *value_r)
{
	const size_t name = strlen(ETAG);

	if (line.n <= name || strncasecmp(line.p, ETAG, name) != 0)
		return false;
	*value_r = str_trim((struct str){ line.p + name, line.n - name });
	if (!is_visible(*value_r))
		*value_r = STR_LIT("");
	return true;
}

static int64_t seconds_until(const char *value, const char *date)
{
	const time_t when = curl_getdate(value, NULL);
	const time_t now = date == NULL ? -1 : curl_getdate(date, NULL);

	return when < 0 || now < 0 ? -1 : (int64_t)when - (int64_t)now;
}

int64_t fetch_fields_retry_after(const char *value, const char *date)
{
	int64_t seconds;

	if (value == NULL)
		return -1;
	if (value[0] != '\0' && value[strspn(value, "0123456789")] == '\0') {
		/* More digits than fit are more than the most. */
		if (!str_to_int64(str_of(value), 0, FETCH_RETRY_AFTER_MAX_S,
		                  &seconds))
			seconds = FETCH_RETRY_AFTER_MAX_S;
	} else {
		seconds = seconds_until(value, date);
	}
	if (seconds <= 0)
		return -1;
	return 1000 * (seconds < FETCH_RETRY_AFTER_MAX_S
	                       ? seconds
	                       : FETCH_RETRY_AFTER_MAX_S);
}
