/* common/conf/conf: values, errors with their place, environment, reloading. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/log.h"
#include "common/conf/conf.h"

struct settings {
	bool on;
	int64_t port;
	char *address;
	char *token;
	int colour;
	int64_t wait;
	int64_t size;
	char *name;
};

static const char *const colours[] = { "red", "green", NULL };

static const struct conf_key keys[] = {
	{ .path = "http.on",
	  .type = CONF_BOOL,
	  .offset = offsetof(struct settings, on),
	  .def = "true" },
	{ .path = "http.port",
	  .type = CONF_INT,
	  .offset = offsetof(struct settings, port),
	  .def = "8080",
	  .min = 1,
	  .max = 65535,
	  .env = "TEST_PORT" },
	{ .path = "http.address",
	  .type = CONF_STRING,
	  .offset = offsetof(struct settings, address),
	  .def = "127.0.0.1",
	  .max = 20,
	  .reloadable = true },
	{ .path = "tmdb.token",
	  .type = CONF_SECRET,
	  .offset = offsetof(struct settings, token),
	  .def = "",
	  .max = 8,
	  .env = "TEST_TOKEN",
	  .reloadable = true },
	{ .path = "tmdb.colour",
	  .type = CONF_CHOICE,
	  .offset = offsetof(struct settings, colour),
	  .def = "green",
	  .choices = colours },
	{ .path = "tmdb.wait",
	  .type = CONF_DURATION,
	  .offset = offsetof(struct settings, wait),
	  .def = "30s",
	  .min = 1,
	  .max = 31536000000,
	  .reloadable = true },
	{ .path = "tmdb.size",
	  .type = CONF_SIZE,
	  .offset = offsetof(struct settings, size),
	  .def = "4KiB" },
	{ .path = "tmdb.name",
	  .type = CONF_STRING,
	  .offset = offsetof(struct settings, name),
	  .def = "x",
	  .min = 1 },
	{ 0 }
};

static char path[] = "/tmp/test_conf.XXXXXX";

static int make_file(void **state)
{
	const int fd = mkstemp(path);

	(void)state;
	log_setup(NULL, LOG_FORMAT_LOGFMT, LOG_LEVEL_ERROR);
	if (fd < 0)
		return -1;
	return close(fd);
}

static int remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

static void write_bytes(const char *text, size_t len)
{
	FILE *f = fopen(path, "we");

	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

static struct settings load(const char *text)
{
	struct settings s = { 0 };
	struct error err = { "" };

	write_bytes(text, strlen(text));
	const bool ok = conf_load(keys, &s, path, &err);
	assert_string_equal(err.message, "");
	assert_true(ok);
	return s;
}

/* The message without the path of the file. */
static const char *refusal_of(const char *text, size_t len)
{
	static struct error err;
	struct settings s = { 0 };

	write_bytes(text, len);
	assert_false(conf_load(keys, &s, path, &err));
	assert_null(s.address);
	assert_null(s.token);
	assert_null(s.name);
	if (strncmp(err.message, path, strlen(path)) == 0)
		return err.message + strlen(path);
	return err.message;
}

static void assert_defaults(const struct settings *s)
{
	assert_true(s->on);
	assert_int_equal(s->port, 8080);
	assert_string_equal(s->address, "127.0.0.1");
	assert_string_equal(s->token, "");
	assert_int_equal(s->colour, 1);
	assert_int_equal(s->wait, 30000);
	assert_int_equal(s->size, 4096);
	assert_string_equal(s->name, "x");
}

static void has_defaults(void **state)
{
	static const char *const texts[] = {
		"",
		"# nothing\n",
		"---\n",
		"---\n...\n",
		"http:\ntmdb:\n  # token: x\n",
		"http: {}\n",
		"~\n",
	};
	struct error err;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct settings s = load(texts[i]);

		assert_defaults(&s);
		conf_free(keys, &s);
	}

	struct settings s = { 0 };
	assert_true(conf_load(keys, &s, NULL, &err));
	assert_defaults(&s);
	conf_free(keys, &s);
}

