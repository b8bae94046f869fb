/* The stand-in's misbehaviour, on command. */

#include "tests/tmdb-stub/rules.h"

#include "common/base/arena.h"
#include "common/base/attr.h"
#include "common/base/backoff.h"
#include "common/json/json_read.h"

#define FAULTS_MAX 16

static const struct {
	const char *name;
	enum fault_kind kind;
} kinds[] = {
	{ "429", FAULT_429 },
	{ "500", FAULT_500 },
	{ "503", FAULT_503 },
	{ "401", FAULT_401 },
	{ "404", FAULT_404 },
	{ "html", FAULT_HTML },
	{ "bad_json", FAULT_BAD_JSON },
	{ "truncated", FAULT_TRUNCATED },
	{ "gzip", FAULT_GZIP },
	{ "reset", FAULT_RESET },
	{ "silent", FAULT_SILENT },
	{ "400", FAULT_400 },
	{ "alien_400", FAULT_ALIEN_400 },
	{ "alien_404", FAULT_ALIEN_404 },
	{ "latin1", FAULT_LATIN1 },
	{ "odd_etag", FAULT_ODD_ETAG },
};

static struct fault faults[FAULTS_MAX];
static int fault_count;
static int delay_ms;

static enum fault_kind kind_of(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (strcmp(kinds[i].name, name) == 0)
			return kinds[i].kind;
	}
	return FAULT_NONE;
}

static bool add_fault(const struct json *j, struct error *err)
{
	struct fault *f = &faults[fault_count];
	const char *name = json_as_string(json_get(j, "kind"), "");

	if (fault_count == FAULTS_MAX)
		return error_set(err, "more than %d faults", FAULTS_MAX);
	f->kind = kind_of(name);
	if (f->kind == FAULT_NONE)
		return error_set(err, "unknown kind of fault: %s", name);
	f->retry_after = (int)json_as_int(json_get(j, "retry_after"), 0);
	f->retry_dated = json_as_bool(json_get(j, "retry_dated"), false);
	f->probability = json_as_double(json_get(j, "probability"), 1);
	f->count = json_as_int(json_get(j, "count"), -1);
	snprintf(f->path, sizeof(f->path), "%s",
	         json_as_string(json_get(j, "path"), "/"));
	fault_count++;
	return true;
}

bool rules_set(struct str json, struct error *err)
{
	static const struct json_limits limits = { 65536, 1000, 8 };
	struct arena *arena = arena_new();
	const struct json *root =
		json_parse(arena, json.p, json.n, &limits, err);
	const struct json *fault;
	bool ok = root != NULL;

	fault_count = 0;
	if (ok) {
		delay_ms =
			(int)json_as_int(json_get(root, "delay_ms"), delay_ms);
		JSON_EACH(fault, json_get(root, "faults")) {
			ok = ok && add_fault(fault, err);
		}
	}
	arena_free(&arena);
	return ok;
}

int rules_delay_ms(void)
{
	return delay_ms;
}

void rules_set_delay(int ms)
{
	delay_ms = ms;
}

struct fault rules_pick(const char *path)
{
	for (int i = 0; i < fault_count; i++) {
		struct fault *f = &faults[i];

		if (f->count == 0 ||
		    strncmp(path, f->path, strlen(f->path)) != 0)
			continue;
		if ((double)random_below(1000000) >= f->probability * 1000000)
			continue;
		if (f->count > 0)
			f->count--;
		return *f;
	}
	return (struct fault){ .kind = FAULT_NONE };
}
