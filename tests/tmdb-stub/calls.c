/* A log of calls in memory. */

#include "tests/tmdb-stub/calls.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdlib.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "common/json/json_write.h"
#include "tests/tmdb-stub/pulse.h"

#define CALLS_MAX 2000000

struct call {
	int64_t at_ms;
	int status;
	char *path;
};

static struct call *calls;
static size_t count;
static size_t capacity;

void calls_add(const char *path, int status)
{
	if (count == CALLS_MAX)
		return;
	if (count == capacity) {
		capacity = capacity ? capacity * 2 : 1024;
		calls = xreallocarray(calls, capacity, sizeof(*calls));
	}
	calls[count++] = (struct call){ clock_ms(), status, xstrdup(path) };
}

void calls_reset(void)
{
	for (size_t i = 0; i < count; i++)
		free(calls[i].path);
	free(calls);
	calls = NULL;
	count = 0;
	capacity = 0;
	pulse_reset();
}

static bool is_details(const struct call *c)
{
	return (strncmp(c->path, "/3/movie/", 9) == 0 ||
	        strncmp(c->path, "/3/tv/", 6) == 0) &&
	       strstr(c->path, "/changes?") == NULL;
}

static int most_in_a_second(void)
{
	size_t first = 0;
	size_t most = 0;

	for (size_t i = 0; i < count; i++) {
		while (calls[i].at_ms - calls[first].at_ms >= 1000)
			first++;
		if (i - first + 1 > most)
			most = i - first + 1;
	}
	return (int)most;
}

static int compare_paths(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Answers with details that were given before for the same title. The episodes
 * of a series are asked for when its details have said which there are. */
static int repeated_details(void)
{
	const char **paths = xcalloc(count + 1, sizeof(*paths));
	size_t n = 0;
	int repeated = 0;

	for (size_t i = 0; i < count; i++) {
		if (is_details(&calls[i]) && calls[i].status == 200 &&
		    strstr(calls[i].path, "season/") == NULL)
			paths[n++] = calls[i].path;
	}
	qsort(paths, n, sizeof(*paths), compare_paths);
	for (size_t i = 1; i < n; i++) {
		size_t len = strcspn(paths[i], "?");

		if (len == strcspn(paths[i - 1], "?") &&
		    strncmp(paths[i], paths[i - 1], len) == 0)
			repeated++;
	}
	free(paths);
	return repeated;
}

static void write_statuses(struct json_writer *w)
{
	int seen[600] = { 0 };
	char name[16];

	for (size_t i = 0; i < count; i++) {
		if (calls[i].status >= 0 && calls[i].status < 600)
			seen[calls[i].status]++;
	}
	json_key(w, "by_status");
	json_object_begin(w);
	for (int s = 0; s < 600; s++) {
		if (seen[s] == 0)
			continue;
		snprintf(name, sizeof(name), "%d", s);
		json_key(w, name);
		json_int(w, seen[s]);
	}
	json_object_end(w);
}

void calls_write_stats(struct buf *out)
{
	struct json_writer *w = json_writer_new(out);
	int searches = 0;
	int details = 0;

	for (size_t i = 0; i < count; i++) {
		searches += strncmp(calls[i].path, "/3/search/", 10) == 0;
		details += is_details(&calls[i]);
	}
	json_object_begin(w);
	json_key(w, "calls");
	json_int(w, (int64_t)count);
	json_key(w, "max_in_a_second");
	json_int(w, most_in_a_second());
	json_key(w, "stalled_ms");
	json_int(w, pulse_stalled_ms());
	json_key(w, "searches");
	json_int(w, searches);
	json_key(w, "details");
	json_int(w, details);
	json_key(w, "repeated_details");
	json_int(w, repeated_details());
	write_statuses(w);
	json_object_end(w);
	json_writer_end(&w);
}

void calls_write_log(struct buf *out)
{
	for (size_t i = 0; i < count; i++)
		buf_printf(out, "%" PRId64 "\t%d\t%s\n",
		           calls[i].at_ms - calls[0].at_ms, calls[i].status,
		           calls[i].path);
}
