/*
 * Forms with files. The body is in memory, so this is a walk from boundary to
 * boundary; nothing is copied but the names of the files.
 */
#include "api-server/import/multipart.h"

#include <string.h>
#include <strings.h>

#define BOUNDARY_MAX     70 /* RFC 2046 */
#define HEADER_BYTES_MAX 8192
#define FILES_MIN        8

static bool eq_nocase(struct str a, const char *b)
{
	return a.n == strlen(b) && strncasecmp(a.p, b, a.n) == 0;
}

static struct str rest_of(struct str s, size_t skip)
{
	return (struct str){ s.p + skip, s.n - skip };
}

static struct str skip_blanks(struct str s)
{
	size_t n = 0;

	while (n < s.n && (s.p[n] == ' ' || s.p[n] == '\t'))
		n++;
	return rest_of(s, n);
}

/* Position of needle, or s.n. */
static size_t find(struct str s, const char *needle, size_t len)
{
	const char *at = s.n >= len ? memmem(s.p, s.n, needle, len) : NULL;

	return at != NULL ? (size_t)(at - s.p) : s.n;
}

/* --- parameters --- */

/* Takes a quoted string from the front of *rest, its escapes left in. */
static bool take_quoted(struct str *rest, struct str *value_r)
{
	for (size_t i = 1; i < rest->n; i++) {
		if (rest->p[i] == '"') {
			*value_r = (struct str){ rest->p + 1, i - 1 };
			*rest = rest_of(*rest, i + 1);
			return true;
		}
		if (rest->p[i] == '\\')
			i++;
	}
	return false;
}

/* A backslash protects a quote only: old browsers send paths with some. */
static struct str unescape(struct arena *arena, struct str s)
{
	char *out = arena_alloc(arena, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\\' && i + 1 < s.n && s.p[i + 1] == '"')
			i++;
		out[n++] = s.p[i];
	}
	return (struct str){ out, n };
}

static struct str take_token(struct str *rest)
{
	size_t n = 0;

	while (n < rest->n && rest->p[n] != ';')
		n++;
	const struct str token = str_trim((struct str){ rest->p, n });
	*rest = rest_of(*rest, n);
	return token;
}

/* Takes `; name=value` from the front of *rest. */
static bool take_param(struct str *rest, struct str *name_r,
                       struct str *value_r)
{
	size_t n = 0;

	*rest = skip_blanks(*rest);
	if (rest->n == 0 || rest->p[0] != ';')
		return false;
	*rest = skip_blanks(rest_of(*rest, 1));
	while (n < rest->n && rest->p[n] != '=' && rest->p[n] != ';')
		n++;
	if (n == rest->n || rest->p[n] != '=')
		return false;
	*name_r = str_trim((struct str){ rest->p, n });
	*rest = skip_blanks(rest_of(*rest, n + 1));
	if (rest->n > 0 && rest->p[0] == '"')
		return take_quoted(rest, value_r);
	*value_r = take_token(rest);
	return true;
}

/* A parameter of a header value (`form-data; name="a"; filename="b"`),
 * unquoted, with a NUL behind it: false when it is not there or broken. */
static bool find_param(struct arena *arena, struct str value, const char *name,
                       struct str *param_r)
{
	struct str rest = value;
	struct str found;

	(void)take_token(&rest);
	while (take_param(&rest, &found, param_r)) {
		if (eq_nocase(found, name)) {
			*param_r = unescape(arena, *param_r);
			return true;
		}
	}
	return false;
}

/* --- parts --- */

/* The value of a header within a part's header block. */
static bool header_value(struct str block, const char *name, struct str *value)
{
	struct str line;

	while (str_cut(&block, '\n', &line)) {
		struct str field;

		if (str_cut(&line, ':', &field) && line.p != NULL &&
		    eq_nocase(str_trim(field), name)) {
			*value = str_trim(line);
			return true;
		}
	}
	return false;
}

struct walk {
	struct arena *arena;
	struct str rest;
	char delimiter[BOUNDARY_MAX + 5]; /* CR LF "--" boundary */
	size_t delimiter_len;
	const struct import_limits *limits;
	struct multipart_form *form;
	size_t capacity; /* of form->files */
	struct upload_problem *problem;
};

static bool broken(const struct walk *w, const char *why)
{
	return upload_problem_set(w->problem, UPLOAD_BAD_MULTIPART, "%s", why);
}

static bool cut_off(const struct walk *w)
{
	return broken(w, "The form ends before its closing boundary: "
	                 "the upload was cut off; send it again");
}

