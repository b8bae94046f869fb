/* Any bytes as a form: the first line is the Content-Type, the rest the body.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "api-server/import/multipart.h"
#include "common/base/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct str body, const struct multipart_file *file)
{
	ensure(str_is_utf8(str_of(file->name)));
	ensure(file->content.p >= body.p);
	ensure(file->content.p + file->content.n <= body.p + body.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str body = { (const char *)data, size };
	struct arena *arena = arena_new();
	struct multipart_file file;
	struct error err = { "" };
	struct str type;

	if (size > 0 && str_cut(&body, '\n', &type) && body.p != NULL) {
		if (multipart_read(arena, arena_strndup(arena, type.p, type.n),
		                   body, &file, &err))
			check(body, &file);
		else
			ensure(err.message[0] != '\0');
	}
	arena_free(&arena);
	return 0;
}