static void reads_every_type(void **state)
{
	(void)state;
	struct settings s = load("http:\n"
	                         "  on: false\n"
	                         "  port: \"65535\"\n"
	                         "  address: \"\"\n"
	                         "tmdb:\n"
	                         "  token: 'a: #b'\n"
	                         "  colour: red\n"
	                         "  wait: 150d\n"
	                         "  size: 2GiB\n"
	                         "  name: null and void\n");

	assert_false(s.on);
	assert_int_equal(s.port, 65535);
	assert_string_equal(s.address, "");
	assert_string_equal(s.token, "a: #b");
	assert_int_equal(s.colour, 0);
	assert_int_equal(s.wait, 12960000000);
	assert_int_equal(s.size, 2147483648);
	assert_string_equal(s.name, "null and void");
	conf_free(keys, &s);
}

static void reads_units(void **state)
{
	static const struct {
		const char *text;
		int64_t wait, size;
	} rows[] = {
		{ "tmdb: {wait: 250ms, size: 512}", 250, 512 },
		{ "tmdb: {wait: 30s, size: 64KiB}", 30000, 65536 },
		{ "tmdb: {wait: 5m, size: 32MiB}", 300000, 33554432 },
		{ "tmdb: {wait: 1h, size: 0}", 3600000, 0 },
		{ "tmdb: {wait: 2d, size: 1GiB}", 172800000, 1073741824 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct settings s = load(rows[i].text);

		assert_int_equal(s.wait, rows[i].wait);
		assert_int_equal(s.size, rows[i].size);
		conf_free(keys, &s);
	}
}

#define STRUCTURE "expected \"section:\" and below it, indented, \"key: value\""
#define WAIT_HELP "is no duration; write a whole number with ms, s, m, h or d"
#define SIZE_HELP                                                              \
	"is no size; write a whole number, with KiB, MiB or GiB if wanted"

static const struct {
	const char *text, *message;
} refusals[] = {
	/* names */
	{ "http:\n  prt: 1\n",
	  ":2:3: unknown key \"http.prt\"; known keys of http: on, "
	  "port, address" },
	{ "htpp:\n  port: 1\n",
	  ":1:1: unknown section \"htpp\"; known sections: http, tmdb" },
	{ "http:\n  port: 1\n  on: true\n  port: 2\n",
	  ":4:3: \"http.port\" is there twice; first in line 2" },
	{ "http:\n  port: 1\n\nhttp:\n  on: true\n",
	  ":4:1: section \"http\" is there twice; it began in line 1" },
	/* values */
	{ "http:\n  port: 0\n",
	  ":2:9: http.port: \"0\" is out of range; it must be from 1 "
	  "to 65535" },
	{ "http:\n  port: 65536\n",
	  ":2:9: http.port: \"65536\" is out of range; it must be "
	  "from 1 to 65535" },
	{ "http:\n  port: 80a\n",
	  ":2:9: http.port: \"80a\" is no integer; write a whole "
	  "number" },
	{ "http:\n  port: 99999999999999999999\n",
	  ":2:9: http.port: \"99999999999999999999\" is no integer; "
	  "write a whole number" },
	{ "http:\n  on: yes\n",
	  ":2:7: http.on: \"yes\" is neither true nor false" },
	{ "tmdb:\n  colour: blue\n",
	  ":2:11: tmdb.colour: \"blue\" is none of: red, green" },
	{ "tmdb:\n  wait: 30\n", ":2:9: tmdb.wait: \"30\" " WAIT_HELP },
	{ "tmdb:\n  wait: 1.5s\n", ":2:9: tmdb.wait: \"1.5s\" " WAIT_HELP },
	{ "tmdb:\n  wait: 9999999999999d\n",
	  ":2:9: tmdb.wait: \"9999999999999d\" " WAIT_HELP },
	{ "tmdb:\n  wait: 0s\n",
	  ":2:9: tmdb.wait: \"0s\" is out of range; it must be from "
	  "1ms to 31536000000ms" },
	{ "tmdb:\n  size: 1KB\n", ":2:9: tmdb.size: \"1KB\" " SIZE_HELP },
	{ "tmdb:\n  size: -1\n",
	  ":2:9: tmdb.size: \"-1\" is out of range; it must be from "
	  "0 to 9223372036854775807" },
	{ "tmdb:\n  token: very-secret\n",
	  ":2:10: tmdb.token: the value has 11 bytes; it must have "
	  "from 0 to 8" },
	{ "tmdb:\n  name: \"\"\n",
	  ":2:9: tmdb.name: the value has 0 bytes; it must have from "
	  "1 to 4096" },
	{ "http:\n  address:\n",
	  ":2:11: http.address has no value; write one (\"\" for an "
	  "empty string) or leave the key out" },
	{ "http:\n  address: null\n",
	  ":2:12: http.address has no value; write one (\"\" for an "
	  "empty string) or leave the key out" },
	{ "http:\n  address: \"a\\0b\"\n",
	  ":2:12: NUL characters are not allowed" },
	/* what else YAML can do */
	{ "word\n", ":1:1: " STRUCTURE },
	{ "http: 1\n", ":1:7: " STRUCTURE },
	{ "- a\n", ":1:1: lists are not supported" },
	{ "http:\n  port: [1]\n", ":2:9: lists are not supported" },
	{ "http:\n  port:\n    a: 1\n",
	  ":3:5: nothing is nested deeper than section and key" },
	{ "{http: {port: 1}}: 1\n",
	  ":1:1: nothing is nested deeper than section and key" },
	{ "http:\n  port: &a 1\n", ":2:9: anchors and tags are not supported" },
	{ "http: &a\n  port: 1\n", ":1:7: anchors and tags are not supported" },
	{ "http:\n  port: *a\n", ":2:9: aliases are not supported" },
	{ "http:\n  port: !!int 1\n",
	  ":2:9: anchors and tags are not supported" },
	{ "http:\n  port: 1\n---\ntmdb:\n",
	  ":3:1: a second document is not allowed" },
	{ "http:\n\tport: 1\n",
	  ":2:1: found character that cannot start any token" },
	{ "http:\n  port: \"1\n", ":3:1: found unexpected end of stream" },
};

static void refuses_with_the_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++)
		assert_string_equal(
			refusal_of(refusals[i].text, strlen(refusals[i].text)),
			refusals[i].message);
}

