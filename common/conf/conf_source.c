/* Files and environment variables, read with a bound. */
#include "common/conf/conf_source.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool conf_read_file(const char *path, struct buf *out, struct error *err)
{
	char piece[4096];
	size_t got;
	FILE *f = fopen(path, "re");

	if (f == NULL)
		return error_set(err, "cannot open %s: %s", path,
		                 strerror(errno));
	errno = 0;
	while ((got = fread(piece, 1, sizeof(piece), f)) > 0 &&
	       !buf_overflowed(out))
		buf_add(out, piece, got);
	const int failed = ferror(f) ? errno : 0;
	(void)fclose(f);
	if (failed != 0)
		return error_set(err, "cannot read %s: %s", path,
		                 strerror(failed));
	if (buf_overflowed(out))
		return error_set(err, "%s is larger than %zu bytes", path,
		                 out->max);
	return true;
}

static const char *variable(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && value[0] != '\0' ? value : NULL;
}

static void trim_line_ends(struct buf *b)
{
	while (b->len > 0 &&
	       (b->data[b->len - 1] == '\n' || b->data[b->len - 1] == '\r'))
		b->data[--b->len] = '\0';
}

bool conf_read_variable(const char *name, struct buf *out, bool *found_r,
                        struct error *err)
{
	char file_name[128];

	(void)snprintf(file_name, sizeof(file_name), "%s_FILE", name);
	const char *value = variable(name);
	const char *path = variable(file_name);
	*found_r = value != NULL || path != NULL;
	if (value != NULL && path != NULL)
		return error_set(err, "%s and %s are both set; unset one", name,
		                 file_name);
	if (path != NULL) {
		if (!conf_read_file(path, out, err))
			return error_prefix(err, "environment variable %s",
			                    file_name);
		trim_line_ends(out);
	}
	if (value != NULL)
		buf_add_str(out, value);
	if (buf_overflowed(out))
		return error_set(err,
		                 "environment variable %s is longer than %zu "
		                 "bytes",
		                 name, out->max);
	return true;
}
