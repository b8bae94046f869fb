/* The head of a request, from anybody: what was taken says the same again. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/buf.h"
#include "common/base/mem.h"
#include "common/http/http_head.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* As a client would write what was understood. */
static void write_head(struct buf *out, const struct http_head *head)
{
	buf_printf(out, "%s %.*s%s%s HTTP/1.%d\r\n", head->method,
	           (int)head->path.n, head->path.p, head->query ? "?" : "",
	           head->query ? head->query : "", !head->old);
	for (int i = 0; i < head->nfields; i++)
		buf_printf(out, "%s: %s\r\n", head->fields[i].name,
		           head->fields[i].value);
	buf_add_str(out, "\r\n");
}

static void judge_again(const struct http_head *head)
{
	struct http_head again;
	enum http_refusal why;
	struct error err;
	struct buf text;

	buf_init(&text, (size_t)4 * HTTP_HEAD_MAX);
	write_head(&text, head);
	ensure(http_head_end(text.data, text.len, 0) == text.len);
	ensure(http_head_parse(&again, text.data, text.len, &why, &err));
	ensure(again.method == head->method && str_eq(again.path, head->path) &&
	       again.length == head->length && again.chunked == head->chunked &&
	       again.keep_alive == head->keep_alive &&
	       again.expects == head->expects &&
	       again.nfields == head->nfields);
	buf_deinit(&text);
}

static void judge(const struct http_head *head)
{
	ensure(head->method != NULL);
	ensure(head->path.n > 0 && strlen(head->path.p) == head->path.n);
	ensure(head->path.p[0] == '/' || str_is(head->path, "*"));
	ensure(!(head->chunked && head->length > 0));
	ensure(head->length >= 0 && head->length <= HTTP_LENGTH_MAX);
	ensure(head->old || http_head_field(head, "host") != NULL);
	for (int i = 0; i < head->nfields; i++)
		ensure(strpbrk(head->fields[i].value, "\r\n") == NULL);
	judge_again(head);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const size_t len = http_head_end((const char *)data, size, 0);
	struct http_head head;
	enum http_refusal why = HTTP_REFUSALS;
	struct error err = { "" };

	if (len == 0 || len > HTTP_HEAD_MAX)
		return 0;
	char *text = xmalloc(len);
	memcpy(text, data, len);
	if (http_head_parse(&head, text, len, &why, &err))
		judge(&head);
	else
		ensure(why < HTTP_REFUSALS && err.message[0] != '\0');
	free(text);
	return 0;
}
