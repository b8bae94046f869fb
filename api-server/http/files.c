/* Loading a directory of small files, and finding them by path. */
#include "api-server/http/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "api-server/http/body.h"
#include "common/base/log.h"
#include "common/base/mem.h"

#define TOTAL_MAX ((size_t)16 * 1024 * 1024)
#define DEPTH_MAX 6

static const struct {
	const char *extension;
	const char *content_type;
} types[] = {
	{ ".html", "text/html; charset=utf-8" },
	{ ".css", "text/css; charset=utf-8" },
	{ ".js", "text/javascript; charset=utf-8" },
	{ ".mjs", "text/javascript; charset=utf-8" },
	{ ".json", "application/json" },
	{ ".svg", "image/svg+xml" },
	{ ".png", "image/png" },
	{ ".ico", "image/x-icon" },
	{ ".woff2", "font/woff2" },
};

/* What of a file is another when its content may be. */
struct stamp {
	dev_t device;
	ino_t inode;
	off_t size;
	struct timespec changed;
	bool settled; /* not so new that it could change within its time */
};

struct file {
	char *path; /* "/vendor/echarts.js" */
	struct stamp stamp;
	struct body *body;
};

struct files {
	struct file *sorted; /* by path, for bsearch() */
	size_t count;
	size_t total;
	const struct files *old; /* while loading: what may be kept */
	size_t read;             /* of count, the others were kept */
};

static bool load_dir(struct files *f, const char *dir, const char *path,
                     int depth, struct error *err);

struct files *files_new(void)
{
	return xcalloc(1, sizeof(struct files));
}

static void files_clear(struct files *f)
{
	for (size_t i = 0; i < f->count; i++) {
		body_unref(&f->sorted[i].body);
		free(f->sorted[i].path);
	}
	free(f->sorted);
	*f = (struct files){ 0 };
}

void files_free(struct files **f)
{
	if (*f == NULL)
		return;
	files_clear(*f);
	free(*f);
	*f = NULL;
}

static int file_compare(const void *a, const void *b)
{
	const struct file *x = a;
	const struct file *y = b;

	return strcmp(x->path, y->path);
}

bool files_load(struct files *f, const char *dir, struct error *err)
{
	struct files fresh = { .old = f };

	if (!load_dir(&fresh, dir, "", 0, err)) {
		files_clear(&fresh);
		return false;
	}
	if (fresh.count > 0)
		qsort(fresh.sorted, fresh.count, sizeof(struct file),
		      file_compare);
	const bool changed = fresh.read > 0 || fresh.count != f->count;
	files_clear(f);
	fresh.old = NULL;
	*f = fresh;
	if (changed)
		log_info("page loaded", log_str("directory", dir),
		         log_int("files", (int64_t)f->count),
		         log_int("bytes", (int64_t)f->total));
	return true;
}

static int path_compare(const void *key, const void *element)
{
	const struct str *path = key;
	const struct file *file = element;
	const int order = strncmp(path->p, file->path, path->n);

	return order != 0 ? order : -(file->path[path->n] != '\0');
}

static const struct file *find(const struct files *f, struct str path)
{
	return f->count > 0 ? bsearch(&path, f->sorted, f->count,
	                              sizeof(struct file), path_compare)
	                    : NULL;
}

struct body *files_find(const struct files *f, struct str path)
{
	const struct file *file =
		find(f, str_is(path, "/") ? STR_LIT("/index.html") : path);

	return file != NULL ? file->body : NULL;
}

static const char *content_type_of(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		if (str_ends(str_of(name), types[i].extension))
			return types[i].content_type;
	}
	return NULL;
}

/* A kernel's clock for files stands still for some milliseconds at a time. */
static struct stamp stamp_of(const struct stat *st)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	return (struct stamp){ .device = st->st_dev,
		               .inode = st->st_ino,
		               .size = st->st_size,
		               .changed = st->st_ctim,
		               .settled = now.tv_sec - st->st_ctim.tv_sec > 1 };
}

static bool stamps_equal(const struct stamp *a, const struct stamp *b)
{
	return a->settled && a->device == b->device && a->inode == b->inode &&
	       a->size == b->size && a->changed.tv_sec == b->changed.tv_sec &&
	       a->changed.tv_nsec == b->changed.tv_nsec;
}

/* Takes the body over. */
static void files_add(struct files *f, const char *path, struct stamp stamp,
                      struct body *body)
{
	f->sorted = xreallocarray(f->sorted, f->count + 1, sizeof(struct file));
	f->sorted[f->count++] = (struct file){ xstrdup(path), stamp, body };
	f->total += body->len;
}

/* What was loaded before, if it is the same on disk. */
static bool keep_file(struct files *f, const char *path, struct stamp stamp)
{
	const struct file *old = find(f->old, str_of(path));

	if (old == NULL || !stamps_equal(&old->stamp, &stamp) ||
	    old->body->len > TOTAL_MAX - f->total)
		return false;
	files_add(f, path, old->stamp, body_ref(old->body));
	return true;
}

static struct body *page_body(const char *path, const char *data, size_t len)
{
	struct body *body = body_new(content_type_of(path), data, len);

	body->cache_control = "no-cache";
	body->resident = true;
	body_tag(body, NULL);
	body_compress(body);
	return body;
}

/* True with what was read, which may be less than size: the file shrank. */
static bool read_all(int fd, char *data, size_t size, size_t *len_r)
{
	size_t len = 0;

	while (len < size) {
		const ssize_t n = read(fd, data + len, size - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	*len_r = len;
	return true;
}

static bool load_file(struct files *f, const char *full, const char *path,
                      struct stamp stamp, struct error *err)
{
	const int fd = open(full, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	const size_t size = (size_t)stamp.size;
	size_t len;

	if (fd < 0)
		return error_set(err, "cannot open %s: %s", full,
		                 strerror(errno));
	if (size > TOTAL_MAX - f->total) {
		close(fd);
		return error_set(err, "the page is larger than %zu bytes at %s",
		                 TOTAL_MAX, full);
	}

	char *data = xmalloc(size + 1);
	const bool ok = read_all(fd, data, size, &len);
	if (ok) {
		files_add(f, path, stamp, page_body(path, data, len));
		f->read++;
	} else {
		error_set(err, "cannot read %s: %s", full, strerror(errno));
	}
	free(data);
	close(fd);
	return ok;
}

static bool load_entry(struct files *f, const char *full, const char *path,
                       int depth, struct error *err)
{
	struct stat st;

	if (lstat(full, &st) != 0)
		return error_set(err, "cannot read %s: %s", full,
		                 strerror(errno));
	if (S_ISDIR(st.st_mode))
		return load_dir(f, full, path, depth + 1, err);
	if (!S_ISREG(st.st_mode) || content_type_of(path) == NULL)
		return true;
	return keep_file(f, path, stamp_of(&st)) ||
	       load_file(f, full, path, stamp_of(&st), err);
}

static bool load_dir(struct files *f, const char *dir, const char *path,
                     int depth, struct error *err)
{
	DIR *d = depth <= DEPTH_MAX ? opendir(dir) : NULL;
	const struct dirent *entry;
	bool ok = true;

	if (d == NULL)
		return error_set(err, "cannot read the directory %s: %s", dir,
		                 depth <= DEPTH_MAX ? strerror(errno)
		                                    : "it is too deep");
	while (ok && (entry = readdir(d)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		char *full = xasprintf("%s/%s", dir, entry->d_name);
		char *below = xasprintf("%s/%s", path, entry->d_name);
		ok = load_entry(f, full, below, depth, err);
		free(full);
		free(below);
	}
	closedir(d);
	return ok;
}
