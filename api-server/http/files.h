#ifndef API_SERVER_HTTP_FILES_H
#define API_SERVER_HTTP_FILES_H

#include <stdbool.h>

#include "common/base/attr.h"
#include "common/base/error.h"
#include "common/base/str.h"

struct body;

/*
 * The files of a directory, held in memory: only what was loaded can be asked
 * for, so no path leads anywhere else. Regular files with a known extension,
 * hidden ones and symbolic links left out, 16 MiB together.
 */
struct files;

struct files *files_new(void) MUST_CHECK;
void files_free(struct files **f);

/* Reads dir anew: what has not changed on disk since is kept as it is, with its
 * compressed form. On false what was there before stays. */
bool files_load(struct files *f, const char *dir, struct error *err) MUST_CHECK;
/* "/app.js"; "/" is "/index.html". NULL: there is no such file. Borrowed. */
struct body *files_find(const struct files *f, struct str path);

#endif