static void refuses_wrong_bytes(void **state)
{
	(void)state;
	assert_string_equal(refusal_of("http:\n  address: a\xff\n", 20),
	                    ":2:13: invalid leading UTF-8 octet");
	assert_string_equal(refusal_of("http:\n  address: \0\n", 19),
	                    ":2:12: control characters are not allowed");
}

static void refuses_what_is_too_large(void **state)
{
	static char text[65537];
	char expected[128];

	(void)state;
	memset(text, '\n', sizeof(text));
	write_bytes(text, 65536);
	struct settings s = { 0 };
	struct error err;
	assert_true(conf_load(keys, &s, path, &err));
	conf_free(keys, &s);

	(void)snprintf(expected, sizeof(expected),
	               "%s is larger than 65536 bytes", path);
	write_bytes(text, 65537);
	assert_false(conf_load(keys, &s, path, &err));
	assert_string_equal(err.message, expected);
}

static void refuses_what_cannot_be_read(void **state)
{
	struct settings s = { 0 };
	struct error err;

	(void)state;
	assert_false(conf_load(keys, &s, "/nowhere/x.yaml", &err));
	assert_string_equal(err.message, "cannot open /nowhere/x.yaml: No "
	                                 "such file or directory");
	assert_false(conf_load(keys, &s, "/", &err));
	assert_string_equal(err.message, "cannot read /: Is a directory");
}

static void environment_overrides(void **state)
{
	(void)state;
	assert_int_equal(setenv("TEST_PORT", "1234", 1), 0);
	assert_int_equal(setenv("TEST_TOKEN", "", 1), 0);
	struct settings s = load("http: {port: 1}\ntmdb: {token: abc}\n");
	assert_int_equal(s.port, 1234);
	assert_string_equal(s.token, "abc");
	conf_free(keys, &s);

	assert_int_equal(setenv("TEST_PORT", "x", 1), 0);
	assert_string_equal(refusal_of("", 0),
	                    "environment variable TEST_PORT: \"x\" is no "
	                    "integer; write a whole number");
	assert_int_equal(unsetenv("TEST_PORT"), 0);
	assert_int_equal(unsetenv("TEST_TOKEN"), 0);
}

