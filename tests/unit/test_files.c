/* http/files: loading a directory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api-server/http/body.h"
#include "api-server/http/files.h"
#include "common/base/log.h"
#include "common/base/mem.h"

static char dir[] = "/tmp/rewatch-test-files-XXXXXX";

static void write_file(const char *name, const char *text)
{
	char *path = xasprintf("%s/%s", dir, name);
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
	free(path);
}

static int set_up(void **state)
{
	char *below = NULL;
	char *link = NULL;

	(void)state;
	log_setup("test", LOG_FORMAT_LOGFMT, LOG_LEVEL_ERROR);
	assert_non_null(mkdtemp(dir));
	below = xasprintf("%s/vendor", dir);
	link = xasprintf("%s/link.js", dir);
	assert_int_equal(mkdir(below, 0700), 0);
	assert_int_equal(symlink("/etc/passwd", link), 0);
	write_file("index.html", "<p>page</p>");
	write_file("app.js", "let a;");
	write_file("notes.txt", "no");
	write_file(".hidden.js", "no");
	write_file("vendor/chart.mjs", "chart");
	free(below);
	free(link);
	return 0;
}

static int tear_down(void **state)
{
	char *command = xasprintf("rm -r %s", dir);
	const int status = system(command); /* NOLINT(cert-env33-c) */

	(void)state;
	free(command);
	return status;
}

static void loads(void **state)
{
	struct files *f = files_new();
	struct error err;

	(void)state;
	assert_null(files_find(f, STR_LIT("/")));
	assert_true(files_load(f, dir, &err));
	assert_string_equal(files_find(f, STR_LIT("/"))->data, "<p>page</p>");
	assert_string_equal(files_find(f, STR_LIT("/index.html"))->content_type,
	                    "text/html; charset=utf-8");
	assert_string_equal(files_find(f, STR_LIT("/vendor/chart.mjs"))->data,
	                    "chart");
	assert_true(files_find(f, STR_LIT("/app.js"))->etag[0] != '\0');
	files_free(&f);
	files_free(&f);
}

static void leaves_out(void **state)
{
	static const char *const paths[] = {
		"/notes.txt", "/.hidden.js",    "/link.js",          "/vendor",
		"/vendor/",   "/../etc/passwd", "/vendor/../app.js", "app.js",
		"",           "//app.js"
	};
	struct files *f = files_new();
	struct error err;

	(void)state;
	assert_true(files_load(f, dir, &err));
	for (size_t i = 0; i < ARRAY_LEN(paths); i++)
		assert_null(files_find(f, str_of(paths[i])));
	files_free(&f);
}

static void loads_anew_or_keeps(void **state)
{
	struct files *f = files_new();
	struct error err;

	(void)state;
	assert_true(files_load(f, dir, &err));
	write_file("app.js", "let b;");
	assert_string_equal(files_find(f, STR_LIT("/app.js"))->data, "let a;");
	assert_true(files_load(f, dir, &err));
	assert_string_equal(files_find(f, STR_LIT("/app.js"))->data, "let b;");
	assert_false(files_load(f, "/nowhere", &err));
	assert_non_null(strstr(err.message, "/nowhere"));
	assert_string_equal(files_find(f, STR_LIT("/app.js"))->data, "let b;");
	files_free(&f);
}

/* The very body, and not another with the same bytes. */
static void keeps_what_did_not_change(void **state)
{
	struct files *f = files_new();
	struct error err;

	(void)state;
	write_file("app.js", "let a;");
	(void)sleep(2);
	assert_true(files_load(f, dir, &err));
	const struct body *page = files_find(f, STR_LIT("/"));
	const struct body *app = files_find(f, STR_LIT("/app.js"));
	write_file("app.js", "let b;");
	assert_true(files_load(f, dir, &err));
	assert_ptr_equal(files_find(f, STR_LIT("/")), page);
	assert_string_equal(files_find(f, STR_LIT("/app.js"))->data, "let b;");
	assert_ptr_not_equal(files_find(f, STR_LIT("/app.js")), app);
	assert_true(files_load(f, dir, &err));
	assert_ptr_equal(files_find(f, STR_LIT("/")), page);
	files_free(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(loads),
		cmocka_unit_test(leaves_out),
		cmocka_unit_test(loads_anew_or_keeps),
		cmocka_unit_test(keeps_what_did_not_change),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
