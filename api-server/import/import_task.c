/* From the body of a request to a transaction, on the import thread. */
#include "api-server/import/import_task.h"

#include <sodium.h>

#include "api-server/import/upload.h"
#include "common/base/arena.h"
#include "common/base/clock.h"
#include "common/base/mem.h"
#include "common/pg/pg_tx.h"

_Static_assert(MERGE_SHA256_BYTES == crypto_hash_sha256_BYTES,
               "a SHA-256 is a SHA-256");

struct import_task_upload {
	struct arena *arena; /* of the copies, and of the rows */
	struct upload_source source;
	struct import_limits limits;
	struct merge_order order;
	int64_t arrived_us;
};

static void run(struct import_task *t)
{
	struct import_task_upload *upload = t->upload;
	struct merge_order *order = &upload->order;
	struct import_set set;

	t->failed = !upload_read(upload->arena, &upload->source,
	                         &upload->limits, &set, &t->problem);
	if (t->failed)
		return;
	(void)crypto_hash_sha256(order->sha256,
	                         (const unsigned char *)set.content.p,
	                         set.content.n);
	order->seconds = (double)(clock_us() - upload->arrived_us) / 1e6;
	t->tx = merge_tx(&set, order);
}

static void run_cb(struct task *task)
{
	run((struct import_task *)task);
}

static const char *copy(struct arena *arena, const char *text)
{
	return text != NULL ? arena_strdup(arena, text) : NULL;
}

struct import_task *import_task_new(const struct import_task_source *source,
                                    const struct import_limits *limits,
                                    const struct merge_order *order,
                                    void (*done)(struct task *task))
{
	struct arena *arena = arena_new();
	struct import_task *t = xcalloc(1, sizeof(*t));

	t->task.run = run_cb;
	t->task.done = done;
	t->upload = arena_alloc(arena, sizeof(*t->upload));
	*t->upload = (struct import_task_upload){
		.arena = arena,
		.source = { .content_type = copy(arena, source->content_type),
		            .file_name = copy(arena, source->file_name),
		            .body = arena_strndup(arena, source->body.p,
		                                  source->body.n),
		            .len = source->body.n },
		.limits = *limits,
		.order = *order,
		.arrived_us = clock_us(),
	};
	return t;
}

void import_task_free(struct import_task **task)
{
	struct import_task *t = *task;

	if (t == NULL)
		return;

	struct arena *arena = t->upload->arena;
	pg_tx_free(&t->tx);
	arena_free(&arena);
	free(t);
	*task = NULL;
}
