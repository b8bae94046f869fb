/* Films beside others that have their name. */
#include "tests/bench/namesake.h"

#include <stdint.h>

#include "common/base/buf.h"
#include "common/json/json_write.h"

#define FIRST_ID  INT64_C(2000000000)
#define VOTES_MAX 20
#define BYTES_MAX 65536

static void key_string(struct json_writer *w, const char *key, const char *s)
{
	json_key(w, key);
	json_string(w, s);
}

static void key_int(struct json_writer *w, const char *key, int64_t value)
{
	json_key(w, key);
	json_int(w, value);
}

static void write_release(struct json_writer *w, const char *date)
{
	json_key(w, "release_dates");
	json_object_begin(w);
	json_key(w, "results");
	json_array_begin(w);
	json_object_begin(w);
	json_key(w, "release_dates");
	json_array_begin(w);
	json_object_begin(w);
	key_string(w, "release_date", date);
	json_object_end(w);
	json_array_end(w);
	json_object_end(w);
	json_array_end(w);
	json_object_end(w);
}

struct str namesake_details(struct arena *arena, const char *title, int year,
                            int number)
{
	const char *date = arena_printf(arena, "%04d-06-15", year);
	struct buf b;

	buf_init(&b, BYTES_MAX);
	struct json_writer *w = json_writer_new(&b);
	json_object_begin(w);
	key_int(w, "id", FIRST_ID + number);
	key_string(w, "title", title);
	key_string(w, "original_title", title);
	key_string(w, "release_date", date);
	key_int(w, "vote_count", number % (VOTES_MAX + 1));
	write_release(w, date);
	json_object_end(w);
	json_writer_end(&w);
	const struct str body = { arena_strndup(arena, b.data, b.len), b.len };
	buf_deinit(&b);
	return body;
}
