/*
 * libcsv, strict, fed one physical line at a time: a record can only end where
 * a line ends, so that each line gives at most one record and its place is
 * known. libcsv stops at the first byte that RFC 4180 does not allow; the
 * record is then damaged, and reading starts afresh with the line after the
 * one that holds the beginning of the damaged field. So a quote that is never
 * closed costs its own line and not the rows up to the next quote.
 */
#include "api-server/import/csv.h"

#include <csv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/base/buf.h"
#include "common/base/mem.h"

#define BLOCK_SIZE ((size_t)16 * 1024)

/* Where a line has several of them, the first one here separates. */
static const char separators[] = { ',', ';', '\t' };

/* A physical line. */
struct line {
	size_t begin;
	size_t end; /* behind its line end */
	int number;
};

struct csv_reader {
	struct csv_parser parser;
	struct str text;
	char separator;
	struct csv_limits limits;
	struct line next;
	struct line record; /* on which the record began */
	struct line field;  /* on which its last field began */

	/* The record so far. */
	bool complete;
	bool field_too_long;
	size_t count;
	struct buf bytes; /* of its fields, each with a NUL behind it */
	size_t ends[CSV_FIELDS_MAX];
	struct str fields[CSV_FIELDS_MAX];
	char damage[128];
};

static bool is_line_end(char c)
{
	return c == '\r' || c == '\n';
}

static struct line line_at(const struct str *text, size_t begin, int number)
{
	size_t end = begin;

	while (end < text->n && !is_line_end(text->p[end]))
		end++;
	if (end < text->n) {
		end++;
		if (text->p[end - 1] == '\r' && end < text->n &&
		    text->p[end] == '\n')
			end++;
	}
	return (struct line){ begin, end, number };
}

static void go_behind(struct csv_reader *r, const struct line *line)
{
	r->next = line_at(&r->text, line->end, line->number + 1);
}

/* A blank is part of its field: libcsv would trim it. */
static int no_blank(unsigned char c)
{
	(void)c;
	return 0;
}

static void parser_init(struct csv_parser *parser, char separator)
{
	ensure(csv_init(parser, CSV_STRICT | CSV_STRICT_FINI) == 0);
	csv_set_delim(parser, (unsigned char)separator);
	csv_set_space_func(parser, no_blank);
	csv_set_realloc_func(parser, xrealloc);
	csv_set_blk_size(parser, BLOCK_SIZE);
}

/* Its place among the separators, or NULL. */
static const char *as_separator(char c)
{
	return memchr(separators, c, sizeof(separators));
}

/* "sep=;", which spreadsheets write and read. */
static bool read_sep_line(struct csv_reader *r)
{
	static const char sep[] = "sep=";
	const size_t n = sizeof(sep) - 1;
	const struct str text = r->text;

	if (text.n <= n || strncasecmp(text.p, sep, n) != 0 ||
	    as_separator(text.p[n]) == NULL ||
	    (text.n > n + 1 && !is_line_end(text.p[n + 1])))
		return false;
	r->separator = text.p[n];
	go_behind(r, &r->next);
	return true;
}

/* By the first line that has any outside quotes. */
static char find_separator(struct str text)
{
	const char *found = NULL;
	bool quoted = false;

	for (size_t i = 0; i < text.n; i++) {
		const char c = text.p[i];
		const char *at = as_separator(c);

		if (is_line_end(c) && found != NULL)
			break;
		if (is_line_end(c))
			quoted = false;
		else if (c == '"')
			quoted = !quoted;
		else if (at != NULL && !quoted && (found == NULL || at < found))
			found = at;
	}
	if (found == NULL)
		found = separators;
	return *found;
}

struct csv_reader *csv_reader_new(struct str text, struct csv_limits limits)
{
	struct csv_reader *r = xcalloc(1, sizeof(*r));

	if (str_starts(text, "\xef\xbb\xbf")) {
		text.p += 3;
		text.n -= 3;
	}
	r->text = text;
	r->limits = limits;
	r->next = line_at(&r->text, 0, 1);
	buf_init(&r->bytes, (size_t)limits.record_bytes_max + CSV_FIELDS_MAX);
	if (!read_sep_line(r))
		r->separator = find_separator(r->text);
	parser_init(&r->parser, r->separator);
	return r;
}

void csv_reader_free(struct csv_reader **r)
{
	if (*r == NULL)
		return;
	csv_free(&(*r)->parser);
	buf_deinit(&(*r)->bytes);
	free(*r);
	*r = NULL;
}

static void add_field(struct csv_reader *r, const char *bytes, size_t len)
{
	if ((int64_t)len > r->limits.field_bytes_max) {
		r->field_too_long = true;
	} else if (r->count < CSV_FIELDS_MAX) {
		buf_add(&r->bytes, bytes, len);
		r->ends[r->count] = r->bytes.len;
		buf_add_char(&r->bytes, '\0');
	}
	r->count++;
}

static void field_cb(void *bytes, size_t len, void *arg)
{
	struct csv_reader *r = arg;

	add_field(r, bytes, len);
}

