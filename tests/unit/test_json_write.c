/* common/json/json_write: every kind of value, and calls out of order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <signal.h>
#include <string.h>

#include "common/json/json_write.h"
#include "tests/unit/child.h"

/* Each writes one root value, which is compared as text. */

static void write_nested(struct json_writer *w)
{
	json_object_begin(w);
	json_key(w, "id");
	json_int(w, 7);
	json_key(w, "tags");
	json_array_begin(w);
	json_string(w, "a");
	json_null(w);
	json_bool(w, true);
	json_bool(w, false);
	json_array_begin(w);
	json_array_end(w);
	json_object_begin(w);
	json_object_end(w);
	json_array_end(w);
	json_key(w, "last");
	json_object_begin(w);
	json_key(w, "x");
	json_string(w, NULL);
	json_object_end(w);
	json_object_end(w);
}

static void write_integers(struct json_writer *w)
{
	json_array_begin(w);
	json_int(w, 0);
	json_int(w, INT64_MAX);
	json_int(w, INT64_MIN);
	json_array_end(w);
}

static void write_doubles(struct json_writer *w)
{
	json_array_begin(w);
	json_double(w, 0.1);
	json_double(w, 3.5);
	json_double(w, 4);
	json_double(w, -1.0 / 3);
	json_double(w, 1e300);
	json_double(w, nan(""));
	json_double(w, -HUGE_VAL);
	json_array_end(w);
}

static void write_escapes(struct json_writer *w)
{
	json_array_begin(w);
	json_string(w, "\"\\/\b\f\n\r\t\x01\x1f\x7f");
	json_string(w, "Am\xc3\xa9lie \xf0\x9f\x8e\xac");
	json_string(w, "");
	json_array_end(w);
}

/* A lone byte, a surrogate (three bytes that each are wrong), a cut letter:
 * U+FFFD is EF BF BD. */
static void write_wrong_bytes(struct json_writer *w)
{
	json_object_begin(w);
	json_key(w, "k\xff");
	json_string(w, "a\xe9z");
	json_key(w, "surrogate");
	json_string(w, "\xed\xa0\x80");
	json_key(w, "cut");
	json_string(w, "a\xf0\x9f\x8e");
	json_object_end(w);
}

static void write_scalar(struct json_writer *w)
{
	json_string(w, "x");
}

#define FFFD "\xef\xbf\xbd"

static void writes(void **state)
{
	static const struct {
		void (*write)(struct json_writer *w);
		const char *text;
	} rows[] = {
		{ write_nested, "{\"id\":7,\"tags\":[\"a\",null,true,false,[],"
		                "{}],\"last\":{\"x\":null}}" },
		{ write_integers,
		  "[0,9223372036854775807,-9223372036854775808]" },
		{ write_doubles, "[0.1,3.5,4,-0.3333333333333333,1e+300,null,"
		                 "null]" },
		{ write_escapes,
		  "[\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001F\x7f\","
		  "\"Am\xc3\xa9lie \xf0\x9f\x8e\xac\",\"\"]" },
		{ write_wrong_bytes, "{\"k" FFFD "\":\"a" FFFD
		                     "z\",\"surrogate\":\"" FFFD FFFD FFFD
		                     "\",\"cut\":\"a" FFFD FFFD FFFD "\"}" },
		{ write_scalar, "\"x\"" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf b;
		buf_init(&b, 1000);

		struct json_writer *w = json_writer_new(&b);
		rows[i].write(w);
		json_writer_end(&w);
		assert_null(w);
		assert_string_equal(b.data, rows[i].text);
		buf_deinit(&b);
	}
}

/* A buffer that is full is seen in the buffer, once, at the end. */
static void survives_a_full_buffer(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 10);
	struct json_writer *w = json_writer_new(&b);
	write_nested(w);
	json_writer_end(&w);
	assert_true(buf_overflowed(&b));
	buf_deinit(&b);
}

/* Each letter is a call: { } [ ] for begin and end, k key, v value. */
static void play(void *arg)
{
	struct buf b;

	buf_init(&b, 1000);
	struct json_writer *w = json_writer_new(&b);
	for (const char *p = arg; *p != '\0'; p++) {
		switch (*p) {
		case '{':
			json_object_begin(w);
			break;
		case '}':
			json_object_end(w);
			break;
		case '[':
			json_array_begin(w);
			break;
		case ']':
			json_array_end(w);
			break;
		case 'k':
			json_key(w, "k");
			break;
		default:
			json_int(w, 1);
			break;
		}
	}
	json_writer_end(&w);
	buf_deinit(&b);
}

static void catches_calls_out_of_order(void **state)
{
	static struct {
		char calls[9];
		bool good;
	} rows[] = {
		{ "v", true },      { "{}", true },     { "[v{kv}v]", true },
		{ "", false },      { "{", false },     { "[", false },
		{ "}", false },     { "]", false },     { "{k}", false },
		{ "{v}", false },   { "{kk}", false },  { "[k]", false },
		{ "[}", false },    { "{]", false },    { "k", false },
		{ "vv", false },    { "{}{}", false },  { "{}}", false },
		{ "{kvv}", false }, { "{k[}]", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const int status = child_run(play, rows[i].calls);

		if (rows[i].good)
			assert_true(WIFEXITED(status) &&
			            WEXITSTATUS(status) == 0);
		else
			assert_true(WIFSIGNALED(status) &&
			            WTERMSIG(status) == SIGABRT);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes),
		cmocka_unit_test(survives_a_full_buffer),
		cmocka_unit_test(catches_calls_out_of_order),
	};

	return cmocka_run_group_tests_name("json_write", tests, NULL, NULL);
}
