/* From the body of a request to a transaction, on the worker's thread. */
#include "api-server/import/import_task.h"

#include <sodium.h>

#include "api-server/import/upload.h"
#include "common/base/arena.h"
#include "common/base/clock.h"
#include "common/base/mem.h"
#include "common/pg/pg_tx.h"

_Static_assert(MERGE_SHA256_BYTES == crypto_hash_sha256_BYTES,
               "a SHA-256 is a SHA-256");

struct import_job_upload {
	struct arena *arena; /* of the copies, and of the rows */
	struct upload_source source;
	struct import_limits limits;
	struct merge_order order;
	int64_t arrived_us;
};

static void run(struct import_job *job)
{
	struct import_job_upload *upload = job->upload;
	struct merge_order *order = &upload->order;
	struct import_set set;

	job->failed = !upload_read(upload->arena, &upload->source,
	                           &upload->limits, &set, &job->problem);
	if (job->failed)
		return;
	(void)crypto_hash_sha256(order->sha256,
	                         (const unsigned char *)set.content.p,
	                         set.content.n);
	order->seconds = (double)(clock_us() - upload->arrived_us) / 1e6;
	job->tx = merge_tx(&set, order);
}

static void run_cb(struct worker_task *task)
{
	struct import_job *job = (struct import_job *)task;

	run(job);
}

static const char *copy(struct arena *arena, const char *text)
{
	return text != NULL ? arena_strdup(arena, text) : NULL;
}

struct import_job *import_job_new(const struct import_job_source *source,
                                  const struct import_limits *limits,
                                  const struct merge_order *order,
                                  void (*done)(struct worker_task *task))
{
	struct arena *arena = arena_new();
	struct import_job *job = xcalloc(1, sizeof(*job));

	job->task.run = run_cb;
	job->task.done = done;
	job->upload = arena_alloc(arena, sizeof(*job->upload));
	*job->upload = (struct import_job_upload){
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
	return job;
}

void import_job_free(struct import_job **job)
{
	if (*job == NULL)
		return;

	struct arena *arena = (*job)->upload->arena;
	pg_tx_free(&(*job)->tx);
	arena_free(&arena);
	free(*job);
	*job = NULL;
}