static void add_file(struct walk *w, const struct multipart_file *file)
{
	struct multipart_form *form = w->form;

	if (form->count == w->capacity) {
		const size_t capacity =
			w->capacity > 0 ? 2 * w->capacity : FILES_MIN;
		struct multipart_file *files = arena_regrow(
			w->arena, form->files, w->capacity * sizeof(*files),
			capacity * sizeof(*files));

		if (files == NULL)
			return;
		form->files = files;
		w->capacity = capacity;
	}
	form->files[form->count++] = *file;
}

/* From behind the line of a boundary to the next one. */
static bool read_part(struct walk *w)
{
	const size_t end = find(w->rest, w->delimiter, w->delimiter_len);
	if (end == w->rest.n)
		return cut_off(w);
	const struct str part = { w->rest.p, end };
	w->rest = rest_of(w->rest, end + w->delimiter_len);

	const size_t blank = find(part, "\r\n\r\n", 4);
	if (blank == part.n || blank > HEADER_BYTES_MAX)
		return broken(w, "A part of the form has no blank "
		                 "line behind its headers");
	const struct str headers = { part.p, blank };
	struct str disposition;
	struct str name;
	if (!header_value(headers, "Content-Disposition", &disposition))
		return broken(w, "A part of the form has no "
		                 "Content-Disposition");
	if (!find_param(w->arena, disposition, "filename", &name))
		return true;
	const struct multipart_file file = {
		.name = arena_utf8(w->arena, name.p),
		.content = rest_of(part, blank + 4),
	};
	if (file.name[0] != '\0' || file.content.n > 0)
		add_file(w, &file);
	return true;
}

/* Behind a boundary: "--" ends the form, a line end begins a part. */
static bool at_close(const struct walk *w)
{
	return str_starts(w->rest, "--");
}

static bool skip_line_end(struct walk *w)
{
	w->rest = skip_blanks(w->rest);
	if (w->rest.n < 2)
		return cut_off(w);
	if (!str_starts(w->rest, "\r\n"))
		return broken(w, "The form is broken: a boundary is "
		                 "followed by something else");
	w->rest = rest_of(w->rest, 2);
	return true;
}

static bool read_parts(struct walk *w)
{
	for (int64_t parts = 0; !at_close(w); parts++) {
		if (parts == w->limits->entries_max)
			return upload_problem_set(
				w->problem, UPLOAD_TOO_MANY_ENTRIES,
				"The form has more than %lld parts, the most "
				"that are read",
				(long long)parts);
		/* The line end may be the one before the next boundary. */
		if (!skip_line_end(w) || !read_part(w))
			return false;
		if (arena_overflowed(w->arena))
			return upload_problem_memory(w->problem, w->limits,
			                             NULL);
	}
	return true;
}

static bool set_delimiter(struct walk *w, const char *content_type)
{
	struct str boundary;

	if (!find_param(w->arena, str_of(content_type), "boundary",
	                &boundary) ||
	    boundary.n == 0 || boundary.n > BOUNDARY_MAX ||
	    memchr(boundary.p, '\r', boundary.n) != NULL ||
	    memchr(boundary.p, '\n', boundary.n) != NULL)
		return broken(w, "The Content-Type of the form has no "
		                 "boundary of 1 to 70 characters");
	memcpy(w->delimiter, "\r\n--", 4);
	memcpy(w->delimiter + 4, boundary.p, boundary.n);
	w->delimiter_len = boundary.n + 4;
	return true;
}

/* The first boundary stands at the very front, or behind a preamble. */
static bool skip_preamble(struct walk *w)
{
	const struct str first = { w->delimiter + 2, w->delimiter_len - 2 };

	if (w->rest.n >= first.n && memcmp(w->rest.p, first.p, first.n) == 0) {
		w->rest = rest_of(w->rest, first.n);
		return true;
	}
	const size_t at = find(w->rest, w->delimiter, w->delimiter_len);
	if (at == w->rest.n)
		return broken(w, "The boundary that the Content-Type "
		                 "names is not in the form");
	w->rest = rest_of(w->rest, at + w->delimiter_len);
	return true;
}

bool multipart_read(struct arena *arena, const char *content_type,
                    struct str body, const struct import_limits *limits,
                    struct multipart_form *form_r,
                    struct upload_problem *problem)
{
	struct walk w = { .arena = arena,
		          .rest = body,
		          .limits = limits,
		          .form = form_r,
		          .problem = problem };

	*form_r = (struct multipart_form){ 0 };
	if (!set_delimiter(&w, content_type) || !skip_preamble(&w) ||
	    !read_parts(&w))
		return false;
	return form_r->count > 0 ||
	       broken(&w, "The form holds no file; send the ZIP in a part that "
	                  "has a file name");
}
