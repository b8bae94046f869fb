/*
 * Any bytes as a ZIP: listed, chosen from, unpacked, within the limits. What
 * does not begin as a ZIP is taken as the recipe of one: the change of one
 * byte, then entries as a byte of flags, a name and a content, each up to a
 * line end.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "api-server/import/zip.h"
#include "common/base/mem.h"
#include "tests/unit/zip_make.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TOTAL_MAX (8 << 20)

static const struct import_limits limits = {
	.entries_max = 50,
	.entry_bytes_max = 6 << 20,
	.total_bytes_max = TOTAL_MAX,
	.ratio_max = 100,
};

static void check(const struct listing *listing)
{
	size_t total = 0;

	ensure(listing->count <= 50);
	for (size_t i = 0; i < listing->count; i++) {
		ensure(str_is_utf8(str_of(listing->files[i].path)));
		total += listing->files[i].content.n;
	}
	ensure(total <= TOTAL_MAX);
}

static bool take_cb(void *arg, const struct listing_file *file)
{
	(void)arg;
	ensure(file->content.p != NULL);
	return true;
}

static void open_zip(struct str body)
{
	const struct zip_files files = { .take = take_cb };
	struct arena *arena = arena_new();
	struct upload_problem problem;
	struct listing listing;

	if (zip_is_one(body) &&
	    zip_list(arena, body, &limits, &listing, &problem)) {
		for (size_t i = 0; i < listing.count; i++)
			listing.files[i].wanted = i % 3 != 1;
		if (zip_unpack(arena, body, &limits, &listing, &files,
		               &problem))
			check(&listing);
	}
	arena_free(&arena);
}

static void add_entry(struct zip_make *z, struct str name, struct str content)
{
	char text[256] = "";
	const unsigned bits = name.n > 0 ? (unsigned char)name.p[0] : 0;

	if (name.n < 2 || name.n >= sizeof(text))
		return;
	memcpy(text, name.p + 1, name.n - 1);
	zip_make_add(
		z, &(struct zip_make_entry){
			   .name = text,
			   .content = content,
			   .stored = (bits & 1) != 0,
			   .flags = (int)((bits & 2) != 0 ? ZIP_FLAG_UTF8 : 0),
			   .method = (bits & 0xfc) == 0xfc ? 14 : 0,
			   .wrong_crc = (bits & 4) != 0 ? 1 : 0,
		   });
}

static void cook(struct str recipe)
{
	const unsigned char *change = (const unsigned char *)recipe.p;
	struct str rest = { recipe.p + 3, recipe.n - 3 };
	struct zip_make z;
	struct str name;
	struct str content;

	zip_make_init(&z);
	while (str_cut(&rest, '\n', &name) && str_cut(&rest, '\n', &content))
		add_entry(&z, name, content);
	const struct str made = zip_make_end(&z);
	const size_t at = ((size_t)change[0] << 8 | change[1]) % made.n;
	z.bytes.data[at] = (char)(z.bytes.data[at] ^ change[2]);
	open_zip(made);
	zip_make_deinit(&z);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct str body = { (const char *)data, size };

	if (zip_is_one(body))
		open_zip(body);
	else if (size > 3)
		cook(body);
	return 0;
}
