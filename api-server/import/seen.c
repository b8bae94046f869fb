/* A set of strings with a count: the balanced tree of <search.h>. */
#include "api-server/import/seen.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"

struct node {
	struct seen_key key;
	char text[];
};

struct seen {
	void *root;
};

struct seen *seen_new(void)
{
	return xcalloc(1, sizeof(struct seen));
}

void seen_free(struct seen **s)
{
	if (*s == NULL)
		return;
	tdestroy((*s)->root, free);
	free(*s);
	*s = NULL;
}

static int compare_cb(const void *a, const void *b)
{
	const struct node *x = a;
	const struct node *y = b;

	return strcmp(x->text, y->text);
}

static struct node *node_new(const char *text, struct seen_key key)
{
	const size_t len = strlen(text);
	struct node *node = xcalloc(1, sizeof(*node) + len + 1);

	node->key = key;
	memcpy(node->text, text, len);
	return node;
}

struct seen_key seen_add(struct seen *s, const char *key, const char *file,
                         int line)
{
	struct node *mine = node_new(key, (struct seen_key){ file, line, 0 });
	struct node **found = tsearch(mine, &s->root, compare_cb);

	ensure(found != NULL);
	const struct seen_key before = (*found)->key;
	(*found)->key.count++;
	if (*found != mine)
		free(mine);
	return before;
}
