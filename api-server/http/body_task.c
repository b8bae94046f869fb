/* Large bodies are finished by a task each; small ones at once. */
#include "api-server/http/body_task.h"

#include <stdlib.h>
#include <string.h>

#include "api-server/http/body.h"
#include "common/base/mem.h"
#include "common/process/task_thread.h"

struct body_task {
	struct task task;  /* first, so that one is the other */
	struct body *body; /* the loop's; the thread reads its bytes alone */
	struct body made;  /* what the thread makes: its tag, its gzip */
	char *version;     /* NULL: none */
	bool compress;
	bool has_run;
	void (*done)(void *arg);
	void *arg;
};

static void finish(struct body *body, const char *version, bool compress)
{
	if (body->etag[0] == '\0')
		body_tag(body, version);
	if (compress)
		(void)body_compress(body);
}

static void run_cb(struct task *task)
{
	struct body_task *t = (struct body_task *)task;

	finish(&t->made, t->version, t->compress);
	t->has_run = true;
}

/* On the loop: whoever looks at a body there finds it finished or not begun. */
static void take_over(struct body *body, struct body *made)
{
	if (body->etag[0] == '\0')
		memcpy(body->etag, made->etag, sizeof(body->etag));
	if (!made->gzip_tried || body->gzip_tried) {
		free(made->gzip);
		return;
	}
	body->gzip = made->gzip;
	body->gzip_len = made->gzip_len;
	body->gzip_tried = true;
}

static void done(struct body_task *t)
{
	if (t->has_run)
		take_over(t->body, &t->made);
	else
		finish(t->body, t->version, false);
	t->done(t->arg);
	body_unref(&t->body);
	free(t->version);
	free(t);
}

static void done_cb(struct task *task)
{
	done((struct body_task *)task);
}

static struct body_task *body_task_new(struct body *body,
                                       const struct body_finish *how)
{
	struct body_task *t = xcalloc(1, sizeof(*t));

	t->task.run = run_cb;
	t->task.done = done_cb;
	t->body = body_ref(body);
	t->made = (struct body){ .data = body->data, .len = body->len };
	memcpy(t->made.etag, body->etag, sizeof(body->etag));
	t->version = how->version != NULL ? xstrdup(how->version) : NULL;
	t->compress = how->compress && !body->gzip_tried;
	t->done = how->done;
	t->arg = how->arg;
	return t;
}

static bool is_costly(const struct body *body, bool compress)
{
	return body->len >= BODY_TASK_MIN &&
	       (body->etag[0] == '\0' || (compress && !body->gzip_tried));
}

void body_finish(struct task_thread *thread, struct body *body,
                 const struct body_finish *how)
{
	struct body_task *t;

	if (!is_costly(body, how->compress)) {
		finish(body, how->version, how->compress);
		how->done(how->arg);
		return;
	}
	t = body_task_new(body, how);
	if (!task_thread_submit(thread, &t->task))
		done(t);
}
