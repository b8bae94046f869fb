/* From the body of a request to a transaction, on the import thread. */
#include "api-server/import/import_task.h"

#include <sodium.h>
#include <string.h>

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

static void hash(const struct import_set *set,
                 unsigned char sha256[MERGE_SHA256_BYTES])
{
	crypto_hash_sha256_state state;

	(void)crypto_hash_sha256_init(&state);
	for (size_t i = 0; i < set->content_count; i++)
		(void)crypto_hash_sha256_update(
			&state, (const unsigned char *)set->contents[i].p,
			set->contents[i].n);
	(void)crypto_hash_sha256_final(&state, sha256);
}

/* What the arena of the rows has left of the upload's memory. */
static size_t memory_left(const struct import_task_upload *upload)
{
	return (size_t)upload->limits.memory_max + 1 -
	       arena_bytes(upload->arena);
}

static void run(struct import_task *t)
{
	struct import_task_upload *upload = t->upload;
	const struct import_limits *limits = &upload->limits;
	struct merge_order *order = &upload->order;
	struct import_set set;

	t->failed = !upload_read(upload->arena, &upload->source, limits, &set,
	                         &t->problem);
	if (t->failed)
		return;
	hash(&set, order->sha256);
	order->seconds = (double)(clock_us() - upload->arrived_us) / 1e6;
	t->tx = merge_tx(&set, order, memory_left(upload),
	                 import_reserve_bytes(limits));
	if (t->tx == NULL)
		t->failed = !upload_problem_memory(&t->problem, limits, NULL);
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
	struct arena *arena = arena_new_bounded((size_t)limits->memory_max,
	                                        import_reserve_bytes(limits));
	char *body = arena != NULL
	                     ? arena_regrow(arena, NULL, 0, source->body.n + 1)
	                     : NULL;
	if (body == NULL) {
		arena_free(&arena);
		return NULL;
	}
	memcpy(body, source->body.p, source->body.n);
	body[source->body.n] = '\0';

	struct import_task *t = xcalloc(1, sizeof(*t));
	t->task.run = run_cb;
	t->task.done = done;
	t->upload = arena_alloc(arena, sizeof(*t->upload));
	*t->upload = (struct import_task_upload){
		.arena = arena,
		.source = { .content_type = copy(arena, source->content_type),
		            .file_name = copy(arena, source->file_name),
		            .body = body,
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
