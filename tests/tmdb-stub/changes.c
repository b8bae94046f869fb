/* Lists of changed titles, as TMDB gives them. */

#include "tests/tmdb-stub/changes.h"

#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/base/arena.h"
#include "common/base/attr.h"
#include "common/base/mem.h"
#include "common/json/json_read.h"

#define PAGE        100
#define PAGES_MAX   500
#define RANGE_MAX   14
#define CHANGES_MAX 100000
#define DAY_S       86400
#define NO_DAY      (-1)

struct change {
	bool tv;
	int64_t day; /* since 1970 */
	int64_t id;
};

static struct change changes[CHANGES_MAX];
static size_t count;

static int64_t today(void)
{
	return (int64_t)time(NULL) / DAY_S;
}

static int64_t day_of(const char *text, int64_t otherwise)
{
	struct tm tm = { 0 };

	if (text == NULL)
		return otherwise;
	if (!str_is_date(str_of(text)) || strptime(text, "%F", &tm) == NULL)
		return NO_DAY;
	return (int64_t)timegm(&tm) / DAY_S;
}

/* --- what changed --------------------------------------------------------- */

static bool add_all(bool tv, int64_t day, const struct json *ids,
                    struct error *err)
{
	const struct json *id;

	JSON_EACH(id, ids) {
		if (count == CHANGES_MAX)
			return error_set(err, "more than %d changes",
			                 CHANGES_MAX);
		changes[count++] =
			(struct change){ tv, day, json_as_int(id, 0) };
	}
	return true;
}

bool changes_set(struct str json, struct error *err)
{
	static const struct json_limits limits = { 4 << 20, 200000, 4 };
	struct arena *arena;
	const struct json *root;
	int64_t day;
	bool ok;

	if (json.n == 0) {
		count = 0;
		return true;
	}
	arena = arena_new();
	root = json_parse(arena, json.p, json.n, &limits, err);
	ok = root != NULL;
	if (ok) {
		day = day_of(json_as_string(json_get(root, "day"), NULL),
		             today());
		ok = day == NO_DAY ? error_set(err, "no day")
		                   : add_all(false, day,
		                             json_get(root, "movie"), err) &&
		                             add_all(true, day,
		                                     json_get(root, "tv"), err);
	}
	arena_free(&arena);
	return ok;
}

/* --- answers -------------------------------------------------------------- */

static int refuse(int status, int code, const char *message, struct buf *out)
{
	buf_printf(out,
	           "{\"success\":false,\"status_code\":%d,"
	           "\"status_message\":\"%s\"}",
	           code, message);
	return status;
}

static int compare_ids(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* Those of these days, each once, in memory of their own. */
static int64_t *ids_between(bool tv, int64_t from, int64_t to, size_t *n_r)
{
	int64_t *ids = xcalloc(count + 1, sizeof(*ids));
	size_t n = 0;
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		if (changes[i].tv == tv && changes[i].day >= from &&
		    changes[i].day <= to)
			ids[n++] = changes[i].id;
	}
	qsort(ids, n, sizeof(*ids), compare_ids);
	for (size_t i = 0; i < n; i++) {
		if (kept == 0 || ids[kept - 1] != ids[i])
			ids[kept++] = ids[i];
	}
	*n_r = kept;
	return ids;
}

static void write_page(const int64_t *ids, size_t n, int page, struct buf *out)
{
	size_t first = (size_t)(page - 1) * PAGE;

	buf_add_str(out, "{\"results\":[");
	for (size_t i = first; i < n && i < first + PAGE; i++)
		buf_printf(out, "%s{\"id\":%" PRId64 ",\"adult\":false}",
		           i > first ? "," : "", ids[i]);
	buf_printf(out,
	           "],\"page\":%d,\"total_pages\":%zu,\"total_results\":%zu}",
	           page, n == 0 ? 1 : (n + PAGE - 1) / PAGE, n);
}

int answer_changes(bool tv, const struct evkeyvalq *query, struct buf *out)
{
	const char *page_text = evhttp_find_header(query, "page");
	int64_t page = page_text == NULL ? 1 : strtoll(page_text, NULL, 10);
	int64_t to = day_of(evhttp_find_header(query, "end_date"), today());
	int64_t from = day_of(evhttp_find_header(query, "start_date"), to - 1);
	int64_t *ids;
	size_t n;

	if (page < 1 || page > PAGES_MAX)
		return refuse(400, 22,
		              "Invalid page: Pages start at 1 and max at 500.",
		              out);
	if (from == NO_DAY || to == NO_DAY || to < from ||
	    to - from > RANGE_MAX)
		return refuse(422, 20,
		              "Invalid date range: Should be a range no longer "
		              "than 14 days.",
		              out);
	ids = ids_between(tv, from, to, &n);
	write_page(ids, n, (int)page, out);
	free(ids);
	return 200;
}