static void environment_names_a_file(void **state)
{
	char secret[] = "/tmp/test_conf_secret.XXXXXX";
	const int fd = mkstemp(secret);
	struct settings s = { 0 };
	struct error err;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "s3cret\r\n", 8), 8);
	assert_int_equal(close(fd), 0);
	assert_int_equal(setenv("TEST_TOKEN_FILE", secret, 1), 0);
	assert_true(conf_load(keys, &s, NULL, &err));
	assert_string_equal(s.token, "s3cret");
	conf_free(keys, &s);

	assert_int_equal(setenv("TEST_TOKEN", "abc", 1), 0);
	assert_false(conf_load(keys, &s, NULL, &err));
	assert_string_equal(err.message, "TEST_TOKEN and TEST_TOKEN_FILE are "
	                                 "both set; unset one");
	assert_int_equal(unsetenv("TEST_TOKEN"), 0);

	assert_int_equal(unlink(secret), 0);
	assert_int_equal(setenv("TEST_TOKEN_FILE", "/nowhere", 1), 0);
	assert_false(conf_load(keys, &s, NULL, &err));
	assert_string_equal(err.message,
	                    "environment variable TEST_TOKEN_FILE: cannot "
	                    "open /nowhere: No such file or directory");
	assert_int_equal(unsetenv("TEST_TOKEN_FILE"), 0);
}

static void must_be_set(void **state)
{
	static const struct conf_key required[] = {
		{ .path = "tmdb.name",
		  .type = CONF_STRING,
		  .offset = 0,
		  .min = 1 },
		{ 0 },
	};
	char *name = NULL;
	struct error err;

	(void)state;
	assert_false(conf_load(required, &name, NULL, &err));
	assert_string_equal(err.message,
	                    "tmdb.name must be set (default \"\"): the value "
	                    "has 0 bytes; it must have from 1 to 4096");
}

static void reloads_what_may_be(void **state)
{
	struct settings s = load("http: {port: 1, address: a}\n");
	struct error err;
	struct conf_changes changes = { -1, -1 };
	static const char changed[] = "http: {port: 2, address: b}\n"
				      "tmdb: {wait: 1s, name: y}\n";
	static const char wrong[] = "http: {address: c}\n"
				    "tmdb: {wait: never}\n";

	(void)state;
	write_bytes(changed, strlen(changed));
	assert_true(conf_reload(keys, &s, path, NULL, &changes, &err));
	assert_int_equal(changes.taken, 2);   /* address and wait */
	assert_int_equal(changes.ignored, 2); /* port and name */
	assert_int_equal(s.port, 1);
	assert_string_equal(s.name, "x");
	assert_string_equal(s.address, "b");
	assert_int_equal(s.wait, 1000);

	write_bytes(wrong, strlen(wrong));
	assert_false(conf_reload(keys, &s, path, NULL, &changes, &err));
	assert_string_equal(s.address, "b");
	assert_int_equal(s.wait, 1000);
	assert_non_null(strstr(err.message, ":2:14: tmdb.wait: \"never\""));
	conf_free(keys, &s);
}

static bool only_x_waits_long(const void *settings, struct error *err)
{
	const struct settings *s = settings;

	return s->wait <= 1000 || strcmp(s->name, "x") == 0 ||
	       error_set(err, "only x may wait long");
}

static void keeps_the_old_when_the_whole_is_wrong(void **state)
{
	struct settings s = load("tmdb: {wait: 1s, name: x}\n");
	static const char wrong[] = "tmdb: {wait: 2s, name: y}\n";
	static const char right[] = "tmdb: {wait: 3s, name: x}\n";
	struct error err;
	struct conf_changes changes = { -1, -1 };

	(void)state;
	write_bytes(wrong, strlen(wrong));
	assert_false(
		conf_reload(keys, &s, path, only_x_waits_long, &changes, &err));
	assert_string_equal(err.message, "only x may wait long");
	assert_int_equal(s.wait, 1000);
	write_bytes(right, strlen(right));
	assert_true(
		conf_reload(keys, &s, path, only_x_waits_long, &changes, &err));
	assert_int_equal(s.wait, 3000);
	conf_free(keys, &s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(has_defaults),
		cmocka_unit_test(reads_every_type),
		cmocka_unit_test(reads_units),
		cmocka_unit_test(refuses_with_the_place),
		cmocka_unit_test(refuses_wrong_bytes),
		cmocka_unit_test(refuses_what_is_too_large),
		cmocka_unit_test(refuses_what_cannot_be_read),
		cmocka_unit_test(environment_overrides),
		cmocka_unit_test(environment_names_a_file),
		cmocka_unit_test(must_be_set),
		cmocka_unit_test(reloads_what_may_be),
		cmocka_unit_test(keeps_the_old_when_the_whole_is_wrong),
	};

	return cmocka_run_group_tests_name("conf", tests, make_file,
	                                   remove_file);
}
