/*
 * What an upload costs from its bytes to the parameters of its transaction, with
 * the limits as shipped: the peak of the memory taken, of whatever library, for
 * each byte of the text. The first byte chooses the file, and by its high bits how
 * little memory there is: running out of it is a problem like others. The second
 * one says how often all behind the first line is repeated, so that what a row
 * costs is seen.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <sanitizer/allocator_interface.h>

#include "api-server/import/merge.h"
#include "api-server/import/upload.h"
#include "api-server/settings.h"
#include "common/base/buf.h"
#include "common/base/mem.h"

/*
 * The costliest row known is one of the diary without a link: 17 bytes that are
 * remembered twice and become 21 parameters, some 19 bytes for each. A thousand
 * rows, their parameters while they grow, and what is there once are beside that.
 */
#define PER_BYTE  32
#define AT_ONCE   ((size_t)512 << 10)
#define TEXT_MAX  ((size_t)96 << 10)
#define MEMBER_ID 1

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const names[] = {
	"watched.csv",        "ratings.csv",         "diary.csv",
	"reviews.csv",        "profile.csv",         "lists/a.csv",
	"orphaned/diary.csv", "deleted/lists/a.csv",
};

/* --- memory --- */

static struct {
	size_t now, peak;
	size_t reserve; /* as much at once is the reserve of an arena: addresses */
} memory;

static void malloc_cb(const volatile void *p, size_t size)
{
	(void)p;
	if (size >= memory.reserve)
		return;
	memory.now += size;
	if (memory.peak < memory.now)
		memory.peak = memory.now;
}

static void free_cb(const volatile void *p)
{
	const size_t size = p != NULL ? __sanitizer_get_allocated_size(
						(const void *)(uintptr_t)p)
	                              : 0;

	if (size < memory.reserve)
		memory.now -= size < memory.now ? size : memory.now;
}

/* --- the path of an upload --- */

static struct import_limits shipped(void)
{
	static struct settings settings;
	static bool loaded;
	struct error err;

	if (!loaded) {
		ensure(conf_load(settings_keys, &settings, NULL, &err));
		ensure(import_settings_check(&settings.import, &err));
		memory.reserve = import_reserve_rows(&settings.import.limits);
		ensure(__sanitizer_install_malloc_and_free_hooks(malloc_cb,
		                                                 free_cb) > 0);
	}
	loaded = true;
	return settings.import.limits;
}

struct upload {
	struct arena *arena;
	size_t reserve;
	struct merge_order order;
	struct merge *merge;
};

static void begin_cb(void *arg, const struct import_set *set)
{
	struct upload *u = arg;

	u->merge = merge_new(u->arena, u->reserve, set, &u->order);
	ensure(u->merge != NULL);
}

static void take_cb(void *arg, const struct import_file *file,
                    const struct import_row *rows, size_t count)
{
	struct upload *u = arg;

	ensure(count > 0);
	merge_rows(u->merge, file, rows, count);
}

static void read_upload(const struct upload_source *source,
                        const struct import_limits *limits)
{
	struct upload u = {
		.reserve = import_reserve_rows(limits),
		.order = { .member = MEMBER_ID, .deadline_ms = 1000 },
	};
	const struct row_taker taker = { begin_cb, take_cb, &u };
	struct upload_problem problem;
	struct import_set set;
	struct pg_tx *tx = NULL;

	u.arena = arena_new_bounded((size_t)limits->memory_max,
	                            import_reserve_names(limits));
	if (upload_read(u.arena, source, limits, &taker, &set, &problem))
		tx = merge_end(&u.merge, &set, &u.order);
	pg_tx_free(&tx);
	merge_free(&u.merge);
	arena_free(&u.arena);
}

/* The text: its first line, and all behind it so often. */
static void repeat(struct buf *text, const char *bytes, size_t len, int times)
{
	const char *line = memchr(bytes, '\n', len);
	const size_t first = line != NULL ? (size_t)(line - bytes) + 1 : len;

	buf_add(text, bytes, first);
	for (int i = 0; i < times; i++)
		buf_add(text, bytes + first, len - first);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct import_limits limits = shipped();
	struct buf text;

	if (size < 2)
		return 0;
	if (data[0] >= 0x80)
		limits.memory_max = INT64_C(0x2000) << ((data[0] >> 3) & 15);
	buf_init(&text, TEXT_MAX);
	repeat(&text, (const char *)data + 2, size - 2, data[1] * 8 + 1);
	const struct upload_source source = {
		.content_type = "text/csv",
		.file_name = names[data[0] % ARRAY_LEN(names)],
		.body = text.data,
		.len = text.len,
	};
	const size_t before = memory.now;

	memory.peak = before;
	read_upload(&source, &limits);
	ensure(memory.peak - before <= AT_ONCE + PER_BYTE * text.len);
	buf_deinit(&text);
	return 0;
}
