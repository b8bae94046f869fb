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
	struct merge *merge; /* while it is read */
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

/* The set has its names and contents. */
static void begin_cb(void *arg, const struct import_set *set)
{
	struct import_task_upload *upload = arg;

	hash(set, upload->order.sha256);
	upload->merge =
		merge_new(upload->arena, import_reserve_rows(&upload->limits),
	                  set, &upload->order);
}

static void take_cb(void *arg, const struct import_file *file,
                    const struct import_row *rows, size_t count)
{
	struct import_task_upload *upload = arg;

	if (upload->merge != NULL)
		merge_rows(upload->merge, file, rows, count);
}

/* NULL, with the problem set: the upload cannot be read. */
static struct pg_tx *read_upload(struct import_task_upload *upload,
                                 struct upload_problem *problem)
{
	const struct row_taker taker = { begin_cb, take_cb, upload };
	struct import_set set;
	struct pg_tx *tx = NULL;

	if (!upload_read(upload->arena, &upload->source, &upload->limits,
	                 &taker, &set, problem))
		return NULL;
	upload->order.seconds = (double)(clock_us() - upload->arrived_us) / 1e6;
	if (upload->merge != NULL)
		tx = merge_end(&upload->merge, &set, &upload->order);
	if (tx == NULL)
		(void)upload_problem_memory(problem, &upload->limits, NULL);
	return tx;
}

static void run(struct import_task *t)
{
	t->tx = read_upload(t->upload, &t->problem);
	t->failed = t->tx == NULL;
	merge_free(&t->upload->merge);
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
	                                        import_reserve_names(limits));
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