static void record_cb(int line_end, void *arg)
{
	struct csv_reader *r = arg;

	(void)line_end;
	r->complete = true;
}

static bool at_end(const struct csv_reader *r)
{
	return r->next.begin == r->text.n;
}

static void skip_blank_lines(struct csv_reader *r)
{
	while (!at_end(r) && is_line_end(r->text.p[r->next.begin]))
		go_behind(r, &r->next);
}

static void begin_record(struct csv_reader *r)
{
	r->record = r->next;
	r->field = r->next;
	r->complete = false;
	r->field_too_long = false;
	r->count = 0;
	r->damage[0] = '\0';
	buf_reset(&r->bytes);
}

/* False when it holds a byte that may not be there. */
static bool feed_line(struct csv_reader *r)
{
	const size_t len = r->next.end - r->next.begin;
	const size_t count = r->count;
	const size_t fed = csv_parse(&r->parser, r->text.p + r->next.begin, len,
	                             field_cb, record_cb, r);

	if (r->count != count)
		r->field = r->next;
	return fed == len;
}

static struct str raw_record(const struct csv_reader *r, size_t end)
{
	struct str raw = { r->text.p + r->record.begin, end - r->record.begin };

	while (raw.n > 0 && is_line_end(raw.p[raw.n - 1]))
		raw.n--;
	return raw;
}

/* After a record that libcsv took: does it keep the limits? */
static void check_limits(struct csv_reader *r, size_t raw_len)
{
	if (r->field_too_long)
		(void)snprintf(r->damage, sizeof(r->damage),
		               "a field is longer than %lld bytes",
		               (long long)r->limits.field_bytes_max);
	else if ((int64_t)raw_len > r->limits.record_bytes_max)
		(void)snprintf(r->damage, sizeof(r->damage),
		               "it is longer than %lld bytes",
		               (long long)r->limits.record_bytes_max);
	else if (r->count > CSV_FIELDS_MAX)
		(void)snprintf(r->damage, sizeof(r->damage),
		               "it has more than %d fields", CSV_FIELDS_MAX);
}

static void point_to_fields(struct csv_reader *r)
{
	size_t begin = 0;

	ensure(!buf_overflowed(&r->bytes));
	for (size_t i = 0; i < r->count; i++) {
		r->fields[i] = (struct str){ r->bytes.data + begin,
			                     r->ends[i] - begin };
		begin = r->ends[i] + 1;
	}
}

static enum csv_result deliver(struct csv_reader *r, size_t end,
                               struct csv_record *record_r)
{
	*record_r = (struct csv_record){ .line = r->record.number,
		                         .raw = raw_record(r, end) };
	if (r->complete)
		check_limits(r, record_r->raw.n);
	if (r->damage[0] != '\0') {
		record_r->damage = r->damage;
	} else {
		point_to_fields(r);
		record_r->fields = r->fields;
		record_r->count = r->count;
	}
	return CSV_RECORD;
}

static enum csv_result deliver_damaged(struct csv_reader *r,
                                       struct csv_record *record_r)
{
	(void)snprintf(
		r->damage, sizeof(r->damage),
		r->parser.quoted
			? "there is text behind a closing quote on line "
			  "%d; a quote inside a field is written twice"
			: "there is a quote in a field without quotes on "
			  "line %d; such a field is put in quotes",
		r->next.number);
	r->complete = false;
	csv_free(&r->parser);
	parser_init(&r->parser, r->separator);
	go_behind(r, &r->field);
	return deliver(r, r->field.end, record_r);
}

/* The text ends within a record: it has no final newline, or an open quote. */
static enum csv_result deliver_last(struct csv_reader *r,
                                    struct csv_record *record_r)
{
	if (csv_fini(&r->parser, field_cb, record_cb, r) == 0) {
		const enum csv_result result = deliver(r, r->text.n, record_r);

		record_r->unended = true;
		return result;
	}
	*record_r = (struct csv_record){
		.line = r->field.number,
		.raw = raw_record(r, r->text.n),
	};
	return CSV_UNCLOSED;
}

static enum csv_result read_record(struct csv_reader *r,
                                   struct csv_record *record_r)
{
	skip_blank_lines(r);
	if (at_end(r)) {
		*record_r = (struct csv_record){ .line = r->next.number };
		return CSV_END;
	}
	begin_record(r);
	while (!r->complete) {
		if (at_end(r))
			return deliver_last(r, record_r);
		if (!feed_line(r))
			return deliver_damaged(r, record_r);
		go_behind(r, &r->next);
	}
	return deliver(r, r->next.begin, record_r);
}

static bool is_blank(const struct csv_record *record)
{
	for (size_t i = 0; i < record->count; i++) {
		if (record->fields[i].n > 0)
			return false;
	}
	return record->damage == NULL;
}

enum csv_result csv_reader_next(struct csv_reader *r,
                                struct csv_record *record_r)
{
	enum csv_result result;

	do
		result = read_record(r, record_r);
	while (result == CSV_RECORD && is_blank(record_r));
	return result;
}
