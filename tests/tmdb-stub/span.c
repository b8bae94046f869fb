/* Members of a JSON object as views into its text. */

#include "tests/tmdb-stub/span.h"

#include <stdint.h>
#include <stdlib.h>

#include "common/base/buf.h"

static const char *skip_blank(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\n' || *p == '\t' || *p == '\r'))
		p++;
	return p;
}

static const char *skip_string(const char *p, const char *end)
{
	for (p++; p < end && *p != '"'; p++) {
		if (*p == '\\')
			p++;
	}
	return p < end ? p + 1 : end;
}

static const char *skip_value(const char *p, const char *end)
{
	int depth = 0;

	while (p < end) {
		if (*p == '"') {
			p = skip_string(p, end);
			if (depth == 0)
				return p;
			continue;
		}
		if (depth == 0 && (*p == ',' || *p == '}' || *p == ']'))
			return p;
		if (*p == '{' || *p == '[')
			depth++;
		if ((*p == '}' || *p == ']') && --depth == 0)
			return p + 1;
		p++;
	}
	return end;
}

bool span_begin(struct span_walk *w, struct str text)
{
	w->end = text.p + text.n;
	w->at = skip_blank(text.p, w->end);
	if (w->at >= w->end || *w->at != '{')
		return false;
	w->at++;
	return true;
}

bool span_next(struct span_walk *w, struct str *key_r, struct str *value_r)
{
	const char *start;

	w->at = skip_blank(w->at, w->end);
	if (w->at < w->end && *w->at == ',')
		w->at = skip_blank(w->at + 1, w->end);
	if (w->at >= w->end || *w->at != '"')
		return false;
	start = w->at + 1;
	w->at = skip_string(w->at, w->end);
	*key_r = (struct str){ start, (size_t)(w->at - start - 1) };
	w->at = skip_blank(w->at, w->end);
	if (w->at >= w->end || *w->at != ':')
		return false;
	start = skip_blank(w->at + 1, w->end);
	w->at = skip_value(start, w->end);
	*value_r = (struct str){ start, (size_t)(w->at - start) };
	return true;
}

struct str span_get(struct str text, const char *key)
{
	struct span_walk w;
	struct str name;
	struct str value;

	if (!span_begin(&w, text))
		return (struct str){ NULL, 0 };
	while (span_next(&w, &name, &value)) {
		if (str_is(name, key))
			return value;
	}
	return (struct str){ NULL, 0 };
}

static void add_utf8(struct buf *b, unsigned code)
{
	if (code < 0x80) {
		buf_add_char(b, (char)code);
	} else if (code < 0x800) {
		buf_add_char(b, (char)(0xc0 | code >> 6));
		buf_add_char(b, (char)(0x80 | (code & 0x3f)));
	} else if (code < 0x10000) {
		buf_add_char(b, (char)(0xe0 | code >> 12));
		buf_add_char(b, (char)(0x80 | (code >> 6 & 0x3f)));
		buf_add_char(b, (char)(0x80 | (code & 0x3f)));
	} else {
		buf_add_char(b, (char)(0xf0 | code >> 18));
		buf_add_char(b, (char)(0x80 | (code >> 12 & 0x3f)));
		buf_add_char(b, (char)(0x80 | (code >> 6 & 0x3f)));
		buf_add_char(b, (char)(0x80 | (code & 0x3f)));
	}
}

static unsigned hex4(const char *p)
{
	char digits[5] = { p[0], p[1], p[2], p[3], 0 };

	return (unsigned)strtoul(digits, NULL, 16);
}

/* p is behind "\u"; returns how many characters were used. */
static size_t add_escaped(struct buf *b, const char *p, const char *end)
{
	unsigned code = hex4(p);

	if (code >= 0xd800 && code < 0xdc00 && end - p >= 10) {
		unsigned low = hex4(p + 6);

		add_utf8(b, 0x10000 + ((code - 0xd800) << 10) + low - 0xdc00);
		return 10;
	}
	add_utf8(b, code);
	return 4;
}

char *span_string(struct str value)
{
	static const char names[] = "nrtbf";
	static const char bytes[] = "\n\r\t\b\f";
	const char *p;
	const char *end;
	struct buf b;

	if (value.p == NULL || value.n < 2 || value.p[0] != '"')
		return NULL;
	p = value.p + 1;
	end = value.p + value.n - 1;
	buf_init(&b, value.n);
	while (p < end) {
		const char *name;

		if (*p != '\\') {
			buf_add_char(&b, *p++);
			continue;
		}
		p++;
		if (*p == 'u') {
			p += 1 + add_escaped(&b, p + 1, end);
			continue;
		}
		name = strchr(names, *p);
		buf_add_char(&b,
		             (char)(name != NULL ? bytes[name - names] : *p));
		p++;
	}
	return buf_steal(&b);
}

double span_number(struct str value)
{
	return value.p == NULL ? 0 : strtod(value.p, NULL);
}
