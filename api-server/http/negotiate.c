/* Reading Accept-Encoding and If-None-Match. */
#include "api-server/http/negotiate.h"

#include <string.h>
#include <strings.h>

#include "api-server/http/body.h"
#include "common/base/str.h"

/* ";q=0", ";q=0.0": named in order to be refused. */
static bool refused(struct str parameters)
{
	struct str one;

	while (str_cut(&parameters, ';', &one)) {
		one = str_trim(one);
		if (!str_starts(one, "q="))
			continue;
		for (size_t i = 2; i < one.n; i++) {
			if (one.p[i] != '0' && one.p[i] != '.')
				return false;
		}
		return true;
	}
	return false;
}

bool negotiate_gzip(const char *accept_encoding)
{
	struct str list = str_of(accept_encoding ? accept_encoding : "");
	struct str item;

	while (str_cut(&list, ',', &item)) {
		struct str name;

		if (!str_cut(&item, ';', &name))
			continue;
		name = str_trim(name);
		if (name.n == 4 && strncasecmp(name.p, "gzip", 4) == 0)
			return !refused(item);
	}
	return false;
}

bool negotiate_has(const char *if_none_match, const char *etag)
{
	struct str list = str_of(if_none_match ? if_none_match : "");
	struct str item;

	while (str_cut(&list, ',', &item)) {
		item = str_trim(item);
		if (str_is(item, "*"))
			return true;
		if (str_starts(item, "W/"))
			item = (struct str){ item.p + 2, item.n - 2 };
		if (item.n < 2 || item.p[0] != '"' || item.p[item.n - 1] != '"')
			continue;
		item = (struct str){ item.p + 1, item.n - 2 };
		if (str_ends(item, BODY_GZIP_SUFFIX))
			item.n -= strlen(BODY_GZIP_SUFFIX);
		if (str_is(item, etag))
			return true;
	}
	return false;
}
