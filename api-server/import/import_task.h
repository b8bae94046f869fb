#ifndef API_SERVER_IMPORT_IMPORT_TASK_H
#define API_SERVER_IMPORT_IMPORT_TASK_H

#include <stdbool.h>
#include <stdint.h>

#include "api-server/import/limits.h"
#include "api-server/import/merge.h"
#include "api-server/import/upload_problem.h"
#include "common/base/attr.h"
#include "common/base/str.h"
#include "common/process/task_thread.h"

/*
 * The part of an import that would hold up the loop: unpacking, parsing,
 * hashing and writing the transaction, as a task for the import thread. It
 * owns copies of all it needs.
 */
struct import_task {
	struct task task; /* first, so that one is the other */
	void *owner;      /* of whoever submits it; not touched */

	/* What came of it, for task.done(): a transaction to be run (taken by
	 * setting it to NULL), or a problem with the upload. Neither when the
	 * thread was stopped before. */
	struct pg_tx *tx;
	bool failed;
	struct upload_problem problem;

	struct import_task_upload *upload; /* import_task.c's */
};

struct import_task_source {
	struct str body;
	const char *content_type; /* NULL: none was sent */
	const char *file_name;    /* NULL: nowhere */
};

/* order->sha256 and order->seconds are filled in by the task. NULL: there is no
 * memory for another upload now. limits->memory_max is more than the body. */
struct import_task *import_task_new(const struct import_task_source *source,
                                    const struct import_limits *limits,
                                    const struct merge_order *order,
                                    void (*done)(struct task *task)) MUST_CHECK;
void import_task_free(struct import_task **task);

#endif
