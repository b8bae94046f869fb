/* import/multipart: the files of a form. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api-server/import/multipart.h"
#include "common/base/buf.h"
#include "common/base/mem.h"

#define TYPE "multipart/form-data; boundary=xyz"
#define NAMED                                                                  \
	"Content-Disposition: form-data; name=\"file\"; filename=\"a.zip\""
#define NOTHING                                                                \
	"--xyz\r\nContent-Disposition: form-data; name=\"f\"; filename=\"\""   \
	"\r\nContent-Type: application/octet-stream\r\n\r\n\r\n"
#define FIELD "--xyz\r\nContent-Disposition: form-data; name=\"f\"\r\n\r\nv\r\n"

static const struct import_limits limits = { .entries_max = 16 };

static bool read_exact(struct arena *arena, const char *type, struct str body,
                       struct multipart_form *form,
                       struct upload_problem *problem)
{
	char *copy = arena_strndup(arena, body.p, body.n);

	return multipart_read(arena, type, (struct str){ copy, body.n },
	                      &limits, form, problem);
}

static void finds_the_file(void **state)
{
	static const struct {
		const char *type, *body, *name, *content;
	} rows[] = {
		{ TYPE, "--xyz\r\n" NAMED "\r\n\r\nhello\r\n--xyz--\r\n",
		  "a.zip", "hello" },
		{ TYPE, "--xyz\r\n" NAMED "\r\n\r\nhello\r\n--xyz--", "a.zip",
		  "hello" },
		{ TYPE, "--xyz\r\n" NAMED "\r\n\r\n\r\n--xyz--", "a.zip", "" },
		/* The type is not believed, its case and place do not count. */
		{ TYPE,
		  "--xyz\r\nContent-Type: application/vnd.ms-excel\r\n"
		  "content-disposition:form-data;NAME=x;FileName=\"a.csv\"\r\n"
		  "\r\na,b\r\n\r\n--xyz--",
		  "a.csv", "a,b\r\n" },
		{ "Multipart/Form-Data; charset=utf-8; Boundary=\"x y:z\"",
		  "--x y:z\r\n" NAMED "\r\n\r\nhello\r\n--x y:z--", "a.zip",
		  "hello" },
		{ TYPE,
		  "preamble\r\n--xyz \t\r\n" NAMED "\r\n\r\nhello\r\n--xyz--"
		  "\r\nepilogue",
		  "a.zip", "hello" },
		{ TYPE,
		  FIELD "--xyz\r\n" NAMED "\r\n\r\nhello\r\n" FIELD "--xyz--",
		  "a.zip", "hello" },
		/* What looks like a boundary and is none. */
		{ TYPE,
		  "--xyz\r\n" NAMED
		  "\r\n\r\na--xyz\r\n--xy\n--xyz--\r\r\n--xyz--",
		  "a.zip", "a--xyz\r\n--xy\n--xyz--\r" },
		{ TYPE,
		  "--xyz\r\nContent-Disposition: form-data; "
		  "filename=\"C:\\dir\\a \\\"b\\\";c.zip\"\r\n\r\nx\r\n--xyz--",
		  "C:\\dir\\a \"b\";c.zip", "x" },
		{ TYPE,
		  "--xyz\r\nContent-Disposition: form-data; filename=\"\"\r\n"
		  "\r\nx\r\n--xyz--",
		  "", "x" },
		/* What a browser sends where no file was chosen. */
		{ TYPE, NOTHING "--xyz\r\n" NAMED "\r\n\r\nx\r\n--xyz--",
		  "a.zip", "x" },
		{ TYPE,
		  "--xyz\r\nContent-Disposition: form-data; "
		  "filename=\"caf\xe9.csv\"\r\n\r\nx\r\n--xyz--",
		  "caf\xef\xbf\xbd.csv", "x" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena *arena = arena_new();
		struct multipart_form form;
		struct upload_problem problem;

		if (!read_exact(arena, rows[i].type, str_of(rows[i].body),
		                &form, &problem))
			fail_msg("%s: %s", rows[i].body, problem.error.message);
		assert_int_equal(form.count, 1);
		assert_string_equal(form.files[0].name, rows[i].name);
		assert_true(str_is(form.files[0].content, rows[i].content));
		arena_free(&arena);
	}
}

static void keeps_every_byte(void **state)
{
	static const char body[] =
		"--xyz\r\n" NAMED "\r\n\r\nPK\0\xff\r\n\r\n--\r\n--xyz--";
	struct arena *arena = arena_new();
	struct multipart_form form;
	struct upload_problem problem;

	(void)state;
	assert_true(read_exact(arena, TYPE,
	                       (struct str){ body, sizeof(body) - 1 }, &form,
	                       &problem));
	assert_true(
		str_eq(form.files[0].content, STR_LIT("PK\0\xff\r\n\r\n--")));
	arena_free(&arena);
}

/* In their order, between fields, with their paths; more than the first
 * allocation holds. */
static void finds_every_file(void **state)
{
	struct arena *arena = arena_new();
	struct multipart_form form;
	struct upload_problem problem;
	struct buf body;
	char text[8];

	(void)state;
	buf_init(&body, 10000);
	buf_add_str(&body, FIELD);
	for (int i = 0; i < 14; i++)
		buf_printf(&body,
		           "--xyz\r\nContent-Disposition: form-data; "
		           "name=\"file\"; filename=\"me/lists/%d.csv\"\r\n\r\n"
		           "%d\r\n",
		           i, i * i);
	buf_add_str(&body, FIELD "--xyz--");
	assert_true(read_exact(arena, TYPE, (struct str){ body.data, body.len },
	                       &form, &problem));
	assert_int_equal(form.count, 14);
	for (int i = 0; i < 14; i++) {
		char name[32];

		(void)snprintf(name, sizeof(name), "me/lists/%d.csv", i);
		(void)snprintf(text, sizeof(text), "%d", i * i);
		assert_string_equal(form.files[i].name, name);
		assert_true(str_is(form.files[i].content, text));
	}
	buf_deinit(&body);
	arena_free(&arena);
}

