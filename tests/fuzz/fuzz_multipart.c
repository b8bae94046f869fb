/*
 * Any bytes as a form: the first line is the Content-Type, the rest the body.
 * Then the same as an upload, which must name every file that it does not read.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "api-server/import/multipart.h"
#include "api-server/import/upload.h"
#include "common/base/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct import_limits limits = {
	.entries_max = 50,
	.entry_bytes_max = 1 << 20,
	.total_bytes_max = 1 << 20,
	.ratio_max = 100,
	.field_bytes_max = 200,
	.row_bytes_max = 400,
	.rows_max = 5000,
	.list_max = 10,
};

static void check(struct str body, const struct multipart_form *form)
{
	ensure(form->count > 0 && form->count <= 50);
	for (size_t i = 0; i < form->count; i++) {
		const struct multipart_file *file = &form->files[i];

		ensure(str_is_utf8(str_of(file->name)));
		ensure(file->content.p >= body.p);
		ensure(file->content.p + file->content.n <= body.p + body.n);
	}
}

static void read_form(struct arena *arena, const char *type, struct str body)
{
	struct multipart_form form;
	struct upload_problem problem = { 0 };

	if (multipart_read(arena, type, body, &limits, &form, &problem))
		check(body, &form);
	else
		ensure(problem.error.message[0] != '\0');
}

static void check_set(const struct import_set *set)
{
	bool is_read = true;

	ensure(set->count > 0 && set->files[0].kind != IMPORT_UNREAD);
	for (size_t i = 0; i < set->count; i++) {
		const struct import_file *file = &set->files[i];

		ensure(file->ordinal == (int)i);
		ensure(str_is_utf8(str_of(file->path)));
		ensure(is_read || file->kind == IMPORT_UNREAD);
		is_read = file->kind != IMPORT_UNREAD;
		ensure(is_read || (file->reason != NULL && file->count == 0 &&
		                   str_is_utf8(str_of(file->reason))));
	}
}

static void read_upload(struct arena *arena, const char *type, struct str body)
{
	const struct upload_source source = {
		.content_type = type,
		.body = body.p,
		.len = body.n,
	};
	struct upload_problem problem = { 0 };
	struct import_set set;

	if (upload_read(arena, &source, &limits, NULL, &set, &problem))
		check_set(&set);
	else
		ensure(problem.error.message[0] != '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str body = { (const char *)data, size };
	struct arena *arena = arena_new();
	struct str type;

	if (size > 0 && str_cut(&body, '\n', &type) && body.p != NULL) {
		const char *text = arena_strndup(arena, type.p, type.n);

		read_form(arena, text, body);
		read_upload(arena, text, body);
	}
	arena_free(&arena);
	return 0;
}
