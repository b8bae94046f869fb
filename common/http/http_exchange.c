/* A request as its user sees it. */
#include "common/http/http_exchange.h"

#include <stdlib.h>

#include "common/base/mem.h"
#include "common/http/http_private.h"

#define FIELDS_MAX 16384

struct http_exchange *exchange_new(struct conn *c)
{
	struct http_exchange *x = xcalloc(1, sizeof(*x));

	x->conn = c;
	x->head.path = STR_LIT("");
	buf_init(&x->fields, FIELDS_MAX);
	return x;
}

void exchange_free(struct http_exchange **x)
{
	struct http_exchange *old = *x;

	if (old == NULL)
		return;
	*x = NULL;
	if (old->end != NULL)
		old->end(old->end_arg);
	body_free(old);
	buf_deinit(&old->fields);
	free(old->text);
	free(old);
}

const struct http_head *http_exchange_head(const struct http_exchange *x)
{
	return &x->head;
}

const char *http_exchange_field(const struct http_exchange *x, const char *name)
{
	return http_head_field(&x->head, name);
}

struct str http_exchange_body(const struct http_exchange *x)
{
	return x->body_len > 0 ? (struct str){ x->body, x->body_len }
	                       : STR_LIT("");
}

void http_exchange_drop_body(struct http_exchange *x)
{
	body_free(x);
}

void http_exchange_set_data(struct http_exchange *x, void *data)
{
	x->data = data;
}

void *http_exchange_data(const struct http_exchange *x)
{
	return x->data;
}

void http_exchange_at_end(struct http_exchange *x, void (*end)(void *arg),
                          void *arg)
{
	ensure(x->end == NULL);
	x->end = end;
	x->end_arg = arg;
}