#define PART   "--xyz\r\n" NAMED "\r\n\r\nx\r\n"
#define PART4  PART PART PART PART
#define FIELD4 FIELD FIELD FIELD FIELD
#define B70                                                                    \
	"1234567890123456789012345678901234567890123456789012345678901234567890"

static void refuses_broken_forms(void **state)
{
	static const struct {
		const char *type, *body, *word;
	} rows[] = {
		{ TYPE, "--xyz\r\n" NAMED "\r\n\r\nhello", "cut off" },
		{ TYPE, "--xyz\r\n" NAMED "\r\n\r\nhello\r\n--xyz", "cut off" },
		{ TYPE, "--xyz\r\n" NAMED "\r\n\r\nhello\r\n--xyz-",
		  "cut off" },
		{ TYPE, "--xyz\r\n" NAMED, "cut off" },
		{ TYPE, "--xyz", "cut off" },
		{ TYPE, "--xyz--", "no file" },
		{ TYPE, FIELD "--xyz--", "no file" },
		{ TYPE, NOTHING "--xyz--", "no file" },
		{ TYPE, FIELD4 FIELD4 FIELD4 FIELD4 "--xyz--", "no file" },
		{ TYPE, FIELD4 FIELD4 FIELD4 FIELD4 FIELD "--xyz--",
		  "16 parts" },
		{ TYPE, PART4 PART4 PART4 PART4 PART "--xyz--", "16 parts" },
		{ TYPE, "--abc\r\n" NAMED "\r\n\r\nx\r\n--abc--",
		  "not in the form" },
		{ TYPE, "", "not in the form" },
		{ TYPE, "--xyzz\r\n" NAMED "\r\n\r\nx\r\n--xyzz--",
		  "followed by something else" },
		{ TYPE, "--xyz\r\n" NAMED "\r\nx\r\n--xyz--", "blank line" },
		{ TYPE, "--xyz\r\nContent-Type: text/csv\r\n\r\nx\r\n--xyz--",
		  "Content-Disposition" },
		/* An open quote: then there is no file name. */
		{ TYPE,
		  "--xyz\r\nContent-Disposition: form-data; filename=\"a"
		  "\r\n\r\nx\r\n--xyz--",
		  "no file" },
		{ "multipart/form-data", PART "--xyz--", "boundary" },
		{ "multipart/form-data; boundary", PART "--xyz--", "boundary" },
		{ "multipart/form-data; boundary=", PART "--xyz--",
		  "boundary" },
		{ "multipart/form-data; boundary=\"\"", PART "--xyz--",
		  "boundary" },
		{ "multipart/form-data; boundary=\"xyz", PART "--xyz--",
		  "boundary" },
		{ "multipart/form-data; boundary=\"x\r\ny\"", PART "--xyz--",
		  "boundary" },
		{ "multipart/form-data; boundary=" B70, PART, "not in" },
		{ "multipart/form-data; boundary=" B70 "1", PART, "70" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena *arena = arena_new();
		struct multipart_form form;
		struct upload_problem problem = { 0 };

		if (read_exact(arena, rows[i].type, str_of(rows[i].body), &form,
		               &problem) ||
		    strstr(problem.error.message, rows[i].word) == NULL)
			fail_msg("%s %s: %s", rows[i].type, rows[i].body,
			         problem.error.message);
		assert_int_equal(problem.type,
		                 strcmp(rows[i].word, "16 parts") == 0
		                         ? UPLOAD_TOO_MANY_ENTRIES
		                         : UPLOAD_BAD_MULTIPART);
		arena_free(&arena);
	}
}

static void refuses_endless_headers(void **state)
{
	struct arena *arena = arena_new();
	struct multipart_form form;
	struct upload_problem problem;
	struct buf body;

	(void)state;
	buf_init(&body, 20000);
	buf_add_str(&body, "--xyz\r\n" NAMED "\r\nX: ");
	for (int i = 0; i < 9000; i++)
		buf_add_char(&body, 'x');
	buf_add_str(&body, "\r\n\r\nx\r\n--xyz--");
	assert_false(multipart_read(arena, TYPE,
	                            (struct str){ body.data, body.len },
	                            &limits, &form, &problem));
	buf_deinit(&body);
	arena_free(&arena);
}

/* Cut anywhere, a form is refused. */
static void notices_every_cut(void **state)
{
	static const char whole[] =
		FIELD "--xyz\r\n" NAMED "\r\n\r\nhello\r\n--xyz--";
	struct arena *arena = arena_new();

	(void)state;
	for (size_t n = 0; n < sizeof(whole) - 1; n++) {
		struct multipart_form form;
		struct upload_problem problem;
		char *copy = xmalloc(n + 1);

		memcpy(copy, whole, n);
		assert_false(multipart_read(arena, TYPE,
		                            (struct str){ copy, n }, &limits,
		                            &form, &problem));
		free(copy);
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_file),
		cmocka_unit_test(keeps_every_byte),
		cmocka_unit_test(finds_every_file),
		cmocka_unit_test(refuses_broken_forms),
		cmocka_unit_test(refuses_endless_headers),
		cmocka_unit_test(notices_every_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
